#include "checkpoint/schema_write.h"

#include "base/durable.h"
#include "checkpoint/schema_pack.h"

/* Of this schema's format alone: HDF5 keeps the root's attributes at the beginning of the file. */
static struct replace_kind kind_of(const struct schema *schema)
{
    return (struct replace_kind){schema->a_file, "\211HDF\r\n\032\n", 8, schema->format, true};
}

int schema_write_check(const char *path, const struct schema *schema, struct error *err)
{
    const struct replace_kind kind = kind_of(schema);
    return replace_check(path, &kind, err);
}

static int write_values(const struct schema *schema, const void *record,
                        const struct schema_structure *structure, const struct replace *replace,
                        struct error *err)
{
    int code = 0;
    for (int k = 0; code == 0 && k < schema->n_fields; k++) {
        const struct schema_field *field = &schema->fields[k];
        if (field->attribute != NULL || field->storage == SCHEMA_APART ||
            !schema_is_written(schema, record, field))
            continue;
        struct packed packed;
        code = pack_make(&packed, field, record, structure->length, err);
        if (code == 0)
            code = durable_write(replace->descriptor, replace->path, packed.bytes, packed.count_bytes,
                                 structure->offset[k], err);
        pack_free(&packed);
    }
    return code;
}

static int write_file(const struct schema *schema, const void *record, const struct schema_rest *rest,
                      const struct replace *replace, struct error *err)
{
    struct schema_structure structure;
    int code = schema_structure_make(&structure, schema, record, replace, err);
    if (code == 0)
        code = write_values(schema, record, &structure, replace, err);
    return code == 0 && rest != NULL ? rest->write(rest->context, &structure, replace, err) : code;
}

int schema_write(const char *path, const struct schema *schema, const void *record,
                 const struct schema_rest *rest, struct error *err)
{
    struct replace replace;
    const struct replace_kind kind = kind_of(schema);
    int code = replace_open(&replace, path, &kind, err);
    if (code != 0)
        return code;
    code = write_file(schema, record, rest, &replace, err);
    if (code == 0)
        return replace_finish(&replace, err);
    replace_abandon(&replace);
    return code;
}
