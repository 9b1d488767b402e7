#include "checkpoint/new_file.h"

#include "base/durable.h"
#include "base/memory.h"
#include "base/replace.h"
#include "checkpoint/metadata.h"
#include "checkpoint/pack.h"
#include "checkpoint/units.h"

#include <stdlib.h>

static int write_static(const struct campaign *campaign, const struct metadata *metadata, int descriptor,
                        const char *path, enum layout_kind kind, struct error *err)
{
    int code = 0;
    for (int id = 0; code == 0 && id < LAYOUT_STATIC; id++) {
        if (!layout_writes(kind, (enum layout_id)id, campaign))
            continue;
        struct packed packed;
        code = pack_make(&packed, layout_dataset((enum layout_id)id), campaign, metadata->length, err);
        if (code == 0)
            code =
                durable_write(descriptor, path, packed.bytes, packed.count_bytes, metadata->offset[id], err);
        pack_free(&packed);
    }
    return code;
}

/* Every unit is "not done": written, not left to what the file system shows of space that was taken. (A
 * part's is a hole, and a hole reads as zeros.) */
static int write_no_unit_done(const struct metadata *metadata, int descriptor, const char *path,
                              struct error *err)
{
    size_t units = metadata->length[LAYOUT_UNITS];
    uint32_t *zeros = memory_zeroed(units, sizeof *zeros, "the units' CRCs", err);
    if (zeros == NULL)
        return err->code;
    int code = durable_write(descriptor, path, zeros, units * sizeof *zeros,
                             metadata->offset[LAYOUT_ID_UNIT_CRC], err);
    free(zeros);
    return code;
}

static int write_file(const struct campaign *campaign, enum layout_kind kind,
                      const struct campaign_units *done, const struct replace *replace, struct error *err)
{
    struct metadata metadata;
    int descriptor = replace->descriptor;
    const char *path = replace->path;
    int code = metadata_make(&metadata, campaign, kind, replace, err);
    if (code == 0)
        code = write_static(campaign, &metadata, descriptor, path, kind, err);
    if (code == 0 && kind == LAYOUT_CAMPAIGN)
        code = write_no_unit_done(&metadata, descriptor, path, err);
    if (code == 0 && done != NULL)
        code = units_copy(done, descriptor, path, metadata.offset[LAYOUT_ID_NULL_SCORE],
                          metadata.offset[LAYOUT_ID_UNIT_CRC], err);
    return code;
}

int new_file_write(const char *path, const struct campaign *campaign, enum layout_kind kind,
                   const struct campaign_units *done, struct error *err)
{
    struct replace replace;
    if (replace_open(&replace, path, err) != 0)
        return err->code;
    if (write_file(campaign, kind, done, &replace, err) == 0)
        return replace_finish(&replace, err);
    replace_abandon(&replace);
    return err->code;
}
