/* The block of maxima that is under way, as it is kept while the SNPs go by: a maximum may stop at any tile
 * of them and go on there. */
#ifndef ARETE_TASKS_MAXIMUM_PART_H
#define ARETE_TASKS_MAXIMUM_PART_H

#include "base/error.h"
#include "checkpoint/block_file.h"

#include <stdbool.h>

enum { MAXIMUM_PART_EVERY_S = 10 };

struct maximum_part {
    const char *path;
    struct block_state state; /* of the file: what an earlier run has left; later of this one's */
    float *values;            /* of the earlier run, or NULL; until maximum_part_begin */
    double saved_at;          /* clock_seconds */
};

/* Reads what an earlier run of that study has left under the path. maximum_part_begin must follow. */
int maximum_part_init(struct maximum_part *part, const char *path, uint64_t study, struct error *err);

/* A block of n_floats begins: the SNP tile at which it does, and largest[0] filled with what is known by
 * then. n_tiles: of SNPs. */
size_t maximum_part_begin(struct maximum_part *part, int64_t first, int64_t n_units, size_t n_tiles,
                          size_t n_floats, float *largest);

bool maximum_part_is_due(const struct maximum_part *part);
/* No task is under way: so many tiles are done, by n_workers whose maxima are merged into largest[0]. */
int maximum_part_save(struct maximum_part *part, size_t n_done, float *const *largest, size_t n_workers,
                      struct error *err);
/* The block stands in the campaign. */
int maximum_part_end(struct maximum_part *part, struct error *err);

#endif
