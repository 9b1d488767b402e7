#include "codelets/load_fold.h"

#include "codelets/data_list.h"

enum { BUFFER_WORKSPACE, BUFFER_OPERATORS };

size_t load_fold_workspace(const struct load_fold_args *args)
{
    size_t needed[] = {args->observed != NULL ? observed_workspace(args->observed, args->folds) : 0,
                       args->sketch != NULL ? penalty_sketch_workspace(args->sketch, args->folds) : 0};
    size_t most = 0;
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        most = needed[i] > most ? needed[i] : most;
    return args->layout->count + most;
}

/* E and its factor, from the fold's operators in double. */
static void begin_forms(const struct load_fold_args *args)
{
    const struct load_fold_forms *forms = &args->forms;
    struct forms_fold fold = {args->p, args->folds, args->outer_fold, args->layout, forms->operators};
    forms_rows_error(&fold, forms->error_rows);
    form_factor_take(&forms->error, 0, 0, forms->error_rows, args->folds->rows[args->outer_fold].n_test);
}

/* The fold's part of the observed scores and its sketches, from its operators in double. */
static void observe(const struct load_fold_args *args, const double *operators, double *workspace)
{
    const struct operators_of_fold fold = {args->folds, args->outer_fold, args->layout, operators};
    size_t n_fitted = 0;
    if (args->observed != NULL) {
        n_fitted = args->folds->n * args->observed->n_targets;
        observed_fold(args->observed, &fold, args->penalty, args->fitted, workspace);
    }
    if (args->sketch != NULL)
        penalty_sketch_fold(args->sketch, &fold, args->penalty, args->fitted + n_fitted, workspace);
}

void load_fold_cpu(void *buffers[], void *cl_arg)
{
    struct load_fold_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (run_status_failed(args.status))
        return;
    double *workspace = (double *)STARPU_VECTOR_GET_PTR(buffers[BUFFER_WORKSPACE]);
    double *operators = args.forms.operators != NULL ? args.forms.operators : workspace;
    struct error err = {0};
    if (operators_fold(args.p, args.folds, args.outer_fold, args.layout, args.lost, operators, &err) != 0) {
        error_append(&err, " (outer fold %zu, penalty %zu)", args.outer_fold + 1, args.penalty + 1);
        run_status_fail(args.status, &err);
        return;
    }
    if (args.is_kept)
        operators_round(operators, args.layout->count,
                        (float *)STARPU_VECTOR_GET_PTR(buffers[BUFFER_OPERATORS]));
    observe(&args, operators, workspace + args.layout->count);
    if (args.forms.operators != NULL)
        begin_forms(&args);
}

static struct starpu_codelet load_fold_cl = {
    .cpu_funcs = {load_fold_cpu},
    .nbuffers = STARPU_VARIABLE_NBUFFERS,
    .name = "load_fold",
};

int load_fold_submit(const struct load_fold_args *args, const struct load_fold_data *data, struct error *err)
{
    struct load_fold_args task = *args;
    task.is_kept = data->operators != NULL;
    struct data_list list = {.count = 0};
    data_list_add(&list, data->workspace, STARPU_SCRATCH);
    if (data->operators != NULL)
        data_list_add(&list, data->operators, STARPU_W);
    if (data->forms != NULL)
        data_list_add(&list, data->forms, STARPU_W);
    for (size_t i = 0; i < data->n_fitted; i++)
        data_list_add(&list, data->fitted[i], STARPU_R);
    for (size_t i = 0; i < data->n_tiles; i++)
        data_list_add(&list, data->tiles[i], STARPU_R);
    int code = starpu_task_insert(&load_fold_cl, STARPU_DATA_MODE_ARRAY, list.items, list.count, STARPU_VALUE,
                                  &task, sizeof task, 0);
    return run_status_inserted(code, "load_fold", err);
}
