/* The graph of tasks of permutations of the mass-univariate model: under every shift of every orbit the
 * largest r^2 of any SNP with each target.
 *
 *     arrange_targets ->                                          columns of a block of units
 *     residualise_tile -> transform_tile -> correlate_tile        of every tile of SNPs, which stream once a
 * block reduce_maximum -> save
 *
 * A maximum may be taken in any order and twice: results depend neither on workers nor on blocks. */
#ifndef ARETE_TASKS_MAXIMUM_GRAPH_H
#define ARETE_TASKS_MAXIMUM_GRAPH_H

#include "checkpoint/campaign.h"
#include "model/orbits/orbit_engine.h"
#include "model/orbits/orbit_tiling.h"
#include "tasks/progress.h"
#include "tasks/runtime.h"
#include "tasks/snp_tiles.h"

#include <stdbool.h>
#include <stdint.h>

struct maximum_graph_input {
    const struct snp_stream *stream;
    const struct orbit_engine *engine;
    struct orbit_tiling tiling;
    const float *targets;  /* n x T: residuals of length 1 */
    const float *basis;    /* c x n: Qz', rows of length 1 */
    size_t most_columns;   /* of a block: what is computed between two saves */
    const char *part_path; /* where a block that is under way is kept (tasks/maximum_part.h); NULL: nowhere */
    uint64_t study;        /* to know it by */
};

/* Computes and saves in `units` every unit u < n_units with !done[u] that this rank owns: block b belongs to
 * rank b modulo the number of ranks. When `progress` asks to stop, what is done of the block under way is
 * kept in part_path, from which the next run goes on, and the error is EXIT_CODE_STOPPED. Progress counts
 * columns. */
int maximum_graph_run(struct runtime *runtime, const struct maximum_graph_input *input,
                      struct campaign_units *units, const bool *done, int64_t n_units,
                      const struct progress_sink *progress, struct error *err);

#endif
