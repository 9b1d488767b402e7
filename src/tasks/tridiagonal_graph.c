#include "tasks/tridiagonal_graph.h"

#include "codelets/tridiagonal_step.h"
#include "tasks/handles.h"

/* Tasks on their way: some columns', so that workers never wait for the thread that submits. */
enum { MOST_TASKS = 64 * (TRIDIAGONAL_SLABS + 1) };

static int submit_panel(const struct tridiagonal_step_args *step, size_t panel, starpu_data_handle_t column,
                        struct error *err)
{
    struct tridiagonal_step_args args = *step;
    size_t first = panel * TRIDIAGONAL_PANEL;
    args.column = first;
    tridiagonal_begin_submit(&args, column, err);
    for (; err->code == 0 && args.column < first + TRIDIAGONAL_PANEL; args.column++) {
        for (args.slab = 0; err->code == 0 && args.slab < TRIDIAGONAL_SLABS; args.slab++)
            tridiagonal_product_submit(&args, column, err);
        if (err->code == 0)
            tridiagonal_next_submit(&args, column, err);
    }
    args.column = panel;
    for (args.slab = 0; err->code == 0 && args.slab < TRIDIAGONAL_SLABS; args.slab++)
        tridiagonal_update_submit(&args, column, err);
    return err->code;
}

int tridiagonal_graph_run(struct runtime *runtime, struct tridiagonal_reduction *reduction,
                          const struct progress_sink *progress, const char *interrupted, struct error *err)
{
    struct tridiagonal_step_args step = {.status = runtime->status, .reduction = reduction};
    starpu_data_handle_t column = NULL;
    starpu_void_data_register(&column);
    for (size_t panel = 0; err->code == 0 && panel < reduction_panels(reduction->n); panel++) {
        if (run_status_failed(runtime->status))
            break;
        submit_panel(&step, panel, column, err);
        runtime_wait_for_room(runtime, MOST_TASKS, progress, interrupted);
    }
    runtime_wait(runtime, progress, interrupted, err);
    handles_unregister(&column, 1);
    return err->code;
}
