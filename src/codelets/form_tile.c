#include "codelets/form_tile.h"

#include "codelets/data_list.h"
#include "codelets/form_priority.h"

static void form_tile_cpu(void *buffers[], void *cl_arg)
{
    struct form_tile_args args;
    (void)buffers;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (!run_status_failed(args.status))
        form_factor_tile(&args.factor, args.row_part, args.column_part, args.form, args.ld);
}

static struct starpu_codelet form_tile_cl = {
    .cpu_funcs = {form_tile_cpu},
    .nbuffers = STARPU_VARIABLE_NBUFFERS,
    .name = "form_tile",
};

int form_tile_submit(const struct form_tile_args *args, const starpu_data_handle_t *after, size_t n_after,
                     starpu_data_handle_t tile, struct error *err)
{
    struct data_list list = {.count = 0};
    data_list_add(&list, tile, STARPU_W);
    for (size_t i = 0; i < n_after; i++)
        data_list_add(&list, after[i], STARPU_R);
    int code = starpu_task_insert(&form_tile_cl, STARPU_DATA_MODE_ARRAY, list.items, list.count, STARPU_VALUE,
                                  args, sizeof *args, STARPU_PRIORITY, FORM_PRIORITY, 0);
    return run_status_inserted(code, "form_tile", err);
}
