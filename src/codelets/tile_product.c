#include "codelets/tile_product.h"

#include "model/ridge/operators.h"

void tile_product_cpu(void *buffers[], void *cl_arg)
{
    struct tile_product_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (run_status_failed(args.status))
        return;
    operators_tile(args.svd, args.penalty,
                   &(struct operators_block){args.first_row, args.n_rows, args.first_column, args.n_columns},
                   (double *)STARPU_VECTOR_GET_PTR(buffers[1]), args.p);
}

static struct starpu_codelet tile_product_cl = {
    .cpu_funcs = {tile_product_cpu},
    .nbuffers = 3,
    .modes = {STARPU_R, STARPU_SCRATCH, STARPU_W},
    .name = "tile_product",
};

int tile_product_submit(const struct tile_product_args *args, starpu_data_handle_t vectors,
                        starpu_data_handle_t workspace, starpu_data_handle_t tile, struct error *err)
{
    int code = starpu_task_insert(&tile_product_cl, STARPU_R, vectors, STARPU_SCRATCH, workspace, STARPU_W,
                                  tile, STARPU_VALUE, args, sizeof *args, 0);
    return run_status_inserted(code, "tile_product", err);
}
