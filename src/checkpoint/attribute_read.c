#include "checkpoint/attribute_read.h"

#include "base/memory.h"
#include "checkpoint/stored_type.h"

#include <string.h>

/* The attribute, when it is there with that type and count. `width`: 0 for the file's own. */
static const struct layout_attribute *find(const struct attribute_owner *owner, const char *name,
                                           enum schema_type type, size_t count, struct error *err)
{
    const char *path = owner->layout->file.path, *of = owner->object->path;
    const struct layout_attribute *found = layout_attribute(owner->layout, owner->object, name);
    if (found == NULL)
        error_set(err, EXIT_CODE_FAILED, "%s: attribute %s of %s cannot be read: it is missing", path, name,
                  of);
    else if (!stored_type_is(&found->form, type))
        error_set(err, EXIT_CODE_FAILED, "%s: attribute %s of %s has another type than its format says", path,
                  name, of);
    else if (found->form.count != count)
        error_set(err, EXIT_CODE_FAILED, "%s: attribute %s of %s has %llu values; expected %zu", path, name,
                  of, (unsigned long long)found->form.count, count);
    else
        return found;
    return NULL;
}

int attribute_read_number(const struct attribute_owner *owner, const char *name, enum schema_type type,
                          void *value, struct error *err)
{
    const struct layout_attribute *found = find(owner, name, type, 1, err);
    if (found == NULL)
        return err->code;
    memcpy(value, found->values, found->form.width);
    return 0;
}

char *attribute_read_texts(const struct attribute_owner *owner, const char *name, size_t count, size_t *width,
                           struct error *err)
{
    const struct layout_attribute *found = find(owner, name, SCHEMA_TEXT, count, err);
    if (found == NULL)
        return NULL;
    *width = found->form.width;
    char *texts = memory_zeroed(count + 1, *width, "an attribute", err);
    if (texts != NULL)
        memcpy(texts, found->values, found->form.count_bytes);
    return texts;
}

char *attribute_read_text(const struct attribute_owner *owner, const char *name, struct error *err)
{
    size_t width;
    return attribute_read_texts(owner, name, 1, &width, err);
}
