#include "checkpoint/layout/message.h"

#include "checkpoint/layout/block.h"
#include "checkpoint/layout/dense.h"

#include <stdio.h>
#include <string.h>

static int refuse(const struct layout *layout, const struct message_object *object, const char *wrong,
                  struct error *err)
{
    const struct layout_object *of = &layout->objects[object->number];
    return block_refuse(layout, of->path, of->header, wrong, err);
}

/* A datatype: its width; the rest is compared, as it stands, with what is expected. */
static bool read_type(struct cursor body, struct layout_form *form)
{
    form->type = body.at;
    form->type_bytes = body.left;
    cursor_take(&body, 4); /* class, version, bits */
    form->width = cursor_number(&body, 4);
    return !body.failed && form->width > 0;
}

/* A dataspace of version 2: one value, or so many by so many. */
static bool read_space(struct cursor body, struct layout_form *form)
{
    enum { WITH_MAXIMUM = 1, SCALAR = 0, SIMPLE = 1 };
    uint64_t version = cursor_number(&body, 1), rank = cursor_number(&body, 1),
             flags = cursor_number(&body, 1), kind = cursor_number(&body, 1);
    if (body.failed || version != 2 || rank > LAYOUT_RANK_MOST || flags > WITH_MAXIMUM ||
        kind != (rank == 0 ? SCALAR : SIMPLE) || (rank == 0 && flags != 0))
        return false;
    form->rank = (int)rank;
    form->count = 1;
    bool fits = true;
    for (int d = 0; d < form->rank; d++) {
        form->length[d] = cursor_number(&body, 8);
        fits = !__builtin_mul_overflow(form->count, form->length[d], &form->count) && fits;
    }
    for (int d = 0; d < form->rank && flags == WITH_MAXIMUM; d++)
        fits = cursor_number(&body, 8) == form->length[d] && fits;
    return !body.failed && body.left == 0 && fits;
}

static bool measure(struct layout_form *form)
{
    return !__builtin_mul_overflow(form->count, form->width, &form->count_bytes);
}

/* Where a dataset's bytes stand: in one piece. */
static bool read_place(struct cursor body, struct message_object *object)
{
    enum { CONTIGUOUS = 1 };
    uint64_t version = cursor_number(&body, 1), kind = cursor_number(&body, 1);
    object->offset = cursor_number(&body, 8);
    object->count_bytes = cursor_number(&body, 8);
    return !body.failed && body.left == 0 && (version == 3 || version == 4) && kind == CONTIGUOUS;
}

/* A text that ends with its zero byte. */
static const char *read_name(struct cursor *body, uint64_t bytes)
{
    struct cursor name = cursor_take(body, bytes);
    return name.left > 1 && memchr(name.at, 0, name.left) == name.at + name.left - 1 ? (const char *)name.at
                                                                                     : NULL;
}

static int read_attribute(struct layout *layout, const struct message_object *object, struct cursor body,
                          struct error *err)
{
    struct layout_attribute attribute = {.object = object->number};
    uint64_t version = cursor_number(&body, 1), flags = cursor_number(&body, 1),
             name_bytes = cursor_number(&body, 2), type_bytes = cursor_number(&body, 2),
             space_bytes = cursor_number(&body, 2);
    cursor_number(&body, 1); /* in which letters the name is written */
    attribute.name = read_name(&body, name_bytes);
    struct cursor type = cursor_take(&body, type_bytes), space = cursor_take(&body, space_bytes);
    if (body.failed || version != 3 || flags != 0 || attribute.name == NULL ||
        !read_type(type, &attribute.form) || !read_space(space, &attribute.form) ||
        !measure(&attribute.form) || attribute.form.count_bytes != body.left)
        return refuse(layout, object, "has an attribute that arete does not write", err);
    if (layout_attribute(layout, &layout->objects[object->number], attribute.name) != NULL)
        return refuse(layout, object, "has an attribute twice", err);
    if (layout->n_attributes == LAYOUT_ATTRIBUTES_MOST)
        return refuse(layout, object, "has more attributes than arete writes", err);
    attribute.values = body.at;
    layout->attributes[layout->n_attributes++] = attribute;
    return 0;
}

/* One level of groups: the root's members, and theirs. */
static int add_object(struct layout *layout, const struct message_object *group, struct cursor name,
                      uint64_t header, struct error *err)
{
    const char *parent = layout->objects[group->number].path;
    bool of_root = group->number == 0;
    if (layout->n_objects == LAYOUT_OBJECTS_MOST)
        return refuse(layout, group, "has more members than arete writes", err);
    struct layout_object object = {.header = header};
    int length = snprintf(object.path, sizeof object.path, "%s/%.*s", of_root ? "" : parent, (int)name.left,
                          (const char *)name.at);
    bool named = name.left > 0 && name.left < sizeof object.path && length < (int)sizeof object.path &&
                 memchr(name.at, '/', name.left) == NULL && memchr(name.at, 0, name.left) == NULL;
    if (!named || (!of_root && strchr(parent + 1, '/') != NULL) || layout_find(layout, object.path) != NULL)
        return refuse(layout, group, "has a member that arete does not write", err);
    layout->objects[layout->n_objects++] = object;
    return 0;
}

static int read_link(struct layout *layout, const struct message_object *object, struct cursor body,
                     struct error *err)
{
    enum { LENGTH_SIZE = 3, WITH_KIND = 8, WITH_LETTERS = 16, HARD = 0 };
    uint64_t version = cursor_number(&body, 1), flags = cursor_number(&body, 1);
    uint64_t kind = (flags & WITH_KIND) != 0 ? cursor_number(&body, 1) : HARD;
    if ((flags & WITH_LETTERS) != 0)
        cursor_number(&body, 1);
    uint64_t length = cursor_number(&body, (size_t)1 << (flags & LENGTH_SIZE));
    struct cursor name = cursor_take(&body, length);
    if (!body.failed && kind != HARD)
        return refuse(layout, object, "has a link that leads elsewhere", err);
    uint64_t header = cursor_number(&body, 8);
    if (body.failed || body.left != 0 || version != 1 ||
        (flags & ~(uint64_t)(LENGTH_SIZE | WITH_KIND | WITH_LETTERS)) != 0)
        return refuse(layout, object, "has a link that arete does not write", err);
    return add_object(layout, object, name, header, err);
}

/* Members or attributes that do not stand in the header, because they are many or large. */
static int read_elsewhere(struct layout *layout, struct message_object *object, enum message_type kind,
                          struct cursor body, struct error *err)
{
    uint64_t version = cursor_number(&body, 1), flags = cursor_number(&body, 1);
    uint64_t heap = cursor_number(&body, 8), names = cursor_number(&body, 8);
    if (body.failed || body.left != 0 || version != 0 || flags != 0)
        return refuse(layout, object, "keeps an order that arete does not write", err);
    return heap == BLOCK_NOWHERE ? 0 : dense_read(layout, object, kind, heap, names, err);
}

/* What is told once of a dataset. */
static int read_once(const struct layout *layout, const struct message_object *object, bool *has, bool right,
                     struct error *err)
{
    if (*has || !right)
        return refuse(layout, object, *has ? "says twice what it is" : "is not as arete writes it", err);
    *has = true;
    return 0;
}

int message_read(struct layout *layout, struct message_object *object, unsigned type, struct cursor body,
                 struct error *err)
{
    char wrong[64];
    switch ((enum message_type)type) {
    case MESSAGE_NIL:
    case MESSAGE_FILL_VALUE: /* all bytes are there: nothing is filled */
    case MESSAGE_GROUP_INFO:
        return 0;
    case MESSAGE_SPACE:
        return read_once(layout, object, &object->has_space, read_space(body, &object->form), err);
    case MESSAGE_TYPE:
        return read_once(layout, object, &object->has_type, read_type(body, &object->form), err);
    case MESSAGE_PLACE:
        return read_once(layout, object, &object->has_place, read_place(body, object), err);
    case MESSAGE_LINK_INFO:
        object->is_group = true;
        return read_elsewhere(layout, object, MESSAGE_LINK, body, err);
    case MESSAGE_ATTRIBUTE_INFO:
        return read_elsewhere(layout, object, MESSAGE_ATTRIBUTE, body, err);
    case MESSAGE_LINK:
        return read_link(layout, object, body, err);
    case MESSAGE_ATTRIBUTE:
        return read_attribute(layout, object, body, err);
    case MESSAGE_CONTINUATION: /* of a header, which reads it itself; nowhere else */
        break;
    }
    snprintf(wrong, sizeof wrong, "has a message of type %u, which arete does not write", type);
    return refuse(layout, object, wrong, err);
}
