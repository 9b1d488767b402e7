#include "checkpoint/schema_broadcast.h"

#include "base/memory.h"
#include "checkpoint/schema_pack.h"

#include <stdlib.h>
#include <string.h>

/* What is sent before the values. */
struct header {
    uint64_t length[SCHEMA_LENGTHS_MOST];
    uint64_t width[SCHEMA_FIELDS_MOST]; /* of texts */
    uint64_t has[SCHEMA_FIELDS_MOST];   /* 0: the root's pointer is NULL */
};

struct broadcast {
    const struct schema *schema;
    void *record;
    unsigned which;
    const struct schema_processes *processes;
    struct header header;
    struct packed packed[SCHEMA_FIELDS_MOST]; /* the root's */
    void *bytes[SCHEMA_FIELDS_MOST];          /* elsewhere: what is received, until the record takes it */
    size_t count[SCHEMA_FIELDS_MOST];         /* bytes of each field */
};

/* Whether a field takes part and the root has it. */
static bool takes_part(const struct broadcast *broadcast, int k)
{
    return (broadcast->schema->fields[k].broadcast & broadcast->which) != 0 && broadcast->header.has[k] != 0;
}

/* In the root: the header, and texts as bytes. */
static int pack(struct broadcast *broadcast, struct error *err)
{
    const struct schema *schema = broadcast->schema;
    struct header *header = &broadcast->header;
    int code = 0;
    schema_lengths(schema, broadcast->record, header->length);
    for (int k = 0; code == 0 && k < schema->n_fields; k++) {
        const struct schema_field *field = &schema->fields[k];
        header->has[k] = schema_values_const(field, broadcast->record) != NULL;
        if (!takes_part(broadcast, k))
            continue;
        code = pack_make(&broadcast->packed[k], field, broadcast->record, header->length, err);
        header->width[k] = broadcast->packed[k].width;
        broadcast->count[k] = broadcast->packed[k].count_bytes;
    }
    return code;
}

/* Elsewhere: makes room for what is received. */
static int make_room(struct broadcast *broadcast, struct error *err)
{
    const struct schema *schema = broadcast->schema;
    for (int k = 0; k < schema->n_fields; k++) {
        const struct schema_field *field = &schema->fields[k];
        uint64_t count;
        if (!takes_part(broadcast, k))
            continue;
        if (!schema_count(field, broadcast->header.length, &count))
            return error_set(err, EXIT_CODE_FAILED, "a record's field has more values than can be counted");
        broadcast->count[k] = count * schema_value_bytes(field, broadcast->header.width[k]);
        broadcast->bytes[k] = memory_aligned(broadcast->count[k], 1, "what rank 0 tells", err);
        if (broadcast->bytes[k] == NULL)
            return err->code;
    }
    return 0;
}

static int send_values(struct broadcast *broadcast, struct error *err)
{
    const struct schema_processes *processes = broadcast->processes;
    int code = 0;
    for (int k = 0; code == 0 && k < broadcast->schema->n_fields; k++) {
        void *bytes =
            processes->is_root ? (void *)(uintptr_t)broadcast->packed[k].bytes : broadcast->bytes[k];
        if (takes_part(broadcast, k) && broadcast->count[k] > 0)
            code = processes->broadcast(processes->context, bytes, broadcast->count[k], err);
    }
    return code;
}

/* Elsewhere: puts lengths and values into the record, in place of what it had. */
static int keep(struct broadcast *broadcast, struct error *err)
{
    const struct schema *schema = broadcast->schema;
    for (int k = 0; k < schema->n_fields; k++)
        if ((schema->fields[k].broadcast & broadcast->which) != 0)
            schema_release(schema, &schema->fields[k], broadcast->record);
    int code = 0;
    for (int k = 0; code == 0 && k < schema->n_fields; k++) {
        const struct schema_field *field = &schema->fields[k];
        if (!takes_part(broadcast, k))
            continue;
        for (int d = 0; d < field->rank; d++) {
            size_t *place = schema_length_place(schema, broadcast->record, field->shape[d]);
            if (place != NULL)
                *place = broadcast->header.length[field->shape[d]];
        }
        size_t width = broadcast->header.width[k];
        code = pack_restore(broadcast->record, field, broadcast->count[k] / schema_value_bytes(field, width),
                            width, broadcast->bytes[k], err);
        broadcast->bytes[k] = NULL;
    }
    return code;
}

static void release(struct broadcast *broadcast)
{
    for (int k = 0; k < broadcast->schema->n_fields; k++) {
        pack_free(&broadcast->packed[k]);
        free(broadcast->bytes[k]);
    }
}

int schema_broadcast(const struct schema *schema, void *record, unsigned which,
                     const struct schema_processes *processes, struct error *err)
{
    struct broadcast broadcast = {.schema = schema, .record = record, .which = which, .processes = processes};
    bool is_root = processes->is_root;
    if (is_root && err->code == 0)
        pack(&broadcast, err);
    if (processes->outcome(processes->context, err) == 0)
        processes->broadcast(processes->context, &broadcast.header, sizeof broadcast.header, err);
    if (!is_root && err->code == 0)
        make_room(&broadcast, err);
    if (processes->outcome(processes->context, err) == 0)
        send_values(&broadcast, err);
    if (!is_root && err->code == 0)
        keep(&broadcast, err);
    release(&broadcast);
    return processes->outcome(processes->context, err);
}
