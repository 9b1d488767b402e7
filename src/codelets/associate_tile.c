#include "codelets/associate_tile.h"

static void keep_full(const struct associate_tile_args *args)
{
    const struct associate_full *full = args->full;
    for (size_t f = 0; full != NULL && f < full->count; f++)
        for (size_t k = 0; k < args->tile->n_rows; k++)
            full->r[f * full->n_variants + args->tile->variant[k]] =
                pair_scan_exact(args->tile, k, args->targets, full->target[f]);
}

void associate_tile_cpu(void *buffers[], void *cl_arg)
{
    struct associate_tile_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (run_status_failed(args.status))
        return;
    int worker = starpu_worker_get_id();
    struct associations *into = &args.associations[worker > 0 ? worker : 0];
    struct error err = {0};
    if (args.counts != NULL)
        *args.counts = args.tile->counts;
    keep_full(&args);
    for (size_t first = args.first, end = args.first + args.count; first < end; first += PAIR_STRIP) {
        struct pair_strip strip = {.first = first,
                                   .count = end - first < PAIR_STRIP ? end - first : PAIR_STRIP,
                                   .products = (float *)STARPU_VECTOR_GET_PTR(buffers[1])};
        if (pair_scan_strip(args.tile, args.targets, &strip, into, &err) != 0) {
            run_status_fail(args.status, &err);
            return;
        }
    }
}

static struct starpu_codelet associate_tile_cl = {
    .cpu_funcs = {associate_tile_cpu},
    .nbuffers = 2,
    .modes = {STARPU_R, STARPU_SCRATCH},
    .name = "associate_tile",
};

int associate_tile_submit(const struct associate_tile_args *args, starpu_data_handle_t rounded,
                          starpu_data_handle_t products, struct error *err)
{
    int code = starpu_task_insert(&associate_tile_cl, STARPU_R, rounded, STARPU_SCRATCH, products,
                                  STARPU_VALUE, args, sizeof *args, 0);
    return run_status_inserted(code, "associate_tile", err);
}
