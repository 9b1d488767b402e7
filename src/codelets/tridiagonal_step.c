#include "codelets/tridiagonal_step.h"

/* A step's arguments; false when the run has failed. */
static bool unpack(void *cl_arg, struct tridiagonal_step_args *args)
{
    starpu_codelet_unpack_args(cl_arg, args);
    return !run_status_failed(args->status);
}

static void begin_cpu(void *buffers[], void *cl_arg)
{
    (void)buffers;
    struct tridiagonal_step_args args;
    if (unpack(cl_arg, &args))
        reduction_begin(args.reduction, args.column);
}

static void product_cpu(void *buffers[], void *cl_arg)
{
    (void)buffers;
    struct tridiagonal_step_args args;
    if (unpack(cl_arg, &args))
        reduction_product(args.reduction, args.column, args.slab);
}

static void next_cpu(void *buffers[], void *cl_arg)
{
    (void)buffers;
    struct tridiagonal_step_args args;
    if (unpack(cl_arg, &args))
        reduction_next(args.reduction, args.column);
}

static void update_cpu(void *buffers[], void *cl_arg)
{
    (void)buffers;
    struct tridiagonal_step_args args;
    if (unpack(cl_arg, &args))
        reduction_update(args.reduction, args.column, args.slab);
}

static struct starpu_codelet begin_cl = {
    .cpu_funcs = {begin_cpu}, .nbuffers = 1, .modes = {STARPU_W}, .name = "tridiagonal_begin"};
static struct starpu_codelet product_cl = {
    .cpu_funcs = {product_cpu}, .nbuffers = 1, .modes = {STARPU_R}, .name = "tridiagonal_product"};
static struct starpu_codelet next_cl = {
    .cpu_funcs = {next_cpu}, .nbuffers = 1, .modes = {STARPU_RW}, .name = "tridiagonal_next"};
static struct starpu_codelet update_cl = {
    .cpu_funcs = {update_cpu}, .nbuffers = 1, .modes = {STARPU_R}, .name = "tridiagonal_update"};

static int submit(struct starpu_codelet *codelet, enum starpu_data_access_mode mode,
                  const struct tridiagonal_step_args *args, starpu_data_handle_t column, struct error *err)
{
    int code = starpu_task_insert(codelet, mode, column, STARPU_VALUE, args, sizeof *args, 0);
    return run_status_inserted(code, codelet->name, err);
}

int tridiagonal_begin_submit(const struct tridiagonal_step_args *args, starpu_data_handle_t column,
                             struct error *err)
{
    return submit(&begin_cl, STARPU_W, args, column, err);
}

int tridiagonal_product_submit(const struct tridiagonal_step_args *args, starpu_data_handle_t column,
                               struct error *err)
{
    return submit(&product_cl, STARPU_R, args, column, err);
}

int tridiagonal_next_submit(const struct tridiagonal_step_args *args, starpu_data_handle_t column,
                            struct error *err)
{
    return submit(&next_cl, STARPU_RW, args, column, err);
}

int tridiagonal_update_submit(const struct tridiagonal_step_args *args, starpu_data_handle_t column,
                              struct error *err)
{
    return submit(&update_cl, STARPU_R, args, column, err);
}
