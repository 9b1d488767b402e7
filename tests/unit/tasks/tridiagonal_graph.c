/* The reduction to a tridiagonal matrix by tasks on two workers, against plain calls: the same bits. */
#include "tasks/tridiagonal_graph.h"

#include "graph_testing.h"
#include "model_example.h"

enum { N = 640, ROOM = N * N }; /* four panels before dsytrd's rest */

struct matrix {
    double *a, *diagonal, *beside, *tau;
    struct tridiagonal_reduction reduction;
};

static void matrix_init(struct matrix *matrix)
{
    struct error err = {0};
    *matrix = (struct matrix){.a = example_gram(N, 100, 7),
                              .diagonal = example_doubles(N),
                              .beside = example_doubles(N),
                              .tau = example_doubles(N)};
    matrix->reduction = (struct tridiagonal_reduction){.purpose = "the SVD",
                                                       .n = N,
                                                       .ld = N,
                                                       .a = matrix->a,
                                                       .diagonal = matrix->diagonal,
                                                       .beside = matrix->beside,
                                                       .tau = matrix->tau};
    CU_ASSERT_EQUAL_FATAL(reduction_init(&matrix->reduction, &err), 0);
    CU_ASSERT_EQUAL(reduction_panels(N), 4);
}

static void matrix_free(struct matrix *matrix)
{
    reduction_free(&matrix->reduction);
    free(matrix->a);
    free(matrix->diagonal);
    free(matrix->beside);
    free(matrix->tau);
}

/* Starts two workers, whatever ran before. */
static void start_two(void)
{
    struct error err = {0};
    runtime_stop(&runtime);
    CU_ASSERT_EQUAL_FATAL(runtime_start(&runtime, &ranks, 2, &err), 0);
}

static void two_workers_give_the_same_bits(void)
{
    struct error err = {0};
    struct matrix plain, tasks;
    size_t done = reduction_panels(N) * TRIDIAGONAL_PANEL;
    matrix_init(&plain);
    matrix_init(&tasks);
    reduction_steps(&plain.reduction);
    start_two();
    CU_ASSERT_EQUAL(tridiagonal_graph_run(&runtime, &tasks.reduction, &never_stopped, "while testing", &err),
                    0);
    CU_ASSERT_EQUAL(memcmp(plain.a, tasks.a, ROOM * sizeof *plain.a), 0);
    CU_ASSERT_EQUAL(memcmp(plain.diagonal, tasks.diagonal, done * sizeof *plain.diagonal), 0);
    CU_ASSERT_EQUAL(memcmp(plain.beside, tasks.beside, done * sizeof *plain.beside), 0);
    CU_ASSERT_EQUAL(memcmp(plain.tau, tasks.tau, done * sizeof *plain.tau), 0);
    matrix_free(&plain);
    matrix_free(&tasks);
}

/* Wherever it stands: dsytrd, which looks for it, gets only the rest. */
static void what_is_no_number_is_refused(void)
{
    struct error err = {0};
    struct matrix matrix;
    matrix_init(&matrix);
    matrix.a[5 * N + 70] = NAN;
    reduction_steps(&matrix.reduction);
    CU_ASSERT_EQUAL(reduction_finish(&matrix.reduction, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "dsytrd (the SVD of the study): info = ");
    matrix_free(&matrix);
}

static void a_stop_ends_it(void)
{
    struct error err = {0};
    struct matrix matrix;
    matrix_init(&matrix);
    start_two();
    CU_ASSERT_EQUAL(
        tridiagonal_graph_run(&runtime, &matrix.reduction, &stopped_at_once, "while testing", &err),
        EXIT_CODE_STOPPED);
    ASSERT_CONTAINS(err.message, "while testing");
    matrix_free(&matrix);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"two_workers_give_the_same_bits", two_workers_give_the_same_bits},
        {"what_is_no_number_is_refused", what_is_no_number_is_refused},
        {"a_stop_ends_it", a_stop_ends_it},
    };
    return graph_testing_main(argc, argv, "tasks/tridiagonal_graph", cases, sizeof cases / sizeof *cases);
}
