#include "codelets/save_block.h"

#include "codelets/data_list.h"

static bool is_poisoned(const void *tile)
{
    const void *values = (const void *)STARPU_VECTOR_GET_PTR(tile);
    return STARPU_VECTOR_GET_ELEMSIZE(tile) == sizeof(double) ? run_status_poisoned_doubles(values)
                                                              : run_status_poisoned(values);
}

void save_block_cpu(void *buffers[], void *cl_arg)
{
    struct save_block_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    struct error err = {0};
    bool is_whole = !run_status_failed(args.status);
    for (size_t i = 0; is_whole && i < args.n_tiles; i++)
        is_whole = !is_poisoned(buffers[1 + i]);
    if (is_whole &&
        campaign_units_save(args.units, args.first_unit, args.n_units, args.rows, args.tolerance, &err) != 0)
        run_status_fail(args.status, &err);
    args.done.call(args.done.context);
}

static struct starpu_codelet save_block_cl = {
    .cpu_funcs = {save_block_cpu},
    .nbuffers = STARPU_VARIABLE_NBUFFERS,
    .name = "save_block",
};

int save_block_submit(const struct save_block_args *args, const starpu_data_handle_t *tiles,
                      starpu_data_handle_t file, int priority, struct error *err)
{
    struct data_list list = {.count = 0};
    data_list_add(&list, file, STARPU_RW);
    for (size_t i = 0; i < args->n_tiles; i++)
        data_list_add(&list, tiles[i], STARPU_R);
    int code = starpu_task_insert(&save_block_cl, STARPU_DATA_MODE_ARRAY, list.items, list.count,
                                  STARPU_VALUE, args, sizeof *args, STARPU_PRIORITY, priority, 0);
    return run_status_inserted(code, "save_block", err);
}
