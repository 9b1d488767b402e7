/* From sums over test sets to the numbers of the table. */
#include "model/ridge/observed.h"

#include <math.h>

/* Sums over the subjects with a value of a, the target beyond the covariates, and b, the prediction of the
 * SNPs: a = e(infinity), b = e(infinity) - e(lambda chosen). */
struct pooled_moments {
    double n, a, b, aa, bb, ab;
};

static double correlation(const struct pooled_moments *m)
{
    double aa = m->aa - m->a * m->a / m->n, bb = m->bb - m->b * m->b / m->n, ab = m->ab - m->a * m->b / m->n;
    return aa > 0 && bb > 1e-14 * m->aa ? ab / sqrt(aa * bb) : NAN; /* so small a prediction is rounding */
}

/* cell: index of the fold and target; chosen: the same, at the chosen penalty. */
static void add_fold_moments(struct pooled_moments *m, const struct observed *observed, size_t cell,
                             size_t chosen)
{
    double a = observed->infinity_sum[cell], aa = observed->seen_infinity_error[cell];
    m->n += observed->n_seen[cell];
    m->a += a;
    m->aa += aa;
    m->b += a - observed->sum[chosen];
    m->ab += aa - observed->product[chosen];
    m->bb += aa - 2 * observed->product[chosen] + observed->seen_error[chosen];
}

/* The errors of a target's folds; of those that have a test subject. */
struct fold_errors {
    double error[SCORE_MAX_FOLDS], baseline[SCORE_MAX_FOLDS];
    size_t n_test[SCORE_MAX_FOLDS], count;
};

static void add_fold(struct fold_errors *folds, double error, double baseline, double n_test)
{
    if (n_test == 0)
        return;
    folds->error[folds->count] = error;
    folds->baseline[folds->count] = baseline;
    folds->n_test[folds->count++] = (size_t)n_test;
}

static double statistic(const struct fold_errors *folds, enum score_kind kind)
{
    return folds->count > 0
               ? score_statistic(kind, folds->error, folds->baseline, folds->n_test, folds->count)
               : NAN;
}

void observed_finish(const struct observed *observed, enum score_kind kind, const struct folds *folds,
                     const double *penalties, const struct observed_table *table)
{
    size_t n_targets = observed->n_targets, n_outer = observed->n_outer;
    for (size_t t = 0; t < n_targets; t++) {
        struct fold_errors everybody, seen;
        struct pooled_moments moments = {0};
        everybody.count = seen.count = 0;
        for (size_t o = 0; o < n_outer; o++) {
            size_t best = score_choose(observed->criterion + o * n_targets + t, observed->n_penalties,
                                       n_outer * n_targets);
            size_t cell = o * n_targets + t, chosen = best * n_outer * n_targets + cell;
            double error = observed->seen_error[chosen], baseline = observed->seen_baseline_error[cell];
            double n_seen = observed->n_seen[cell];
            add_fold(&everybody, observed->error[chosen], observed->baseline_error[cell],
                     (double)folds->rows[o].n_test);
            add_fold(&seen, error, baseline, n_seen);
            add_fold_moments(&moments, observed, cell, chosen);
            table->r2_by_fold[cell] = n_seen > 0 ? score_fold_r2(error, baseline, (size_t)n_seen) : NAN;
            table->penalty_by_fold[cell] = penalties[best];
        }
        table->r2[t] = statistic(&seen, kind);
        table->r2_everybody[t] = statistic(&everybody, kind);
        table->r[t] = correlation(&moments);
    }
}
