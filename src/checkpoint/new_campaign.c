#include "checkpoint/new_campaign.h"

#include "base/durable.h"
#include "base/memory.h"
#include "checkpoint/campaign_schema.h"
#include "checkpoint/schema_write.h"

#include <stdlib.h>

/* What the units of a new file are made from. */
struct new_units {
    const struct schema *schema;
    const struct campaign_units *done;
};

/* Marks every unit as not done. This is written, since reserved space may hold anything. (In a sparse file it
 * is a hole, which reads as zeros.) */
static int write_no_unit_done(const struct replace *replace, size_t n_units, uint64_t offset,
                              struct error *err)
{
    uint32_t *zeros = memory_zeroed(n_units, sizeof *zeros, "the units' CRCs", err);
    if (zeros == NULL)
        return err->code;
    int code = durable_write(replace->descriptor, replace->path, zeros, n_units * sizeof *zeros, offset, err);
    free(zeros);
    return code;
}

static int write_units(void *context, const struct schema_structure *structure, const struct replace *replace,
                       struct error *err)
{
    const struct new_units *units = context;
    struct units_fields fields = units_fields_of(units->schema);
    struct units_offsets offsets = {structure->offset[fields.score], structure->offset[fields.tolerance],
                                    structure->offset[fields.crc]};
    int code = 0;
    if (!units->schema->sparse)
        code = write_no_unit_done(replace, structure->length[CAMPAIGN_UNITS], offsets.crc, err);
    if (code == 0 && units->done != NULL)
        code = units_copy(units->done, replace->descriptor, replace->path, &offsets, err);
    /* what somebody has put in its place meanwhile does not go */
    return code == 0 && units->done != NULL ? campaign_units_check_there(units->done, err) : code;
}

int new_campaign_write(const char *path, const struct schema *schema, const struct campaign *campaign,
                       const struct campaign_units *done, struct error *err)
{
    struct new_units units = {schema, done};
    const struct schema_rest rest = {&units, write_units};
    return schema_write(path, schema, campaign, &rest, err);
}
