/* What HDF5 itself writes of a new campaign file: structure and attributes, but no values.
 *
 * HDF5 1.10 crashes at the end of the process when the disk was full at H5Fclose, so the whole file's space
 * is taken before the library writes anything. The values follow as plain bytes, whose failures are plain
 * errors. A part file is sparse: its space is taken up to the last byte that the library writes, and the rest
 * is a hole, which reads as zeros. */
#ifndef ARETE_CHECKPOINT_METADATA_H
#define ARETE_CHECKPOINT_METADATA_H

#include "base/error.h"
#include "base/replace.h"
#include "checkpoint/layout.h"

#include <stdint.h>

struct metadata {
    uint64_t length[LAYOUT_LENGTHS];
    uint64_t offset[LAYOUT_DATASETS]; /* of each dataset's bytes in the file; undefined when it has none */
};

/* `replace`: the new file, empty. On success it has its full size, and HDF5 has closed it. Of a part's
 * campaign only what campaign_part_create names is read. */
int metadata_make(struct metadata *metadata, const struct campaign *campaign, enum layout_kind kind,
                  const struct replace *replace, struct error *err);

#endif
