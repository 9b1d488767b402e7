#include "model/ridge/fold_sizes.h"

struct fold_sizes fold_sizes_of(const struct fold_rows *rows, size_t n_inner)
{
    struct fold_sizes sizes = {.n_test = (double)rows->n_test, .n_train = (double)rows->n_train};
    for (size_t b = 0; b < n_inner; b++) {
        double n_b = (double)folds_inner_size(rows, b);
        sizes.inner_squares += n_b * n_b;
        sizes.inner_cubes += n_b * n_b * n_b;
    }
    return sizes;
}

struct fold_sizes fold_sizes_equal(double n, double n_outer, double n_inner)
{
    double n_test = n / n_outer, n_train = n - n_test, n_b = n_train / n_inner;
    return (struct fold_sizes){.n_test = n_test,
                               .n_train = n_train,
                               .inner_squares = n_inner * n_b * n_b,
                               .inner_cubes = n_inner * n_b * n_b * n_b};
}

double fold_sizes_elements(const struct fold_sizes *sizes)
{
    return sizes->n_test * (sizes->n_test + sizes->n_train) + sizes->inner_squares;
}

double fold_sizes_column_flops(const struct fold_sizes *sizes)
{
    return 2 * sizes->n_test * (sizes->n_test + sizes->n_train) + sizes->inner_squares;
}

double fold_sizes_build_flops(const struct fold_sizes *sizes)
{
    double n_o = sizes->n_test;
    double corrections = 2 * sizes->n_train * n_o * n_o + 2 * sizes->inner_squares * n_o;
    double inverses_and_qr = (2 + 4.0 / 3) * sizes->inner_cubes;
    return 2 * n_o * n_o * n_o + corrections + inverses_and_qr;
}
