#include "model/orbits/forms_cost.h"

struct forms_cost forms_cost_of(const struct folds *folds, size_t outer_fold)
{
    const struct fold_rows *rows = &folds->rows[outer_fold];
    double n = (double)folds->n, n_o = (double)rows->n_test, n_a = (double)rows->n_train;
    struct forms_cost cost = {.in_double = 2 * n_o * n_o * n + 2 * n_a * n_a * n_o,
                              .in_single = n * n * n_o + n_a * n_a * n_a};
    for (size_t b = 0; b < folds->n_inner; b++) {
        double n_b = (double)(rows->inner_start[b + 1] - rows->inner_start[b]);
        cost.in_double += n_b * n_b * n_a;
    }
    return cost;
}

struct forms_cost forms_cost_even(double n, double n_outer, double n_inner)
{
    double n_o = n / n_outer, n_a = n - n_o, n_b = n_a / n_inner;
    return (struct forms_cost){.in_double = 2 * n_o * n_o * n + 2 * n_a * n_a * n_o + n_a * n_a * n_b,
                               .in_single = n * n * n_o + n_a * n_a * n_a};
}

struct forms_cost forms_cost_baseline(double n, double n_test, double c)
{
    return (struct forms_cost){.in_double = 6 * n_test * n * c, .in_single = n * n * n_test};
}
