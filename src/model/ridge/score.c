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

size_t score_sum_doubles(enum score_kind kind)
{
    return kind == SCORE_POOLED_R2 ? 2 : 1;
}

void score_add_fold(enum score_kind kind, double error, double baseline, size_t n_test, double *sums)
{
    if (kind == SCORE_MEAN_R2) {
        sums[0] += score_fold_r2(error, baseline, n_test);
        return;
    }
    sums[0] += error;
    sums[1] += is_zero(baseline, n_test) ? 0 : baseline;
}

double score_of_sums(enum score_kind kind, const double *sums, size_t n_outer)
{
    if (kind == SCORE_MEAN_R2)
        return sums[0] / (double)n_outer;
    return sums[1] == 0 ? 0 : 1 - sums[0] / sums[1];
}

double score_statistic(enum score_kind kind, const double *error, const double *baseline,
                       const size_t *n_test, size_t n_outer)
{
    double sums[SCORE_MOST_SUMS] = {0};
    for (size_t o = 0; o < n_outer; o++)
        score_add_fold(kind, error[o], baseline[o], n_test[o], sums);
    return score_of_sums(kind, sums, n_outer);
}
