/* The graph of tasks of permutations of the mass-univariate model: under every shift of every orbit the
 * largest r^2 of any SNP with each target.
 *
 *     arrange_targets ->                                      columns of a block of units
 *     residualise_tile -> transform_tile -> correlate_tile    of every tile of SNPs, which stream once a
 * block reduce_maximum -> save
 *
 * A maximum may be taken in any order and twice: results depend neither on workers nor on blocks. Several
 * ranks share the blocks, so that nothing travels between them: each has all SNPs and saves what it computes.
 */
#ifndef ARETE_TASKS_MAXIMUM_GRAPH_H
#define ARETE_TASKS_MAXIMUM_GRAPH_H

#include "checkpoint/campaign.h"
#include "model/orbits/orbit_engine.h"
#include "model/orbits/orbit_tiling.h"
#include "planning/unit_blocks.h"
#include "tasks/progress.h"
#include "tasks/runtime.h"
#include "tasks/snp_tiles.h"

#include <stdint.h>

/* A block of an earlier run, begun and kept in a file of its own (tasks/maximum_part.h). */
struct maximum_begun {
    const char *path;
    int64_t first_unit, n_units;
};

struct maximum_graph_input {
    const struct snp_stream *stream;
    const struct orbit_engine *engine;
    struct orbit_tiling tiling;
    const float *targets; /* n x T: residuals of length 1 */
    const float *basis;   /* c x n: Qz', rows of length 1 */
    uint64_t study;       /* to know files of begun blocks by */
    const char *path;     /* where this rank keeps a block that is under way */
    const struct maximum_begun
        *begun;        /* those that this rank goes on with: none of their units is done, ... */
    size_t n_begun;    /* ... and no two share one */
    int64_t n_columns; /* that are left, of all ranks: what progress counts up to */
};

/* Computes and saves in `units` first what is begun, then this rank's blocks (planning/unit_blocks.h). When
 * `progress` asks to stop, what is done of the block under way is kept in its file, from which the next run
 * goes on, and the error is EXIT_CODE_STOPPED; no task is left then. With several ranks any other error ends
 * the process (tasks/runtime.h). */
int maximum_graph_run(struct runtime *runtime, const struct maximum_graph_input *input,
                      struct campaign_units *units, struct unit_blocks *blocks,
                      const struct progress_sink *progress, struct error *err);

#endif
