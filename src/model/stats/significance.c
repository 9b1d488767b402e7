#include "model/stats/significance.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

int significance_init(struct significance *significance, const float *observed, size_t n_targets,
                      struct error *err)
{
    *significance = (struct significance){.n_targets = n_targets, .observed = observed};
    significance->extreme = memory_zeroed(n_targets, sizeof *significance->extreme, "the p-values", err);
    significance->extreme_max =
        memory_zeroed(n_targets, sizeof *significance->extreme_max, "the p-values", err);
    if (err->code != 0)
        significance_free(significance);
    return err->code;
}

void significance_free(struct significance *significance)
{
    free(significance->extreme);
    free(significance->extreme_max);
    *significance = (struct significance){0};
}

void significance_add(struct significance *significance, const float *null, size_t count)
{
    size_t n_targets = significance->n_targets;
    for (size_t i = 0; i < count; i++) {
        const float *row = null + i * n_targets;
        double maximum = -INFINITY;
        for (size_t t = 0; t < n_targets; t++) {
            double observed = (double)significance->observed[t], score = (double)row[t];
            if (isnan(observed))
                continue;
            significance->extreme[t] += !(score < observed - SIGNIFICANCE_TIE);
            maximum = score > maximum ? score : maximum;
        }
        for (size_t t = 0; t < n_targets; t++)
            significance->extreme_max[t] +=
                maximum >= (double)significance->observed[t] - SIGNIFICANCE_TIE || isnan(row[t]);
    }
    significance->n_permutations += (int64_t)count;
}

struct ranked_p {
    double p;
    size_t target;
};

static int compare_p(const void *a, const void *b)
{
    const struct ranked_p *left = a, *right = b;
    if (left->p != right->p)
        return left->p < right->p ? -1 : 1;
    return left->target < right->target ? -1 : left->target > right->target;
}

double significance_error(double p, double count)
{
    return sqrt(p * (1 - p) / count);
}

int significance_false_discovery(const double *p, size_t n_targets, double *q, struct error *err)
{
    struct ranked_p *ranked = memory_zeroed(n_targets, sizeof *ranked, "the q-values", err);
    if (ranked == NULL)
        return err->code;
    size_t m = 0;
    for (size_t t = 0; t < n_targets; t++) {
        q[t] = NAN;
        if (!isnan(p[t]))
            ranked[m++] = (struct ranked_p){p[t], t};
    }
    qsort(ranked, m, sizeof *ranked, compare_p);
    double smallest = 1;
    for (size_t k = m; k > 0; k--) {
        smallest = fmin(smallest, ranked[k - 1].p * (double)m / (double)k);
        q[ranked[k - 1].target] = smallest;
    }
    free(ranked);
    return 0;
}

int significance_finish(const struct significance *significance, double *p, double *p_fwer, double *q,
                        struct error *err)
{
    double all = 1 + (double)significance->n_permutations;
    for (size_t t = 0; t < significance->n_targets; t++) {
        int absent = isnan(significance->observed[t]);
        p[t] = absent ? NAN : (1 + (double)significance->extreme[t]) / all;
        p_fwer[t] = absent ? NAN : (1 + (double)significance->extreme_max[t]) / all;
    }
    return significance_false_discovery(p, significance->n_targets, q, err);
}
