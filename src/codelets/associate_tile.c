#include "codelets/associate_tile.h"

#include <stdlib.h>

/* Named targets among the task's, with every SNP of the tile. */
static void keep_targets(const struct associate_tile_args *args)
{
    const struct associate_full *full = args->full;
    for (size_t f = 0; f < full->n_targets; f++) {
        size_t target = full->target[f];
        if (target < args->first || target >= args->first + args->count)
            continue;
        for (size_t k = 0; k < args->tile->n_rows; k++)
            full->target_r[f * full->n_variants + args->tile->variant[k]] =
                pair_scan_exact(args->tile, k, args->targets, target);
    }
}

static int compare_variants(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Named SNPs of the tile, with every target of the task's. */
static void keep_snps(const struct associate_tile_args *args)
{
    const struct associate_full *full = args->full;
    const struct snp_tile *tile = args->tile;
    for (size_t f = 0; f < full->n_snps; f++) {
        const uint32_t *found =
            bsearch(&full->snp[f], tile->variant, tile->n_rows, sizeof *found, compare_variants);
        for (size_t t = args->first; found != NULL && t < args->first + args->count; t++)
            full->snp_r[f * full->n_all_targets + t] =
                pair_scan_exact(tile, (size_t)(found - tile->variant), args->targets, t);
    }
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
    keep_targets(&args);
    keep_snps(&args);
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
