#include "model/orbits/orbit_tolerance.h"

#include "base/compare.h"
#include "model/stats/significance.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const double upper_share = .99;

void orbit_tolerance_measure(struct orbit_noise *noise, double single, double exact, double scale)
{
    if (!(scale > 0))
        return;
    double relative = (single - exact) / scale;
    noise->squares += relative * relative;
    noise->count += 1;
}

double orbit_tolerance_kappa(const struct orbit_noise *noise)
{
    double kappa = noise->count > 0 ? sqrt(noise->squares / noise->count) : 0;
    return fmax(kappa, ORBIT_TOLERANCE_LEAST_KAPPA);
}

void orbit_tolerance_begin(const struct orbit_score *score, const struct orbit_spread *spread)
{
    memset(spread->spread, 0, score->n_shifts * score->lanes * sizeof *spread->spread);
    memset(spread->baseline, 0, score->lanes * sizeof *spread->baseline);
}

/* Error and chosen penalty of every column, and the square of a for every penalty and lane. */
size_t orbit_tolerance_workspace(const struct orbit_score *score)
{
    return (2 * score->n_shifts + score->nodes->n_penalties) * score->lanes;
}

/* squares: n_penalties x lanes: (scale of the penalty's error form)^2, from the nodes' as independent
 * ones. */
static void error_squares(const struct orbit_score *score, size_t outer_fold,
                          const struct orbit_scales *scales, double *squares)
{
    const struct penalty_nodes *nodes = score->nodes;
    for (size_t k = 0; k < nodes->n_penalties; k++)
        for (size_t lane = 0; lane < score->lanes; lane++) {
            double *square = &squares[k * score->lanes + lane];
            if (nodes->weights == NULL) {
                *square = scales->error[k * score->lanes + lane] * scales->error[k * score->lanes + lane];
                continue;
            }
            const double *weights = penalty_nodes_weights(nodes, PENALTY_ERROR, outer_fold, k);
            double part = weights[nodes->n_nodes] * scales->baseline[lane];
            *square = part * part;
            for (size_t i = 0; i < nodes->n_nodes; i++) {
                part = weights[i] * scales->error[i * score->lanes + lane];
                *square += part * part;
            }
        }
}

void orbit_tolerance_add(const struct orbit_score *score, size_t outer_fold,
                         const struct score_nodes_rows *rows, const struct orbit_scales *scales,
                         double *workspace, const struct orbit_spread *spread)
{
    size_t lanes = score->lanes, columns = score->n_shifts * lanes;
    double *error = workspace, *chosen = error + columns, *squares = chosen + columns;
    score_nodes_fold(score->nodes, outer_fold, rows, columns, error, chosen);
    error_squares(score, outer_fold, scales, squares);
    for (size_t lane = 0; lane < lanes; lane++)
        spread->baseline[lane] += scales->baseline[lane] * scales->baseline[lane];
    for (size_t j = 0; j < columns; j++) {
        size_t lane = j % lanes;
        double square = squares[(size_t)chosen[j] * lanes + lane];
        if (score->kind == SCORE_MEAN_R2) {
            double b = (double)rows->baseline[j], from_baseline = error[j] / b * scales->baseline[lane];
            bool is_zero = b <= ORBIT_SCORE_ZERO * scales->baseline[lane]; /* the fold's r2 is 0, exactly */
            square = is_zero ? 0 : (square + from_baseline * from_baseline) / (b * b);
        }
        spread->spread[j] += square;
    }
}

/* The variance of a column's score over kappa^2. */
static double variance_of(const struct orbit_score *score, size_t column, const struct orbit_sums *sums,
                          const struct orbit_spread *spread)
{
    double folds = (double)score->nodes->n_outer;
    if (score->kind == SCORE_MEAN_R2)
        return spread->spread[column] / (folds * folds);
    double baseline = (double)sums->baseline[column], ratio = 1 - (double)sums->gain[column] / baseline;
    if (baseline == 0) /* no fold has an r2: the score is 0 */
        return 0;
    return (spread->spread[column] + ratio * ratio * spread->baseline[column % score->lanes]) /
           (baseline * baseline);
}

double orbit_tolerance_finish(const struct orbit_score *score, size_t lane, size_t identity, double kappa,
                              const struct orbit_sums *sums, const struct orbit_spread *spread,
                              double *workspace)
{
    size_t count = 0;
    double own = 0, upper = 0;
    for (size_t s = 0; s < score->n_shifts; s++) {
        size_t column = s * score->lanes + lane;
        if (isnan(sums->gain[column])) /* no score, and no tolerance from it */
            continue;
        double variance = variance_of(score, column, sums, spread);
        workspace[count++] = variance;
        own = s == identity ? variance : own;
    }
    qsort(workspace, count, sizeof *workspace, compare_doubles);
    if (count > 0)
        upper = workspace[(size_t)ceil(upper_share * (double)(count - 1))];
    upper = fmin(upper, ORBIT_TOLERANCE_MOST * ORBIT_TOLERANCE_MOST * own);
    return fmax(SIGNIFICANCE_TIE, ORBIT_TOLERANCE_WIDTH * kappa * sqrt(fmax(own, upper)));
}
