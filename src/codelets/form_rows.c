#include "codelets/form_rows.h"

#include "codelets/data_list.h"
#include "codelets/form_priority.h"

size_t form_rows_workspace(const struct folds *folds)
{
    return folds_largest_inner(folds) * folds->n;
}

static void form_rows_cpu(void *buffers[], void *cl_arg)
{
    struct form_rows_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (run_status_failed(args.status))
        return;
    const struct fold_rows *of_fold = &args.fold.folds->rows[args.fold.outer_fold];
    size_t first = of_fold->inner_start[args.inner_fold],
           n_rows = of_fold->inner_start[args.inner_fold + 1] - first;
    double *rows = (double *)STARPU_VECTOR_GET_PTR(buffers[0]);
    forms_rows_criterion(&args.fold, args.inner_fold, args.error_rows, rows);
    form_factor_take(&args.factor, args.inner_fold, first, rows, n_rows);
}

static struct starpu_codelet form_rows_cl = {
    .cpu_funcs = {form_rows_cpu},
    .nbuffers = STARPU_VARIABLE_NBUFFERS,
    .name = "form_rows",
};

int form_rows_submit(const struct form_rows_args *args, const struct form_rows_data *data, struct error *err)
{
    struct data_list list = {.count = 0};
    data_list_add(&list, data->workspace, STARPU_SCRATCH);
    data_list_add(&list, data->operators, STARPU_R);
    data_list_add(&list, data->room, STARPU_R);
    data_list_add(&list, data->rows, STARPU_W);
    for (size_t i = 0; i < data->n_tiles; i++)
        data_list_add(&list, data->tiles[i], STARPU_R);
    int code = starpu_task_insert(&form_rows_cl, STARPU_DATA_MODE_ARRAY, list.items, list.count, STARPU_VALUE,
                                  args, sizeof *args, STARPU_PRIORITY, FORM_PRIORITY, 0);
    return run_status_inserted(code, "form_rows", err);
}
