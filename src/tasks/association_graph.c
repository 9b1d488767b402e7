#include "tasks/association_graph.h"

#include "base/memory.h"
#include "codelets/run_status.h"
#include "ranks/collectives.h"
#include "tasks/association_gather.h"
#include "tasks/handles.h"
#include "tasks/snp_ranges.h"

#include <stdlib.h>

/* Targets of a task: 5 Gflop with 1,500 subjects, so that workers are busy also where SNP tiles are few. */
enum { SLICE = 12 * PAIR_STRIP };

static const char interrupted[] = "while SNPs and targets were being correlated: nothing is kept of that";

struct association_run {
    struct runtime *runtime;
    const struct association_graph_input *input;
    struct association_graph_output *output;
    struct snp_tiles tiles;
    struct snp_ranges ranges;
    size_t first, end; /* this rank's tiles */
    starpu_data_handle_t products;
    struct snp_counts *counts;   /* of every tile */
    struct associations *worker; /* one each */
};

static int allocate(struct association_run *run, struct error *err)
{
    size_t n_workers = (size_t)run->runtime->n_workers;
    run->worker = memory_zeroed(n_workers, sizeof *run->worker, "associations", err);
    for (size_t w = 0; err->code == 0 && w < n_workers; w++)
        associations_init(&run->worker[w], run->input->targets->count, run->input->stream->n_variants,
                          run->input->most_hits, err);
    if (err->code != 0 || snp_tiles_init(&run->tiles, run->runtime, run->input->stream, err) != 0)
        return err->code;
    run->counts = memory_zeroed(run->tiles.n_tiles, sizeof *run->counts, "SNP counts", err);
    handles_register_scratch(&run->products, (size_t)SNP_TILE * PAIR_STRIP, sizeof(float));
    return err->code;
}

/* Collective. */
static int share(struct association_run *run, struct error *err)
{
    if (snp_ranges_init(&run->ranges, run->runtime, run->tiles.n_tiles, err) != 0)
        return err->code;
    run->first = run->ranges.first[run->runtime->ranks->rank];
    run->end = run->ranges.first[run->runtime->ranks->rank + 1];
    return 0;
}

static void release(struct association_run *run)
{
    handles_unregister(&run->products, 1);
    snp_tiles_free(&run->tiles);
    snp_ranges_free(&run->ranges);
    for (size_t w = 0; run->worker != NULL && w < (size_t)run->runtime->n_workers; w++)
        associations_free(&run->worker[w]);
    free(run->worker);
    free(run->counts);
}

static int submit_tile(const struct association_run *run, size_t number, struct error *err)
{
    const struct association_graph_input *input = run->input;
    size_t buffer = number % run->tiles.n_buffers;
    if (snp_tiles_submit(&run->tiles, number, run->output->facts, err) != 0)
        return err->code;
    struct associate_tile_args args = {.status = run->runtime->status,
                                       .tile = &run->tiles.tiles[buffer],
                                       .targets = input->targets,
                                       .associations = run->worker,
                                       .full = &input->full};
    for (args.first = 0; args.first < input->targets->count; args.first += SLICE) {
        args.count = input->targets->count - args.first;
        args.count = args.count < SLICE ? args.count : SLICE;
        args.counts = args.first == 0 ? &run->counts[number] : NULL;
        if (associate_tile_submit(&args, run->tiles.handles[buffer], run->products, err) != 0)
            return err->code;
    }
    return 0;
}

static int submit_all(const struct association_run *run, const struct progress_sink *progress,
                      struct error *err)
{
    size_t n_slices = (run->input->targets->count + SLICE - 1) / SLICE;
    int most =
        (int)(run->tiles.n_buffers * (n_slices + 1)); /* what is submitted is soon done: progress is true */
    int64_t before = (int64_t)snp_tiles_variants(&run->tiles, run->first);
    for (size_t number = run->first; number < run->end; number++) {
        if (submit_tile(run, number, err) != 0)
            return err->code;
        runtime_wait_for_room(run->runtime, most, progress, interrupted);
        runtime_heed_stop(run->runtime, progress, interrupted);
        if (run_status_failed(run->runtime->status))
            return 0; /* runtime_wait reports it */
        progress->update(progress->context, (int64_t)snp_tiles_variants(&run->tiles, number + 1) - before,
                         (int64_t)run->input->stream->n_variants);
    }
    return 0;
}

/* What the workers of this rank have found. */
static int gather(struct association_run *run, struct error *err)
{
    struct association_graph_output *output = run->output;
    if (associations_init(&output->associations, run->input->targets->count, run->input->stream->n_variants,
                          run->input->most_hits, err) != 0)
        return err->code;
    for (int w = 0; w < run->runtime->n_workers; w++)
        if (associations_merge(&output->associations, &run->worker[w], err) != 0)
            return err->code;
    associations_finish(&output->associations);
    for (size_t k = 0; k < run->tiles.n_tiles; k++)
        snp_counts_add(&output->counts, &run->counts[k]);
    return 0;
}

int association_graph_run(struct runtime *runtime, const struct association_graph_input *input,
                          struct association_graph_output *output, const struct progress_sink *progress,
                          struct error *err)
{
    struct association_run run = {.runtime = runtime, .input = input, .output = output};
    allocate(&run, err);
    if (collectives_agree(runtime->ranks, err) == 0 && share(&run, err) == 0) {
        submit_all(&run, progress, err);
        if (runtime_wait(runtime, progress, interrupted, err) == 0)
            gather(&run, err);
        if (collectives_agree(runtime->ranks, err) == 0)
            association_gather(runtime->ranks, &run.ranges, input, output, err);
    }
    release(&run);
    return err->code;
}
