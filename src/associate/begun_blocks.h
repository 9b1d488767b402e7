/* Blocks of maxima that an earlier run has begun, dealt to the ranks: each is gone on with in its own file.
 */
#ifndef ARETE_ASSOCIATE_BEGUN_BLOCKS_H
#define ARETE_ASSOCIATE_BEGUN_BLOCKS_H

#include "base/error.h"
#include "ranks/ranks.h"
#include "run/record.h"
#include "tasks/maximum_graph.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct begun_blocks {
    uint64_t study;            /* block_file_study */
    bool *taken;               /* record->n_units: done, or in a block that was begun */
    int64_t n_columns;         /* of units that are not done */
    char *own_path;            /* of this rank's own blocks */
    struct maximum_begun *own; /* those that this rank goes on with */
    size_t n_own;
};

/* The file of rank r of the earlier run goes to rank r modulo the number of ranks, so that none is written by
 * two. Those of which a unit is done by now are removed. Collective; the outcome is agreed on. To be freed
 * after a failure too. */
int begun_blocks_init(struct begun_blocks *begun, struct ranks *ranks, const struct record *record,
                      struct error *err);
void begun_blocks_free(struct begun_blocks *begun);

#endif
