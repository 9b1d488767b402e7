/* A small made-up study in the proportions of a shape, to time the program's own kernels on. It has at most
 * COST_RATES_SUBJECTS subjects. Only for planning/cost*.c. */
#ifndef ARETE_PLANNING_COST_SAMPLE_H
#define ARETE_PLANNING_COST_SAMPLE_H

#include "base/error.h"
#include "model/ridge/baseline.h"
#include "model/ridge/covariates.h"
#include "model/ridge/folds.h"
#include "model/ridge/operators.h"
#include "model/ridge/ridge.h"
#include "model/stats/permutation.h"
#include "planning/cost.h"

#include <stddef.h>
#include <stdint.h>

enum { COST_SAMPLE_FOLDS = 2 }; /* outer folds that have operators */

struct cost_sample {
    size_t n;
    struct covariates covariates;
    struct folds folds;
    struct baseline baseline;
    struct permutation_scheme scheme;
    struct ridge_tiling tiling; /* of at most RIDGE_TILE_COLUMNS targets */
    struct operator_layout layouts[COST_SAMPLE_FOLDS];
    struct lost_directions lost[COST_SAMPLE_FOLDS];
};

int cost_sample_init(struct cost_sample *sample, const struct cost_shape *shape, struct error *err);
void cost_sample_free(struct cost_sample *sample);

/* Flops of a fold's kernel for one column, and of building its operators. */
double cost_sample_fold_flops(const struct cost_sample *sample, size_t outer_fold);
double cost_sample_build_flops(const struct cost_sample *sample, size_t outer_fold);

/* Fills with numbers from -1 to 1, the same each time. */
void cost_sample_fill(float *values, size_t count);
/* Fills with calls 0, 1 and 2, a few of them missing. */
void cost_sample_fill_calls(uint8_t *calls, size_t count);
/* Fills with a symmetric positive definite matrix with ones on its diagonal, n x n. */
void cost_sample_fill_positive(double *matrix, size_t n);

/* Processor time of this thread, in seconds. Not wall time, as the machine may be busy otherwise. */
double cost_sample_seconds(void);

#endif
