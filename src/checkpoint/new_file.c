#include "checkpoint/new_file.h"

#include "base/durable.h"
#include "base/memory.h"
#include "checkpoint/metadata.h"
#include "checkpoint/pack.h"
#include "checkpoint/units.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* The whole file, on the disk when it returns 0. */
static int write_file(const struct campaign *campaign, enum layout_kind kind,
                      const struct campaign_units *done, int descriptor, const char *path, struct error *err)
{
    struct metadata metadata;
    int code = metadata_make(&metadata, campaign, kind, descriptor, path, err);
    if (code == 0)
        code = write_static(campaign, &metadata, descriptor, path, kind, err);
    if (code == 0 && kind == LAYOUT_CAMPAIGN)
        code = write_no_unit_done(&metadata, descriptor, path, err);
    if (code == 0 && done != NULL)
        code = units_copy(done, descriptor, path, metadata.offset[LAYOUT_ID_NULL_SCORE],
                          metadata.offset[LAYOUT_ID_UNIT_CRC], err);
    if (code == 0)
        code = durable_sync(descriptor, path, err);
    return code;
}

static char *temporary_name(const char *path, struct error *err)
{
    return memory_format(err, "%s.tmp", path);
}

int new_file_clear(const char *path, struct error *err)
{
    char *temporary = temporary_name(path, err);
    if (temporary == NULL)
        return err->code;
    unlink(temporary); /* there seldom is one, and one that stays only takes room */
    free(temporary);
    return 0;
}

int new_file_write(const char *path, const struct campaign *campaign, enum layout_kind kind,
                   const struct campaign_units *done, struct error *err)
{
    char *temporary = temporary_name(path, err);
    if (temporary == NULL)
        return err->code;
    int code = 0;
    int descriptor = open(temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0) {
        code = error_set(err, EXIT_CODE_FAILED, "%s: cannot be made: %s", temporary, strerror(errno));
        free(temporary);
        return code;
    }
    code = write_file(campaign, kind, done, descriptor, temporary, err);
    if (close(descriptor) != 0 && code == 0)
        code = error_set(err, EXIT_CODE_FAILED, "%s: cannot be closed: %s", temporary, strerror(errno));
    if (code == 0 && rename(temporary, path) != 0)
        code = error_set(err, EXIT_CODE_FAILED, "%s: cannot be renamed to %s: %s", temporary, path,
                         strerror(errno));
    if (code == 0)
        code = durable_sync_folder(path, err);
    else
        unlink(temporary);
    free(temporary);
    return code;
}
