#include "codelets/finish_form.h"

#include "codelets/data_list.h"
#include "codelets/form_priority.h"

static void finish_form_cpu(void *buffers[], void *cl_arg)
{
    struct finish_form_args args;
    (void)buffers;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (run_status_failed(args.status))
        return;
    if (args.is_criterion)
        forms_finish_criterion(&args.factor, args.folds, args.outer_fold, args.form);
    else
        forms_finish_error(&args.factor, args.form);
}

static struct starpu_codelet finish_form_cl = {
    .cpu_funcs = {finish_form_cpu},
    .nbuffers = STARPU_VARIABLE_NBUFFERS,
    .name = "finish_form",
};

int finish_form_submit(const struct finish_form_args *args, const starpu_data_handle_t *tiles, size_t n_tiles,
                       starpu_data_handle_t beside, struct error *err)
{
    struct data_list list = {.count = 0};
    data_list_add(&list, beside, args->is_criterion ? STARPU_W : STARPU_R);
    for (size_t i = 0; i < n_tiles; i++)
        data_list_add(&list, tiles[i], STARPU_RW);
    int code = starpu_task_insert(&finish_form_cl, STARPU_DATA_MODE_ARRAY, list.items, list.count,
                                  STARPU_VALUE, args, sizeof *args, STARPU_PRIORITY, FORM_PRIORITY, 0);
    return run_status_inserted(code, "finish_form", err);
}
