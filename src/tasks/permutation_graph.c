#include "tasks/permutation_graph.h"

#include "base/memory.h"
#include "codelets/baseline_batch.h"
#include "codelets/data_list.h"
#include "codelets/gather_targets.h"
#include "codelets/reduce.h"
#include "codelets/ridge_batch.h"
#include "codelets/run_status.h"
#include "codelets/save_block.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Blocks that are in flight, and column tiles beyond the workers' own whose buffers stand ready. */
enum { N_BLOCKS = 2, SPARE_TILES = 2 };

/* Buffers of one column tile; used in turn by the tiles of a run. */
struct tile_slot {
    float *gathered, *baseline, **sums; /* n x columns; F x columns; n_penalties arrays 2F x columns */
    starpu_data_handle_t gathered_handle, baseline_handle, *sums_handles;
};

/* Scores of one block; used in turn by the blocks of a run. */
struct block_slot {
    float *rows;                 /* block_units x G x T */
    starpu_data_handle_t *tiles; /* of each unit's slices, in order */
};

struct permutation_run {
    struct runtime *runtime;
    const struct permutation_graph_input *input;
    struct ridge_grid grid;
    size_t *n_test; /* n_outer */
    struct tile_slot *tiles;
    size_t n_tiles, next_tile; /* slots; tiles submitted so far */
    struct block_slot blocks[N_BLOCKS];
    size_t block_units;
    starpu_data_handle_t targets, orders, workspace, file;

    atomic_llong n_reduced; /* column tiles that have scores */
    pthread_mutex_t mutex;  /* guards what follows */
    pthread_cond_t changed;
    int n_blocks_in_flight;
    int64_t n_units_submitted;
};

static void register_floats(starpu_data_handle_t *handle, float *array, size_t n_rows, size_t n_columns)
{
    starpu_matrix_data_register(handle, STARPU_MAIN_RAM, (uintptr_t)array, (uint32_t)n_columns,
                                (uint32_t)n_columns, (uint32_t)n_rows, sizeof *array);
}

static int tile_slot_init(const struct permutation_run *run, struct tile_slot *slot, struct error *err)
{
    size_t n = run->input->folds->n, n_outer = run->input->folds->n_outer;
    size_t n_penalties = run->input->factors->n_penalties, columns = ridge_grid_most_columns(&run->grid);
    slot->gathered = memory_aligned(n * columns, sizeof(float), "a column tile", err);
    slot->baseline = memory_aligned(n_outer * columns, sizeof(float), "a column tile's sums", err);
    slot->sums = memory_zeroed(n_penalties, sizeof *slot->sums, "a column tile's sums", err);
    slot->sums_handles = memory_zeroed(n_penalties, sizeof *slot->sums_handles, "a column tile's sums", err);
    for (size_t k = 0; err->code == 0 && k < n_penalties; k++)
        slot->sums[k] = memory_aligned(2 * n_outer * columns, sizeof(float), "a column tile's sums", err);
    if (err->code != 0)
        return err->code;
    register_floats(&slot->gathered_handle, slot->gathered, n, columns);
    register_floats(&slot->baseline_handle, slot->baseline, n_outer, columns);
    for (size_t k = 0; k < n_penalties; k++)
        register_floats(&slot->sums_handles[k], slot->sums[k], 2 * n_outer, columns);
    return 0;
}

static void unregister(starpu_data_handle_t handle)
{
    if (handle != NULL)
        starpu_data_unregister(handle);
}

static void tile_slot_free(const struct permutation_run *run, struct tile_slot *slot)
{
    unregister(slot->gathered_handle);
    unregister(slot->baseline_handle);
    for (size_t k = 0; slot->sums != NULL && k < run->input->factors->n_penalties; k++) {
        if (slot->sums_handles != NULL)
            unregister(slot->sums_handles[k]);
        free(slot->sums[k]);
    }
    free(slot->sums);
    free(slot->sums_handles);
    free(slot->gathered);
    free(slot->baseline);
}

/* Where slice s of unit u (within the block) stands in the block's rows. */
static float *tile_scores(const struct permutation_run *run, const struct block_slot *block, size_t unit,
                          size_t slice)
{
    size_t first, count;
    ridge_grid_slice(&run->grid, slice, &first, &count);
    return block->rows + unit * run->grid.unit_permutations * run->grid.n_targets + first;
}

static int block_slot_init(const struct permutation_run *run, struct block_slot *block, struct error *err)
{
    size_t n_slices = run->grid.n_slices;
    block->rows = memory_aligned(run->block_units * run->grid.unit_permutations * run->grid.n_targets,
                                 sizeof(float), "a block of scores", err);
    block->tiles = memory_zeroed(run->block_units * n_slices, sizeof *block->tiles, "a block of scores", err);
    if (err->code != 0)
        return err->code;
    for (size_t u = 0; u < run->block_units; u++)
        for (size_t s = 0; s < n_slices; s++)
            starpu_vector_data_register(&block->tiles[u * n_slices + s], STARPU_MAIN_RAM,
                                        (uintptr_t)tile_scores(run, block, u, s),
                                        (uint32_t)ridge_grid_columns(&run->grid, s), sizeof(float));
    return 0;
}

static void block_slot_free(const struct permutation_run *run, struct block_slot *block)
{
    for (size_t k = 0; block->tiles != NULL && k < run->block_units * run->grid.n_slices; k++)
        unregister(block->tiles[k]);
    free(block->tiles);
    free(block->rows);
}

static int locks_init(struct permutation_run *run, struct error *err)
{
    pthread_condattr_t attributes;
    int code = pthread_mutex_init(&run->mutex, NULL);
    if (code == 0)
        code = pthread_condattr_init(&attributes);
    if (code == 0) {
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        code = pthread_cond_init(&run->changed, &attributes);
        pthread_condattr_destroy(&attributes);
    }
    return code == 0 ? 0 : error_set(err, EXIT_CODE_FAILED, "cannot make a lock: %s", strerror(code));
}

static int run_init(struct permutation_run *run, struct runtime *runtime,
                    const struct permutation_graph_input *input, size_t block_units, size_t n_blocks,
                    struct error *err)
{
    const struct folds *folds = input->folds;
    *run = (struct permutation_run){.runtime = runtime, .input = input, .block_units = block_units};
    run->grid = ridge_grid_of(input->n_targets);
    run->n_tiles = (size_t)runtime->n_workers + SPARE_TILES;
    if (locks_init(run, err) != 0)
        return err->code;
    run->n_test = memory_zeroed(folds->n_outer, sizeof *run->n_test, "test set sizes", err);
    run->tiles = memory_zeroed(run->n_tiles, sizeof *run->tiles, "column tiles", err);
    for (size_t t = 0; err->code == 0 && t < run->n_tiles; t++)
        tile_slot_init(run, &run->tiles[t], err);
    for (size_t b = 0; err->code == 0 && b < n_blocks; b++)
        block_slot_init(run, &run->blocks[b], err);
    if (err->code != 0)
        return err->code;
    for (size_t o = 0; o < folds->n_outer; o++)
        run->n_test[o] = folds->rows[o].n_test;
    starpu_matrix_data_register(&run->targets, STARPU_MAIN_RAM, (uintptr_t)input->targets,
                                (uint32_t)input->n_targets, (uint32_t)input->n_targets, (uint32_t)folds->n,
                                sizeof(float));
    size_t workspace = ridge_workspace(folds, input->baseline->c, ridge_grid_most_columns(&run->grid));
    starpu_vector_data_register(&run->workspace, -1, 0, (uint32_t)workspace, sizeof(float));
    starpu_vector_data_register(&run->orders, -1, 0, (uint32_t)(2 * folds->n), sizeof(uint32_t));
    starpu_void_data_register(&run->file);
    return 0;
}

static void run_free(struct permutation_run *run)
{
    for (size_t t = 0; run->tiles != NULL && t < run->n_tiles; t++)
        tile_slot_free(run, &run->tiles[t]);
    for (size_t b = 0; b < N_BLOCKS; b++)
        block_slot_free(run, &run->blocks[b]);
    unregister(run->targets);
    unregister(run->workspace);
    unregister(run->orders);
    unregister(run->file);
    free(run->tiles);
    free(run->n_test);
    pthread_cond_destroy(&run->changed);
    pthread_mutex_destroy(&run->mutex);
}

/* All tasks of one column tile: its scores end in `scores`. */
static int submit_tile(struct permutation_run *run, uint64_t first_permutation, size_t slice,
                       starpu_data_handle_t scores, struct error *err)
{
    const struct permutation_graph_input *input = run->input;
    struct run_status *status = run->runtime->status;
    const struct factors *factors = input->factors;
    const struct tile_slot *slot = &run->tiles[run->next_tile % run->n_tiles];
    size_t columns = ridge_grid_columns(&run->grid, slice);
    int priority = -(int)(run->next_tile++ % INT32_MAX); /* earlier tiles first: blocks finish in order */
    struct gather_targets_args gather = {status, input->scheme, &run->grid, first_permutation, slice};
    struct baseline_batch_args baseline = {status, input->folds, input->baseline, columns};
    struct ridge_batch_args ridge = {status, input->folds, factors->layouts, columns};
    struct reduce_args reduce = {status,  input->score,   run->n_test, factors->n_outer, factors->n_penalties,
                                 columns, &run->n_reduced};
    if (gather_targets_submit(&gather, run->targets, run->orders, slot->gathered_handle, priority, err) !=
            0 ||
        baseline_batch_submit(&baseline, slot->gathered_handle, run->workspace, slot->baseline_handle,
                              priority, err) != 0)
        return err->code;
    for (size_t k = 0; k < factors->n_penalties; k++)
        if (ridge_batch_submit(&ridge, factors->p_handles[k], factors->fold_handles + k * factors->n_outer,
                               slot->gathered_handle, run->workspace, slot->sums_handles[k], priority,
                               err) != 0)
            return err->code;
    return reduce_submit(&reduce, slot->sums_handles, slot->baseline_handle, scores, 1, err);
}

int permutation_graph_observed(struct runtime *runtime, const struct permutation_graph_input *input,
                               float *score, const struct progress_sink *progress, struct error *err)
{
    struct permutation_run run;
    if (run_init(&run, runtime, input, 1, 1, err) == 0) {
        for (size_t s = 0; err->code == 0 && s < run.grid.n_slices; s++)
            submit_tile(&run, 0, s, run.blocks[0].tiles[s], err);
        struct error task_error = {0};
        if (runtime_wait(runtime, progress, "while computing the observed scores", &task_error) != 0)
            *err = task_error;
        if (err->code == 0)
            memcpy(score, run.blocks[0].rows, input->n_targets * sizeof *score);
    }
    run_free(&run);
    return err->code;
}

static void block_saved(void *context)
{
    struct permutation_run *run = context;
    pthread_mutex_lock(&run->mutex);
    run->n_blocks_in_flight--;
    pthread_cond_signal(&run->changed);
    pthread_mutex_unlock(&run->mutex);
}

/* A block: consecutive units that are not done, first ... first+count-1. */
static int submit_block(struct permutation_run *run, struct campaign_units *units, size_t number,
                        int64_t first, int64_t count, struct error *err)
{
    const struct block_slot *block = &run->blocks[number % N_BLOCKS];
    size_t n_slices = run->grid.n_slices;
    for (int64_t u = 0; u < count; u++)
        for (size_t s = 0; s < n_slices; s++) {
            uint64_t permutation = (uint64_t)(first + u) * run->grid.unit_permutations + 1;
            if (submit_tile(run, permutation, s, block->tiles[(size_t)u * n_slices + s], err) != 0)
                return err->code;
        }
    struct save_block_args save = {.status = run->runtime->status,
                                   .units = units,
                                   .first_unit = first,
                                   .n_units = count,
                                   .rows = block->rows,
                                   .done = {block_saved, run}};
    return save_block_submit(&save, block->tiles, (size_t)count * n_slices, run->file, 2, err);
}

/* Says how much is still being finished. */
static void tell_stopping(struct permutation_run *run, const struct progress_sink *progress)
{
    int64_t reduced = atomic_load(&run->n_reduced) / (int64_t)run->grid.n_slices;
    if (progress->stopping != NULL)
        progress->stopping(progress->context, run->n_units_submitted - reduced);
}

/* Waits until fewer than `most` blocks are in flight, telling of progress meanwhile. */
static void wait_for_blocks(struct permutation_run *run, int most, int64_t already, int64_t total,
                            const struct progress_sink *progress)
{
    pthread_mutex_lock(&run->mutex);
    for (;;) {
        bool enough = run->n_blocks_in_flight < most;
        pthread_mutex_unlock(&run->mutex);
        int64_t done = atomic_load(&run->n_reduced) / (int64_t)run->grid.n_slices;
        progress->update(progress->context, already + done, total);
        if (enough || (most > 1 && progress_stop_requested(progress)))
            return;
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += 200000000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_mutex_lock(&run->mutex);
        if (run->n_blocks_in_flight >= most)
            pthread_cond_timedwait(&run->changed, &run->mutex, &until);
    }
}

static int submit_all(struct permutation_run *run, struct campaign_units *units, const bool *done,
                      int64_t n_units, const struct progress_sink *progress, struct error *err)
{
    int64_t already = 0;
    for (int64_t u = 0; u < n_units; u++)
        already += done[u];
    size_t number = 0;
    bool stopped = false;
    for (int64_t u = 0; u < n_units;) {
        if (done[u]) {
            u++;
            continue;
        }
        int64_t count = 1;
        while (count < (int64_t)run->block_units && u + count < n_units && !done[u + count])
            count++;
        wait_for_blocks(run, N_BLOCKS, already, n_units, progress);
        if (run_status_failed(run->runtime->status))
            return 0; /* runtime_wait tells */
        if (progress_stop_requested(progress)) {
            tell_stopping(run, progress);
            stopped = true;
            break;
        }
        pthread_mutex_lock(&run->mutex);
        run->n_blocks_in_flight++;
        pthread_mutex_unlock(&run->mutex);
        if (submit_block(run, units, number++, u, count, err) != 0)
            return err->code;
        run->n_units_submitted += count;
        u += count;
    }
    wait_for_blocks(run, 1, already, n_units, progress);
    return stopped ? error_set(err, EXIT_CODE_STOPPED, "stopped on request") : 0;
}

int permutation_graph_run(struct runtime *runtime, const struct permutation_graph_input *input,
                          struct campaign_units *units, const bool *done, int64_t n_units,
                          int64_t block_units, const struct progress_sink *progress, struct error *err)
{
    struct permutation_run run;
    size_t n_slices = ridge_grid_of(input->n_targets).n_slices; /* a block's save takes a buffer a tile */
    size_t most_units = (DATA_LIST_MOST - 1) / n_slices;
    size_t units_a_block = (size_t)block_units < most_units ? (size_t)block_units : most_units;
    if (run_init(&run, runtime, input, units_a_block, N_BLOCKS, err) == 0) {
        submit_all(&run, units, done, n_units, progress, err);
        struct error task_error = {0};
        if (runtime_wait(runtime, NULL, NULL, &task_error) != 0)
            *err = task_error;
    }
    run_free(&run);
    return err->code;
}

int64_t permutation_graph_block_units(double unit_flops, size_t unit_bytes, int64_t units_left, int n_workers)
{
    enum { BLOCK_SECONDS = 5, BLOCK_BYTES = 64 << 20 };
    const double worker_flops_a_second =
        1e11; /* a core with AVX2 or more: a block's size need not be exact */
    double unit_seconds = unit_flops / (worker_flops_a_second * n_workers);
    double by_time = BLOCK_SECONDS / unit_seconds;
    double by_size = (double)BLOCK_BYTES / (double)unit_bytes;
    double by_share = (double)units_left / (4.0 * n_workers);
    double units = floor(fmin(by_share, fmin(by_time, by_size)));
    return units > 1 ? (int64_t)units : 1;
}
