#include "codelets/load_fold.h"

#include "codelets/data_list.h"

size_t load_fold_workspace(const struct operator_layout *layout, const struct folds *folds, size_t n_targets)
{
    return layout->count + observed_workspace(folds, n_targets);
}

static void load_fold_cpu(void *buffers[], void *cl_arg)
{
    struct load_fold_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (run_status_failed(args.status))
        return;
    double *operators = (double *)STARPU_VECTOR_GET_PTR(buffers[0]);
    struct error err = {0};
    if (operators_fold(args.p, args.folds, args.outer_fold, args.layout, args.lost, args.n_covariates,
                       operators, &err) != 0) {
        error_append(&err, " (outer fold %zu, penalty %zu)", args.outer_fold + 1, args.penalty + 1);
        run_status_fail(args.status, &err);
        return;
    }
    operators_round(operators, args.layout->count, (float *)STARPU_VECTOR_GET_PTR(buffers[1]));
    if (args.observed != NULL)
        observed_fold(args.observed, args.folds, args.penalty, args.outer_fold, args.layout, operators,
                      (const double *)STARPU_MATRIX_GET_PTR(buffers[2]), operators + args.layout->count);
}

static struct starpu_codelet load_fold_cl = {
    .cpu_funcs = {load_fold_cpu},
    .nbuffers = STARPU_VARIABLE_NBUFFERS,
    .name = "load_fold",
};

int load_fold_submit(const struct load_fold_args *args, const starpu_data_handle_t *tiles, size_t n_tiles,
                     starpu_data_handle_t fitted, starpu_data_handle_t workspace,
                     starpu_data_handle_t operators, struct error *err)
{
    struct data_list list = {.count = 0};
    data_list_add(&list, workspace, STARPU_SCRATCH);
    data_list_add(&list, operators, STARPU_W);
    data_list_add(&list, fitted, STARPU_R);
    for (size_t i = 0; i < n_tiles; i++)
        data_list_add(&list, tiles[i], STARPU_R);
    int code = starpu_task_insert(&load_fold_cl, STARPU_DATA_MODE_ARRAY, list.items, list.count, STARPU_VALUE,
                                  args, sizeof *args, 0);
    return run_status_inserted(code, "load_fold", err);
}
