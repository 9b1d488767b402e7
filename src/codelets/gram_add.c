#include "codelets/gram_add.h"

#include "model/kinship/gram.h"

void gram_add_cpu(void *buffers[], void *cl_arg)
{
    struct run_status *status;
    starpu_codelet_unpack_args(cl_arg, &status);
    if (run_status_failed(status))
        return;
    gram_add((const double *)STARPU_MATRIX_GET_PTR(buffers[0]), STARPU_MATRIX_GET_NY(buffers[0]),
             STARPU_MATRIX_GET_NX(buffers[0]), STARPU_MATRIX_GET_LD(buffers[0]),
             (double *)STARPU_MATRIX_GET_PTR(buffers[1]));
}

static struct starpu_codelet gram_add_cl = {
    .cpu_funcs = {gram_add_cpu},
    .nbuffers = 2,
    .modes = {STARPU_R, STARPU_RW},
    .name = "gram_add",
};

int gram_add_submit(struct run_status *status, starpu_data_handle_t chunk, starpu_data_handle_t total,
                    struct error *err)
{
    int code = starpu_task_insert(&gram_add_cl, STARPU_R, chunk, STARPU_RW, total, STARPU_VALUE, &status,
                                  sizeof status, 0);
    return run_status_inserted(code, "gram_add", err);
}
