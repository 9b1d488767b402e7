#include "codelets/residualise_tile.h"

void residualise_tile_cpu(void *buffers[], void *cl_arg)
{
    struct residualise_tile_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (run_status_failed(args.status))
        return;
    uint8_t *calls = (uint8_t *)STARPU_VECTOR_GET_PTR(buffers[0]);
    struct error err = {0};
    if (args.source->read(args.source->context, args.first, args.count, calls, &err) != 0) {
        run_status_fail(args.status, &err);
        return;
    }
    snp_tile_fill(args.tile, &(struct snp_calls){calls, args.first, args.count}, args.covariates, args.filter,
                  args.facts);
}

static struct starpu_codelet residualise_tile_cl = {
    .cpu_funcs = {residualise_tile_cpu},
    .nbuffers = 2,
    .modes = {STARPU_SCRATCH, STARPU_W},
    .name = "residualise_tile",
};

int residualise_tile_submit(const struct residualise_tile_args *args, starpu_data_handle_t calls,
                            starpu_data_handle_t rounded, struct error *err)
{
    int code = starpu_task_insert(&residualise_tile_cl, STARPU_SCRATCH, calls, STARPU_W, rounded,
                                  STARPU_VALUE, args, sizeof *args, 0);
    return run_status_inserted(code, "residualise_tile", err);
}
