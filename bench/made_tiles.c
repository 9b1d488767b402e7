#include "made_tiles.h"

#include "bare_threads.h"
#include "base/memory.h"
#include "measure.h"
#include "model/ridge/score_nodes.h"

#include <stdlib.h>

int tile_buffers_init(struct tile_buffers *buffers, const struct made_study *study, struct error *err)
{
    struct ridge_tiling tiling = ridge_tiling_of(study->n_targets);
    size_t columns = ridge_tiling_most_columns(&tiling), n_outer = study->folds.n_outer;
    size_t workspace = ridge_workspace(&study->folds, study->covariates.c, columns);
    *buffers = (struct tile_buffers){.n_penalties = study->n_penalties};
    buffers->gathered = memory_aligned(study->n * columns, sizeof(float), "a tile", err);
    buffers->workspace = memory_aligned(workspace, sizeof(float), "a tile", err);
    buffers->baseline = memory_aligned(n_outer * columns, sizeof(float), "a tile", err);
    buffers->score = memory_aligned(columns, sizeof(float), "a tile", err);
    buffers->orders = memory_zeroed(2 * study->n, sizeof *buffers->orders, "a tile", err);
    buffers->sums = memory_zeroed(study->n_penalties, sizeof *buffers->sums, "a tile", err);
    for (size_t k = 0; err->code == 0 && k < study->n_penalties; k++)
        buffers->sums[k] = memory_aligned(2 * n_outer * columns, sizeof(float), "a tile", err);
    return err->code;
}

void tile_buffers_free(struct tile_buffers *buffers)
{
    for (size_t k = 0; buffers->sums != NULL && k < buffers->n_penalties; k++)
        free(buffers->sums[k]);
    free(buffers->sums);
    free(buffers->orders);
    free(buffers->score);
    free(buffers->baseline);
    free(buffers->workspace);
    free(buffers->gathered);
}

void made_tile_compute(const struct made_study *study, uint64_t first_permutation,
                       struct tile_buffers *buffers, struct tile_seconds *seconds)
{
    const struct folds *folds = &study->folds;
    const struct shared_operators *shared = &study->operators;
    struct ridge_tiling tiling = ridge_tiling_of(study->n_targets);
    size_t columns = ridge_tiling_columns(&tiling, 0);
    double start = measure_thread_seconds();
    ridge_gather(&study->scheme, first_permutation, &tiling, 0, study->targets, buffers->gathered,
                 buffers->orders);
    double gathered = measure_thread_seconds();
    for (size_t k = 0; k < study->n_penalties; k++) {
        struct ridge_operators operators = {shared->span, shared->p[k],
                                            (const float *const *)shared->folds + k * folds->n_outer,
                                            shared->layouts};
        ridge_tile(folds, &operators, buffers->gathered, columns, buffers->workspace, buffers->sums[k]);
    }
    double ridge = measure_thread_seconds();
    ridge_baseline(folds, shared->span, &study->baseline, buffers->gathered, columns, buffers->workspace,
                   buffers->baseline);
    double baseline = measure_thread_seconds();
    score_nodes_columns(&(struct score_tile){.kind = SCORE_MEAN_R2,
                                             .nodes = &study->nodes,
                                             .n_test = study->n_test,
                                             .folds = shared->span,
                                             .sums = (const float *const *)buffers->sums,
                                             .baseline = buffers->baseline,
                                             .columns = columns},
                        NULL, NULL, buffers->score);
    *seconds = (struct tile_seconds){gathered - start, ridge - gathered, baseline - ridge,
                                     measure_thread_seconds() - baseline};
}

struct thread_tiles {
    const struct made_study *study;
    struct tile_buffers buffers;
};

static void compute_tile(void *thread, size_t tile)
{
    struct thread_tiles *self = thread;
    struct tile_seconds seconds;
    made_tile_compute(self->study, tile + 1, &self->buffers, &seconds);
}

int made_tiles_on_threads(const struct made_study *study, size_t n_tiles, size_t n_threads, double *seconds,
                          struct error *err)
{
    const struct bare_work work = {n_tiles, compute_tile};
    struct thread_tiles *threads = memory_zeroed(n_threads, sizeof *threads, "threads", err);
    if (threads == NULL)
        return err->code;
    for (size_t i = 0; i < n_threads && err->code == 0; i++) {
        threads[i].study = study;
        tile_buffers_init(&threads[i].buffers, study, err);
    }
    if (err->code == 0)
        bare_threads_run(&work, threads, n_threads, sizeof *threads, seconds, err);
    for (size_t i = 0; i < n_threads; i++)
        tile_buffers_free(&threads[i].buffers);
    free(threads);
    return err->code;
}
