#include "codelets/gram_tile.h"

#include "model/kinship/gram.h"

void gram_tile_cpu(void *buffers[], void *cl_arg)
{
    struct gram_tile_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (run_status_failed(args.status))
        return;
    const void *x = (const void *)STARPU_MATRIX_GET_PTR(buffers[0]);
    double *chunk = (double *)STARPU_MATRIX_GET_PTR(buffers[1]);
    struct gram_block block = {args.first_row, args.n_rows, args.first_column, args.n_columns};
    if (args.is_single)
        gram_tile_single(x, args.counts->n_kept, args.n, &block, args.add,
                         (float *)STARPU_VECTOR_GET_PTR(buffers[2]), chunk);
    else
        gram_tile(x, args.counts->n_kept, args.n, &block, args.add, chunk);
}

static struct starpu_codelet gram_tile_cl = {
    .cpu_funcs = {gram_tile_cpu},
    .nbuffers = 3,
    .modes = {STARPU_R, STARPU_RW, STARPU_SCRATCH},
    .name = "gram_tile",
};

int gram_tile_submit(const struct gram_tile_args *args, starpu_data_handle_t x, starpu_data_handle_t chunk,
                     starpu_data_handle_t workspace, struct error *err)
{
    int code = starpu_task_insert(&gram_tile_cl, STARPU_R, x, STARPU_RW, chunk, STARPU_SCRATCH, workspace,
                                  STARPU_VALUE, args, sizeof *args, 0);
    return run_status_inserted(code, "gram_tile", err);
}
