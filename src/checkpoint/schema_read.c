#include "checkpoint/schema_read.h"

#include "base/durable.h"
#include "base/memory.h"
#include "checkpoint/catalog.h"
#include "checkpoint/crc32c.h"
#include "checkpoint/schema_pack.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int read_values(void *record, const struct schema_field *field, const struct dataset_place *place,
                       int descriptor, const char *path, struct error *err)
{
    void *bytes = memory_aligned(place->count_bytes, 1, field->path, err);
    if (bytes == NULL)
        return err->code;
    int code = durable_read(descriptor, path, bytes, place->count_bytes, place->offset, err);
    if (code == 0 && !crc32c_is(bytes, place->count_bytes, place->crc))
        code = error_set(err, EXIT_CODE_FAILED, "%s: %s is damaged: CRC-32C %08x found; expected %08x", path,
                         field->path, crc32c_of(bytes, place->count_bytes), place->crc);
    if (code != 0) {
        free(bytes);
        return code;
    }
    return pack_restore(record, field, place->count, place->width, bytes, err);
}

/* `only`: the number of a dataset; -1: all. */
static int read_file(void *record, const struct schema *schema, const char *path, int only, struct error *err)
{
    struct catalog catalog;
    int descriptor;
    int code = catalog_open(&catalog, &descriptor, record, schema, path, O_RDONLY, err);
    if (code != 0)
        return code;
    for (int k = 0; code == 0 && k < schema->n_fields; k++) {
        const struct schema_field *field = &schema->fields[k];
        if (catalog.has[k] && field->attribute == NULL && field->storage != SCHEMA_APART &&
            (only < 0 || only == k))
            code = read_values(record, field, &catalog.place[k], descriptor, path, err);
    }
    close(descriptor);
    if (code == 0 && only < 0 && schema->check != NULL)
        code = schema->check(record, path, err);
    if (code != 0)
        schema_free(schema, record);
    return code;
}

int schema_read(void *record, const struct schema *schema, const char *path, struct error *err)
{
    return read_file(record, schema, path, -1, err);
}

int schema_read_one(void *record, const struct schema *schema, const char *path, const char *dataset,
                    struct error *err)
{
    return read_file(record, schema, path, schema_find(schema, dataset), err);
}
