#include "tasks/association_graph.h"

#include "base/memory.h"
#include "codelets/residualise_tile.h"
#include "codelets/run_status.h"
#include "planning/buffers.h"
#include "tasks/handles.h"

#include <stdlib.h>

/* Targets of a task: 5 Gflop with 1,500 subjects, so that workers are busy also where SNP tiles are few. */
enum { SLICE = 12 * PAIR_STRIP };

static const char interrupted[] = "while SNPs and targets were being correlated: nothing is kept of that";

struct association_run {
    struct runtime *runtime;
    const struct association_graph_input *input;
    struct association_graph_output *output;
    size_t n_tiles, n_buffers;
    struct snp_tile *tiles;        /* n_buffers, used in turn */
    starpu_data_handle_t *handles; /* their rounded rows */
    starpu_data_handle_t calls, products;
    struct snp_counts *counts;   /* of every tile */
    struct associations *worker; /* one each */
};

static int allocate_tile(struct snp_tile *tile, const struct covariates *covariates, struct error *err)
{
    size_t n = covariates->n;
    tile->variant = memory_aligned(SNP_TILE, sizeof *tile->variant, "SNP tiles", err);
    tile->exact = memory_aligned(SNP_TILE * n, sizeof *tile->exact, "SNP tiles", err);
    tile->rounded = memory_aligned(SNP_TILE * n, sizeof *tile->rounded, "SNP tiles", err);
    tile->workspace = memory_aligned(SNP_TILE * covariates->c, sizeof *tile->workspace, "SNP tiles", err);
    return err->code;
}

static void free_tile(struct snp_tile *tile)
{
    free(tile->variant);
    free(tile->exact);
    free(tile->rounded);
    free(tile->workspace);
}

static int allocate(struct association_run *run, struct error *err)
{
    size_t n = run->input->covariates->n, n_workers = (size_t)run->runtime->n_workers;
    run->tiles = memory_zeroed(run->n_buffers, sizeof *run->tiles, "SNP tiles", err);
    run->handles = memory_zeroed(run->n_buffers, sizeof *run->handles, "SNP tiles", err);
    run->worker = memory_zeroed(n_workers, sizeof *run->worker, "associations", err);
    for (size_t w = 0; err->code == 0 && w < n_workers; w++)
        associations_init(&run->worker[w], run->input->targets->count, run->input->most_hits, err);
    for (size_t b = 0; err->code == 0 && b < run->n_buffers; b++)
        allocate_tile(&run->tiles[b], run->input->covariates, err);
    if (err->code != 0)
        return err->code;
    for (size_t b = 0; b < run->n_buffers; b++)
        handles_register_matrix(&run->handles[b], run->tiles[b].rounded, SNP_TILE, n, n, sizeof(float));
    handles_register_scratch(&run->calls, n * SNP_TILE, 1);
    handles_register_scratch(&run->products, (size_t)SNP_TILE * PAIR_STRIP, sizeof(float));
    return 0;
}

static void release(struct association_run *run)
{
    handles_unregister(run->handles, run->n_buffers);
    handles_unregister(&run->calls, 1);
    handles_unregister(&run->products, 1);
    for (size_t b = 0; run->tiles != NULL && b < run->n_buffers; b++)
        free_tile(&run->tiles[b]);
    for (size_t w = 0; run->worker != NULL && w < (size_t)run->runtime->n_workers; w++)
        associations_free(&run->worker[w]);
    free(run->tiles);
    free(run->handles);
    free(run->worker);
}

static int submit_tile(const struct association_run *run, size_t number, struct error *err)
{
    const struct association_graph_input *input = run->input;
    size_t buffer = number % run->n_buffers, first = number * SNP_TILE, left = input->n_variants - first;
    struct residualise_tile_args read = {.status = run->runtime->status,
                                         .source = input->source,
                                         .filter = input->filter,
                                         .covariates = input->covariates,
                                         .first = first,
                                         .count = left < SNP_TILE ? left : SNP_TILE,
                                         .tile = &run->tiles[buffer],
                                         .facts = run->output->facts + first};
    if (residualise_tile_submit(&read, run->calls, run->handles[buffer], err) != 0)
        return err->code;
    struct associate_tile_args args = {.status = run->runtime->status,
                                       .tile = &run->tiles[buffer],
                                       .targets = input->targets,
                                       .associations = run->worker};
    for (args.first = 0; args.first < input->targets->count; args.first += SLICE) {
        args.count = input->targets->count - args.first;
        args.count = args.count < SLICE ? args.count : SLICE;
        args.full = args.first == 0 && run->output->full.count > 0 ? &run->output->full : NULL;
        args.counts = args.first == 0 ? &run->counts[number] : NULL;
        if (associate_tile_submit(&args, run->handles[buffer], run->products, err) != 0)
            return err->code;
    }
    return 0;
}

static int submit_all(const struct association_run *run, const struct progress_sink *progress,
                      struct error *err)
{
    size_t n_slices = (run->input->targets->count + SLICE - 1) / SLICE;
    int most = (int)(run->n_buffers * (n_slices + 1)); /* what is submitted is soon done: progress is true */
    for (size_t number = 0; number < run->n_tiles; number++) {
        if (submit_tile(run, number, err) != 0)
            return err->code;
        runtime_wait_for_room(run->runtime, most, progress, interrupted);
        if (progress_stop_requested(progress))
            run_status_stop(run->runtime->status, interrupted);
        if (run_status_failed(run->runtime->status))
            return 0; /* runtime_wait reports it */
        size_t submitted = (number + 1) * SNP_TILE, all = run->input->n_variants;
        progress->update(progress->context, (int64_t)(submitted < all ? submitted : all), (int64_t)all);
    }
    return 0;
}

/* What the workers have found. */
static int gather(struct association_run *run, struct error *err)
{
    struct association_graph_output *output = run->output;
    if (associations_init(&output->associations, run->input->targets->count, run->input->most_hits, err) != 0)
        return err->code;
    for (int w = 0; w < run->runtime->n_workers; w++)
        if (associations_merge(&output->associations, &run->worker[w], err) != 0)
            return err->code;
    associations_finish(&output->associations);
    for (size_t k = 0; k < run->n_tiles; k++)
        snp_counts_add(&output->counts, &run->counts[k]);
    return 0;
}

int association_graph_run(struct runtime *runtime, const struct association_graph_input *input,
                          struct association_graph_output *output, const struct progress_sink *progress,
                          struct error *err)
{
    struct association_run run = {.runtime = runtime, .input = input, .output = output};
    run.n_tiles = (input->n_variants + SNP_TILE - 1) / SNP_TILE;
    run.n_buffers = (size_t)runtime->n_workers + BUFFERS_SPARE_SNP_TILES;
    run.counts = memory_zeroed(run.n_tiles, sizeof *run.counts, "SNP counts", err);
    if (run.counts != NULL && allocate(&run, err) == 0)
        submit_all(&run, progress, err);
    if (runtime_wait(runtime, progress, interrupted, err) == 0)
        gather(&run, err);
    release(&run);
    free(run.counts);
    return err->code;
}
