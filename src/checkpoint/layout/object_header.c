#include "checkpoint/layout/object_header.h"

#include "base/durable.h"
#include "checkpoint/layout/block.h"
#include "checkpoint/layout/message.h"

enum {
    PREFIX_LEAST = 12, /* bytes: signature, version, flags, the shortest size, checksum */
    PREFIX_MOST = 34,
    CHECKSUM_BYTES = 4,
    MESSAGE_HEADER_BYTES = 4,
    CONTINUATIONS_MOST = 64
};

enum { FLAG_SIZE = 3, FLAG_ATTRIBUTE_LIMITS = 16, FLAG_TIMES = 32 };

/* Further pieces of a header that are still to be read. */
struct continuations {
    struct {
        uint64_t offset, bytes;
    } piece[CONTINUATIONS_MOST];
    size_t count;
};

static int refuse(const struct layout *layout, size_t number, const char *wrong, struct error *err)
{
    const struct layout_object *object = &layout->objects[number];
    return block_refuse(layout, object->path, object->header, wrong, err);
}

/* The first piece says itself how long it is. *messages: what comes after that. */
static int read_first(struct layout *layout, size_t number, struct cursor *messages, struct error *err)
{
    uint8_t bytes[PREFIX_MOST] = {0};
    uint64_t offset = layout->objects[number].header, file = layout->file.bytes;
    if (file < PREFIX_LEAST || offset > file - PREFIX_LEAST)
        return refuse(layout, number, "is not in the file", err);
    size_t there = file - offset < PREFIX_MOST ? (size_t)(file - offset) : PREFIX_MOST;
    if (durable_read(layout->file.descriptor, layout->file.path, bytes, there, offset, err) != 0)
        return err->code;
    struct cursor prefix = {.at = bytes, .left = there};
    cursor_take(&prefix, 4); /* the signature is looked at with the whole */
    uint64_t version = cursor_number(&prefix, 1), flags = cursor_number(&prefix, 1);
    cursor_take(&prefix, (flags & FLAG_TIMES) != 0 ? 16 : 0);
    cursor_take(&prefix, (flags & FLAG_ATTRIBUTE_LIMITS) != 0 ? 4 : 0);
    uint64_t size = cursor_number(&prefix, (size_t)1 << (flags & FLAG_SIZE));
    if (prefix.failed || size > BLOCK_BYTES_MOST)
        return refuse(layout, number, "is longer than the file", err);
    size_t before = there - prefix.left;
    int code = block_read(layout, offset, before + size + CHECKSUM_BYTES, "OHDR", messages, err);
    if (code != 0)
        return code;
    if (version != 2 || (flags & ~(uint64_t)(FLAG_SIZE | FLAG_ATTRIBUTE_LIMITS | FLAG_TIMES)) != 0)
        return refuse(layout, number, "has a header that arete does not write", err);
    cursor_take(messages, before - 4);
    return 0;
}

static int read_messages(struct layout *layout, struct message_object *object, struct cursor messages,
                         struct continuations *more, struct error *err)
{
    enum { SHARED = 2 };
    int code = 0;
    while (code == 0 && messages.left >= MESSAGE_HEADER_BYTES) { /* less is a gap */
        unsigned type = (unsigned)cursor_number(&messages, 1);
        uint64_t bytes = cursor_number(&messages, 2), flags = cursor_number(&messages, 1);
        struct cursor body = cursor_take(&messages, bytes);
        if (messages.failed || (flags & SHARED) != 0)
            return refuse(layout, object->number, "has a message that arete does not write", err);
        if (type != MESSAGE_CONTINUATION) {
            code = message_read(layout, object, type, body, err);
            continue;
        }
        if (more->count == CONTINUATIONS_MOST)
            return refuse(layout, object->number, "is in more pieces than arete writes", err);
        more->piece[more->count].offset = cursor_number(&body, 8);
        more->piece[more->count++].bytes = cursor_number(&body, 8);
        if (body.failed)
            return refuse(layout, object->number, "is not as arete writes it", err);
    }
    return code;
}

/* A group, or a dataset all of whose bytes are there. */
static int finish(struct layout *layout, const struct message_object *found, struct error *err)
{
    struct layout_object *object = &layout->objects[found->number];
    bool is_dataset = found->has_type && found->has_space && found->has_place;
    bool is_nothing_else = !found->has_type && !found->has_space && !found->has_place;
    if (found->is_group ? !is_nothing_else : !is_dataset)
        return refuse(layout, found->number, "is neither a group nor a dataset as arete writes them", err);
    object->is_group = found->is_group;
    if (object->is_group)
        return 0;
    object->form = found->form;
    object->offset = found->offset;
    if (__builtin_mul_overflow(object->form.count, object->form.width, &object->form.count_bytes) ||
        object->form.count_bytes != found->count_bytes)
        return refuse(layout, found->number, "has another size than its shape says", err);
    return found->count_bytes > 0 ? block_claim(layout, found->offset, found->count_bytes, object->path, err)
                                  : 0;
}

int object_header_read(struct layout *layout, size_t number, struct error *err)
{
    struct message_object object = {.number = number};
    struct continuations more = {.count = 0};
    struct cursor messages;
    int code = read_first(layout, number, &messages, err);
    if (code == 0)
        code = read_messages(layout, &object, messages, &more, err);
    for (size_t k = 0; code == 0 && k < more.count; k++) {
        code = block_read(layout, more.piece[k].offset, more.piece[k].bytes, "OCHK", &messages, err);
        if (code == 0)
            code = read_messages(layout, &object, messages, &more, err);
    }
    return code == 0 ? finish(layout, &object, err) : code;
}
