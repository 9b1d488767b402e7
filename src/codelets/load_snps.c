#include "codelets/load_snps.h"

void load_snps_cpu(void *buffers[], void *cl_arg)
{
    struct load_snps_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (run_status_failed(args.status))
        return;
    uint8_t *calls = (uint8_t *)STARPU_VECTOR_GET_PTR(buffers[0]);
    void *x = (void *)STARPU_MATRIX_GET_PTR(buffers[1]);
    double *heterozygosity = (double *)STARPU_MATRIX_GET_PTR(buffers[2]);
    struct error err = {0};
    if (args.source->read(args.source->context, args.first, args.count, calls, &err) != 0)
        run_status_fail(args.status, &err);
    else if (args.is_single)
        genotype_standardise_single(calls, args.count, args.n, args.filter, x, heterozygosity, args.counts);
    else
        genotype_standardise(calls, args.count, args.n, args.filter, x, heterozygosity, args.counts);
}

static struct starpu_codelet load_snps_cl = {
    .cpu_funcs = {load_snps_cpu},
    .nbuffers = 3,
    .modes = {STARPU_SCRATCH, STARPU_W, STARPU_W},
    .name = "load_snps",
};

int load_snps_submit(const struct load_snps_args *args, starpu_data_handle_t calls, starpu_data_handle_t x,
                     starpu_data_handle_t heterozygosity, struct error *err)
{
    int code = starpu_task_insert(&load_snps_cl, STARPU_SCRATCH, calls, STARPU_W, x, STARPU_W, heterozygosity,
                                  STARPU_VALUE, args, sizeof *args, 0);
    return run_status_inserted(code, "load_snps", err);
}
