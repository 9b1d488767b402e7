#include "model/ridge/fold_kernel.h"

#include "model_example.h"

/* Folds of n subjects and one outer fold's operators, filled with random numbers. */
struct made_fold {
    struct folds folds;
    struct operator_layout layout;
    float *operators;
};

enum { OUTER = 3, INNER = 2, MOST_COLUMNS = 131 };

static void made_fold_init(struct made_fold *made, size_t n)
{
    struct error err = {0};
    int32_t *outer = memory_zeroed(n, sizeof *outer, "a test", &err);
    for (size_t i = 0; i < n; i++)
        outer[i] = (int32_t)(i * OUTER / n);
    CU_ASSERT_EQUAL_FATAL(
        folds_init(&made->folds, &(struct folds_outer){outer, NULL, n, OUTER}, INNER, 1, &err), 0);
    const struct fold_rows *rows = &made->folds.rows[1];
    CU_ASSERT_EQUAL_FATAL(operator_layout_init(&made->layout, rows, INNER, &err), 0);
    double *values = example_normals(made->layout.count, n);
    made->operators = example_rounded(values, made->layout.count);
    for (size_t b = 0; b < INNER; b++) {
        size_t n_b = rows->inner_start[b + 1] - rows->inner_start[b];
        for (size_t i = 0; i < n_b; i++)
            for (size_t j = 0; j < i; j++)
                made->operators[made->layout.factor[b] + i * n_b + j] = 0;
    }
    free(values);
    free(outer);
}

static void made_fold_free(struct made_fold *made)
{
    free(made->operators);
    operator_layout_free(&made->layout);
    folds_free(&made->folds);
}

/* Runs outer fold 1 in a workspace of just the size asked for, that begins `shift` floats into the memory. */
static void run(enum instructions instructions, const struct made_fold *made, const float *w, size_t columns,
                size_t shift, float *criterion, float *error)
{
    size_t count =
        fold_kernel_workspace(folds_largest_test(&made->folds), folds_largest_inner(&made->folds), columns);
    float *memory = malloc((count + shift) * sizeof *memory);
    if (memory == NULL)
        abort();
    fold_kernel_run(instructions,
                    &(struct fold_kernel_fold){&made->folds.rows[1], INNER, made->operators, &made->layout},
                    w, columns, memory + shift, criterion, error);
    free(memory);
}

/* The same from plain loops in double, for one column. */
static void expect(const struct made_fold *made, const float *w, size_t columns, size_t j, double *criterion,
                   double *error)
{
    const struct fold_rows *rows = &made->folds.rows[1];
    size_t n_o = rows->n_test;
    double *e = example_doubles(n_o), *x = example_doubles(rows->n_train);
    *criterion = *error = 0;
    for (size_t i = 0; i < n_o; i++) {
        e[i] = 0;
        for (size_t k = 0; k < n_o; k++)
            e[i] += (double)made->operators[made->layout.inverse + i * n_o + k] *
                    (double)w[(rows->first_test + k) * columns + j];
        *error += e[i] * e[i];
    }
    for (size_t i = 0; i < rows->n_train; i++) {
        x[i] = (double)w[rows->train[i] * columns + j];
        for (size_t k = 0; k < n_o; k++)
            x[i] -= (double)made->operators[made->layout.cross + i * n_o + k] * e[k];
    }
    for (size_t b = 0; b < INNER; b++) {
        size_t start = rows->inner_start[b], n_b = rows->inner_start[b + 1] - start;
        for (size_t i = 0; i < n_b; i++) {
            double z = 0;
            for (size_t k = i; k < n_b; k++)
                z += (double)made->operators[made->layout.factor[b] + i * n_b + k] * x[start + k];
            *criterion += z * z;
        }
    }
    free(e);
    free(x);
}

static const size_t subjects[] = {7, 23, 151}, widths[] = {1, 15, 16, 17, 47, 48, 49, 96, MOST_COLUMNS};

static void for_every_shape(void (*check)(const struct made_fold *made, const float *w, size_t columns))
{
    for (size_t s = 0; s < sizeof subjects / sizeof *subjects; s++) {
        struct made_fold made;
        made_fold_init(&made, subjects[s]);
        for (size_t c = 0; c < sizeof widths / sizeof *widths; c++) {
            double *values = example_normals(subjects[s] * widths[c], c);
            float *w = example_rounded(values, subjects[s] * widths[c]);
            check(&made, w, widths[c]);
            free(values);
            free(w);
        }
        made_fold_free(&made);
    }
}

static void is_near_plain_loops(const struct made_fold *made, const float *w, size_t columns)
{
    float criterion[MOST_COLUMNS], error[MOST_COLUMNS];
    run(instructions_best(), made, w, columns, 0, criterion, error);
    for (size_t j = 0; j < columns; j++) {
        double expected_criterion, expected_error;
        expect(made, w, columns, j, &expected_criterion, &expected_error);
        ASSERT_NEAR((double)criterion[j] / expected_criterion, 1, 1e-5);
        ASSERT_NEAR((double)error[j] / expected_error, 1, 1e-5);
    }
}

static void folds_are_near_plain_loops(void)
{
    for_every_shape(is_near_plain_loops);
}

static void has_the_same_bits(const struct made_fold *made, const float *w, size_t columns)
{
    float criterion[MOST_COLUMNS], error[MOST_COLUMNS], other[MOST_COLUMNS], other_error[MOST_COLUMNS];
    run(INSTRUCTIONS_PLAIN, made, w, columns, 0, criterion, error);
    for (enum instructions instructions = INSTRUCTIONS_AVX2; instructions < INSTRUCTIONS_COUNT;
         instructions++) {
        if (!instructions_run_here(instructions))
            continue;
        run(instructions, made, w, columns, 5, other, other_error);
        CU_ASSERT_EQUAL(memcmp(criterion, other, columns * sizeof *other), 0);
        CU_ASSERT_EQUAL(memcmp(error, other_error, columns * sizeof *other_error), 0);
    }
}

static void every_instruction_set_gives_the_same_bits(void)
{
    for_every_shape(has_the_same_bits);
}

/* A column alone has the bits it has in a tile. */
static void does_not_see_its_neighbours(const struct made_fold *made, const float *w, size_t columns)
{
    float criterion[MOST_COLUMNS], error[MOST_COLUMNS], alone, alone_error, column[151];
    run(instructions_best(), made, w, columns, 0, criterion, error);
    for (size_t j = 0; j < columns; j += 13) {
        for (size_t i = 0; i < made->folds.n; i++)
            column[i] = w[i * columns + j];
        run(instructions_best(), made, column, 1, 0, &alone, &alone_error);
        CU_ASSERT_EQUAL(alone, criterion[j]);
        CU_ASSERT_EQUAL(alone_error, error[j]);
    }
}

static void a_column_does_not_see_its_neighbours(void)
{
    for_every_shape(does_not_see_its_neighbours);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"folds_are_near_plain_loops", folds_are_near_plain_loops},
        {"every_instruction_set_gives_the_same_bits", every_instruction_set_gives_the_same_bits},
        {"a_column_does_not_see_its_neighbours", a_column_does_not_see_its_neighbours},
    };
    return testing_main(argc, argv, "fold_kernel", cases, sizeof cases / sizeof *cases);
}
