/* What a study costs: flops, bytes and, from this machine's speed, seconds. Formulas: docs/design.md. */
#ifndef ARETE_MODEL_COST_H
#define ARETE_MODEL_COST_H

#include "base/error.h"

/* Counts as doubles: they are only multiplied. */
struct cost_shape {
    double n, n_snps, n_targets, n_covariates, n_outer, n_inner, n_penalties, n_permutations, n_workers;
};

struct cost {
    double gram_flops, svd_flops, operator_flops, permutation_flops; /* permutation: of all N together */
    double operators_bytes;                                          /* of all penalties */
    double memory_bytes;                                             /* peak of the process's own arrays */
    double campaign_bytes;                                           /* of campaign.h5 */
};

/* "163 MB", "23.4 GB" in a text of COST_TEXT_BYTES, which is returned. */
enum { COST_TEXT_BYTES = 32 };
const char *cost_bytes_text(double bytes, char *text);

struct cost cost_of(const struct cost_shape *shape);

/* Flops a second of one core, float32, by a short sgemm of the kernel's own shape (about 0.2 s). */
int cost_measure_speed(double *flops_a_second, struct error *err);

/* Seconds for each part, at a core's float32 speed. */
struct cost_seconds {
    double gram, setup, permutations, total;
};

struct cost_seconds cost_seconds_of(const struct cost *cost, const struct cost_shape *shape,
                                    double flops_a_second);

#endif
