#include "run/run_steps.h"

#include "run/report.h"

#include "base/clock.h"
#include "base/memory.h"
#include "checkpoint/campaign_part.h"
#include "planning/unit_blocks.h"
#include "ranks/agree.h"
#include "study/choices.h"
#include "tasks/permutation_graph.h"

#include <stdlib.h>

enum score_kind run_score_kind(const struct run *run)
{
    return choices_score(run->analysis.study.model.score);
}

struct permutation_graph_input run_permutation_input(const struct run *run)
{
    const struct analysis *analysis = &run->analysis;
    return (struct permutation_graph_input){.folds = &analysis->folds,
                                            .nodes = &run->nodes,
                                            .factors = &run->factors,
                                            .placement = &run->placement,
                                            .baseline = &run->scored,
                                            .scheme = &analysis->scheme,
                                            .targets = run->targets.bytes,
                                            .n_targets = analysis->n_targets,
                                            .score = run_score_kind(run)};
}

/* Units a block at most, as asked for or as this rank's workers would have it. */
static int64_t most_units(const struct run *run)
{
    const struct analysis *analysis = &run->analysis;
    int64_t asked = analysis->study.run.block_permutations, g = run_unit_permutations(run);
    int64_t unit_tiles = (int64_t)ridge_grid_of(analysis->n_targets).n_slices;
    int64_t asked_units = (asked + g - 1) / g, limit = UNIT_BLOCKS_MOST_TILES / unit_tiles;
    if (asked > 0)
        return asked_units < limit ? asked_units : limit;
    double columns = (double)g * (double)analysis->n_targets;
    double unit_flops = ridge_flops(&analysis->folds) * (double)run->nodes.n_nodes * columns;
    return unit_blocks_most(unit_flops, unit_tiles, (double)run->n_left, run->runtime.n_workers,
                            run->ranks->size);
}

/* Ranks may have different numbers of workers, but must cut the same blocks: rank 0 says how large they are
 * at most, and what each owns is in proportion to its workers where it computes that itself. workers:
 * n_ranks, the caller's to free. */
static int begin_blocks(struct run *run, struct unit_blocks *blocks, int64_t **workers, struct error *err)
{
    size_t n_ranks = (size_t)run->ranks->size;
    int64_t most = most_units(run);
    *workers = memory_zeroed(n_ranks, sizeof **workers, "the ranks' workers", err);
    if (*workers != NULL)
        (*workers)[run->ranks->rank] =
            run->placement.kind == PLACEMENT_REPLICATE ? run->runtime.n_workers : 1;
    if (agree_outcome(run->ranks, err) != 0 || agree_sum(run->ranks, *workers, n_ranks, err) != 0 ||
        agree_broadcast(run->ranks, &most, sizeof most, 0, err) != 0)
        return err->code;
    unit_blocks_begin(blocks, run->done, run->n_units, most, *workers, run->ranks->size);
    return 0;
}

/* Permutations of this study in the units that run->done marks. */
static int64_t permutations_done(const struct run *run)
{
    int64_t count = run->analysis.study.permutations.count, g = run_unit_permutations(run), sum = 0;
    for (int64_t u = 0; u < run->n_units; u++)
        sum += run->done[u] ? campaign_unit_size(u, g, count) : 0;
    return sum;
}

/* Where this rank saves: rank 0 in the campaign, another in a part file. */
static int open_for_saving(struct run *run, struct error *err)
{
    if (run->ranks->rank == 0)
        campaign_units_begin(run->units, run->n_units - run->n_left, err);
    else
        campaign_part_create(run->campaign_path, run->ranks->rank, &run->content.campaign, &run->units, err);
    return agree_outcome(run->ranks, err);
}

/* A folder on a network may not show every part file at once, and rows that are not there must not count. */
static int check_all_done(struct run *run, struct error *err)
{
    int64_t missing = 0;
    if (campaign_units_done(run->units, run->done, err) != 0)
        return err->code;
    for (int64_t u = 0; u < run->n_units; u++)
        missing += !run->done[u];
    return missing == 0
               ? 0
               : error_set(err, EXIT_CODE_FAILED,
                           "%s: %lld of %lld units are missing though every rank saved its own; the same "
                           "command computes them",
                           run->campaign_path, (long long)missing, (long long)run->n_units);
}

/* What all ranks have saved stands in the campaign afterwards, also when they were stopped. */
static int gather_parts(struct run *run, bool stopped, struct error *err)
{
    int64_t taken;
    if (run->ranks->rank != 0) {
        campaign_units_close(run->units);
        run->units = NULL;
    }
    if (agree_outcome(run->ranks, err) != 0 || run->ranks->rank != 0)
        return err->code;
    if (campaign_parts_take(run->units, run->campaign_path, &taken, err) != 0)
        return err->code;
    return stopped || run->ranks->size == 1 ? 0 : check_all_done(run, err);
}

/* What is on the disk by now. */
static void tell_stopped(struct run *run, struct error *err)
{
    struct error unread = {0};
    if (campaign_units_done(run->units, run->done, &unread) != 0)
        *err = unread;
    else
        error_set(err, EXIT_CODE_STOPPED,
                  "stopped on request with %lld of %lld permutations saved; the same command goes on",
                  (long long)permutations_done(run), (long long)run->analysis.study.permutations.count);
}

static void log_rate(struct run *run, int64_t permutations, double seconds)
{
    log_info(&run->log, "permutations: %lld in %.1f s (%.3g a second)", (long long)permutations, seconds,
             (double)permutations / seconds);
}

/* The graph of this rank's blocks; *stopped when all ranks ended early on request. */
static int compute(struct run *run, struct unit_blocks *blocks, bool *stopped, struct error *err)
{
    int64_t g = run_unit_permutations(run);
    run_begin_progress(run, "permutations", "permutations/s", (double)g,
                       (double)run->analysis.study.permutations.count);
    struct permutation_graph_input input = run_permutation_input(run);
    permutation_graph_run(&run->runtime, &input, run->units, blocks, &run->progress, err);
    reporter_end(run->reporter);
    bool asked = err->code == EXIT_CODE_STOPPED;
    if (asked)
        *err = (struct error){0};
    if (agree_outcome(run->ranks, err) != 0)
        return err->code;
    *stopped = asked;
    return agree_any(run->ranks, asked, stopped, err);
}

/* From the first block to what all ranks have saved. */
static int compute_blocks(struct run *run, struct unit_blocks *blocks, struct error *err)
{
    int64_t g = run_unit_permutations(run), count = run->analysis.study.permutations.count;
    int64_t done_before = permutations_done(run);
    bool stopped = false;
    double start = clock_seconds();
    log_info(&run->log, "permutations: %lld, of them %lld done; blocks of at most %lld", (long long)count,
             (long long)done_before, (long long)(blocks->largest * g));
    if (open_for_saving(run, err) != 0 || compute(run, blocks, &stopped, err) != 0)
        return err->code;
    double seconds = clock_seconds() - start;
    if (gather_parts(run, stopped, err) != 0)
        return err->code;
    if (stopped && run->ranks->rank == 0)
        tell_stopped(run, err);
    else if (stopped)
        error_set(err, EXIT_CODE_STOPPED, "stopped on request");
    else
        log_rate(run, count - done_before, seconds);
    return err->code;
}

static int run_permutations(struct run *run, struct error *err)
{
    struct unit_blocks blocks;
    int64_t *workers = NULL;
    if (begin_blocks(run, &blocks, &workers, err) == 0)
        compute_blocks(run, &blocks, err);
    free(workers);
    return err->code;
}

int run_finish(struct run *run, struct error *err)
{
    if (run->n_left == 0)
        log_info(&run->log, "permutations: all %lld are done",
                 (long long)run->analysis.study.permutations.count);
    else
        run_permutations(run, err);
    if (agree_outcome(run->ranks, err) != 0)
        return err->code;
    if (run->ranks->rank == 0 &&
        report_write(run_campaign(run), run->units, run->analysis.study.permutations.count,
                     run->analysis.cohort.regions, run->results_path, run->screen, err) == 0)
        log_info(&run->log, "done in %.1f s", clock_seconds() - run->started);
    return agree_outcome(run->ranks, err);
}
