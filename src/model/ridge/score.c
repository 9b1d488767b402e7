#include "model/ridge/score.h"

#include <math.h>
#include <stdbool.h>

size_t score_choose(const double *criterion, size_t n_penalties, size_t stride)
{
    size_t best = 0;
    for (size_t k = 1; k < n_penalties; k++)
        if (criterion[k * stride] <= criterion[best * stride])
            best = k;
    return best;
}

static bool is_zero(double baseline, size_t n_test)
{
    return baseline <= SCORE_ZERO_BASELINE * (double)n_test;
}

double score_fold_r2(double error, double baseline, size_t n_test)
{
    return is_zero(baseline, n_test) ? 0 : 1 - error / baseline;
}

double score_statistic(enum score_kind kind, const double *error, const double *baseline,
                       const size_t *n_test, size_t n_outer)
{
    double r2 = 0, errors = 0, baselines = 0;
    for (size_t o = 0; o < n_outer; o++) {
        r2 += score_fold_r2(error[o], baseline[o], n_test[o]);
        errors += error[o];
        baselines += is_zero(baseline[o], n_test[o]) ? 0 : baseline[o];
    }
    if (kind == SCORE_MEAN_R2)
        return r2 / (double)n_outer;
    return baselines == 0 ? 0 : 1 - errors / baselines;
}

void score_columns(enum score_kind kind, const struct score_sums *all, const size_t *n_test, size_t n_outer,
                   size_t columns, float *score)
{
    const float *const *sums = all->sums, *baseline = all->baseline;
    size_t n_penalties = all->n_penalties;

    double error[SCORE_MAX_FOLDS], base[SCORE_MAX_FOLDS];
    for (size_t j = 0; j < columns; j++) {
        for (size_t o = 0; o < n_outer; o++) {
            size_t best = 0;
            for (size_t k = 1; k < n_penalties; k++)
                if (sums[k][o * columns + j] <= sums[best][o * columns + j])
                    best = k;
            error[o] = (double)sums[best][(n_outer + o) * columns + j];
            base[o] = (double)baseline[o * columns + j];
        }
        score[j] = (float)score_statistic(kind, error, base, n_test, n_outer);
    }
}
