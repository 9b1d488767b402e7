#include "model/orbits/orbit_scale.h"

#include "model/orbits/orbit_score.h"

#include <math.h>

/* The mean square of each lane's target in block b. */
static void mean_squares(const struct orbit_scale *of, size_t b, const size_t *target, size_t lanes,
                         double *square)
{
    size_t first = of->blocks->start[b], end = of->blocks->start[b + 1];
    for (size_t lane = 0; lane < lanes; lane++)
        square[lane] = 0;
    for (size_t k = first; k < end; k++) {
        const float *row = of->targets + of->blocks->members[k] * of->n_targets;
        for (size_t lane = 0; lane < lanes; lane++) {
            double value = (double)row[target[lane]];
            square[lane] += value * value;
        }
    }
    for (size_t lane = 0; lane < lanes; lane++)
        square[lane] /= (double)(end - first);
}

void orbit_scale_least(const struct orbit_scale *of, struct fold_span span, const size_t *target,
                       size_t lanes, double *workspace, double *least)
{
    double others =
        fmax((double)of->n_covariates / (double)of->blocks->n, SCORE_ZERO_BASELINE / ORBIT_SCORE_ZERO);
    for (size_t i = 0; i < span.count * lanes; i++)
        least[i] = 0;
    for (size_t b = 0; b < of->blocks->n_blocks; b++) {
        mean_squares(of, b, target, lanes, workspace);
        for (size_t k = of->blocks->start[b]; k < of->blocks->start[b + 1]; k++) {
            size_t fold = (size_t)of->outer[of->blocks->members[k]];
            if (fold < span.first || fold >= span.first + span.count)
                continue;
            for (size_t lane = 0; lane < lanes; lane++)
                least[(fold - span.first) * lanes + lane] += workspace[lane] + others;
        }
    }
}
