#include "run/permute.h"

#include "base/amount.h"
#include "base/clock.h"
#include "base/memory.h"
#include "model/orbits/orbit_tile.h"
#include "planning/unit_blocks.h"
#include "ranks/collectives.h"
#include "study/choices.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_ROUNDS = 3 }; /* through units that rot as soon as they are saved */

static struct orbit_graph_input orbit_input(const struct analysis *analysis,
                                            const struct node_operators *operators,
                                            const struct campaign *campaign, const float *targets)
{
    return (struct orbit_graph_input){.forms = &operators->forms,
                                      .nodes = &operators->nodes,
                                      .placement = &operators->placement,
                                      .tiling = operators->tiling,
                                      .targets = targets,
                                      .score = choices_score(analysis->study.model.score),
                                      .error = campaign->node_error,
                                      .baseline = campaign->baseline_error};
}

static struct permutation_graph_input single_input(const struct analysis *analysis,
                                                   const struct node_operators *operators,
                                                   const struct baseline *scored, const float *targets)
{
    return (struct permutation_graph_input){.folds = &analysis->folds,
                                            .nodes = &operators->nodes,
                                            .operators = &operators->shared,
                                            .placement = &operators->placement,
                                            .baseline = scored,
                                            .scheme = &analysis->scheme,
                                            .targets = targets,
                                            .n_targets = analysis->n_targets,
                                            .score = choices_score(analysis->study.model.score)};
}

struct permute_input permute_input(const struct analysis *analysis, const struct node_operators *operators,
                                   const struct campaign *campaign, const struct baseline *scored,
                                   const float *targets)
{
    return (struct permute_input){operators->orbits, orbit_input(analysis, operators, campaign, targets),
                                  single_input(analysis, operators, scored, targets)};
}

int64_t permute_units_per_block(int64_t asked, double unit_permutations, int64_t unit_tiles,
                                int64_t by_default)
{
    if (asked <= 0)
        return by_default;
    int64_t units = (int64_t)ceil((double)asked / unit_permutations),
            limit = UNIT_BLOCKS_MOST_TILES / unit_tiles;
    return units < limit ? units : limit;
}

/* Buffers that the save of a unit takes. */
static int64_t unit_pieces(const struct permute_input *input)
{
    return (int64_t)(input->orbits ? orbit_graph_unit_pieces(&input->in_orbits.tiling)
                                   : ridge_tiling_of(input->one_by_one.n_targets).n_slices);
}

/* Units whose columns fill a group: it takes as long with fewer. */
static int64_t least_units(const struct permute_input *input)
{
    if (!input->orbits || input->in_orbits.tiling.n_slices > 1)
        return 1;
    int64_t rows = (int64_t)orbit_tiling_unit_rows(&input->in_orbits.tiling);
    return (ORBIT_LANES + rows - 1) / rows;
}

static double unit_flops(const struct permute_input *input)
{
    const struct orbit_graph_input *orbits = &input->in_orbits;
    const struct permutation_graph_input *single = &input->one_by_one;
    if (input->orbits)
        return orbit_tile_flops(orbits->forms->engine, orbits->forms->forms.count) *
               (double)orbit_tiling_unit_rows(&orbits->tiling);
    struct ridge_tiling tiling = ridge_tiling_of(single->n_targets);
    double columns = (double)tiling.unit_permutations * (double)single->n_targets;
    return ridge_flops(single->folds) * (double)single->nodes->n_nodes * columns;
}

/* Units a block as this rank's workers would have it. */
static int64_t default_units(const struct session *session, const struct permute_input *input,
                             const struct record *record)
{
    int64_t least = least_units(input);
    int64_t units = unit_blocks_most(unit_flops(input), unit_pieces(input), (double)record->n_left,
                                     session->runtime.n_workers, session->ranks->size);
    return units > least ? units : least;
}

/* Ranks may have different numbers of workers, but must cut the same blocks: rank 0 says how large they are
 * at most, and what each owns is in proportion to its workers where it computes that itself. workers:
 * n_ranks, the caller's to free. */
static int begin_blocks(struct session *session, const struct permute_input *input, struct record *record,
                        int64_t asked, struct unit_blocks *blocks, int64_t **workers, struct error *err)
{
    struct ranks *ranks = session->ranks;
    size_t n_ranks = (size_t)ranks->size;
    double unit_permutations = campaign_unit_permutations(&record->campaign);
    const struct placement *placement =
        input->orbits ? input->in_orbits.placement : input->one_by_one.placement;
    int64_t most = permute_units_per_block(asked, unit_permutations, unit_pieces(input),
                                           default_units(session, input, record));
    *workers = memory_zeroed(n_ranks, sizeof **workers, "the ranks' workers", err);
    if (*workers != NULL)
        (*workers)[ranks->rank] = placement->kind == PLACEMENT_REPLICATE ? session->runtime.n_workers : 1;
    if (collectives_agree(ranks, err) != 0 || collectives_sum(ranks, *workers, n_ranks, err) != 0 ||
        collectives_broadcast(ranks, &most, sizeof most, 0, err) != 0)
        return err->code;
    unit_blocks_begin(blocks, record->done, record->n_units, most, *workers, ranks->size);
    return 0;
}

/* What is on the disk by now. */
static void tell_stopped(struct record *record, int64_t n_permutations, struct error *err)
{
    struct error unread = {0};
    const struct campaign *campaign = &record->campaign;
    char done[AMOUNT_BYTES], all[AMOUNT_BYTES];
    if (record_look(record, &unread) != 0)
        *err = unread;
    else
        error_set(err, EXIT_CODE_STOPPED,
                  "stopped on request with %s of %s permutations saved; the same command goes on",
                  amount_exact(campaign_permutations_done(campaign, record->done, n_permutations), done),
                  amount_exact(campaign_permutations(campaign, n_permutations), all));
}

static void log_rate(struct log *log, int64_t permutations, double seconds)
{
    log_info(log, "permutations: %lld in %.1f s (%.3g a second)", (long long)permutations, seconds,
             (double)permutations / seconds);
}

/* The graph of this rank's blocks; *stopped when all ranks ended early on request. */
static int compute(struct session *session, const struct permute_input *input, struct record *record,
                   int64_t n_permutations, struct unit_blocks *blocks, bool *stopped, struct error *err)
{
    const struct campaign *campaign = &record->campaign;
    session_begin_progress(session, "permutations", "permutations/s", campaign_unit_permutations(campaign),
                           (double)campaign_permutations(campaign, n_permutations));
    if (input->orbits)
        orbit_graph_run(&session->runtime, &input->in_orbits, record->units, blocks, &session->progress, err);
    else
        permutation_graph_run(&session->runtime, &input->one_by_one, record->units, blocks,
                              &session->progress, err);
    session_end_progress(session);
    bool asked = err->code == EXIT_CODE_STOPPED;
    if (asked)
        *err = (struct error){0};
    if (collectives_agree(session->ranks, err) != 0)
        return err->code;
    *stopped = asked;
    return collectives_any(session->ranks, asked, stopped, err);
}

/* From the first block to what all ranks have saved. */
static int compute_blocks(struct session *session, const struct permute_input *input, struct record *record,
                          int64_t n_permutations, struct unit_blocks *blocks, struct error *err)
{
    const struct campaign *campaign = &record->campaign;
    int64_t done_before = campaign_permutations_done(campaign, record->done, n_permutations);
    int64_t all = campaign_permutations(campaign, n_permutations);
    bool stopped = false;
    double start = clock_seconds();
    log_info(&session->log, "permutations: %lld, of them %lld done; blocks of at most %lld", (long long)all,
             (long long)done_before,
             (long long)((double)blocks->largest * campaign_unit_permutations(campaign)));
    if (record_begin_saving(record, session->ranks, err) != 0 ||
        compute(session, input, record, n_permutations, blocks, &stopped, err) != 0)
        return err->code;
    double seconds = clock_seconds() - start;
    if (record_end_saving(record, session->ranks, stopped, err) != 0)
        return err->code;
    if (stopped && session->ranks->rank == 0)
        tell_stopped(record, n_permutations, err);
    else if (stopped)
        error_set(err, EXIT_CODE_STOPPED, "stopped on request");
    else
        log_rate(&session->log, all - done_before, seconds);
    return err->code;
}

/* Once through what is left. */
static int compute_left(struct session *session, const struct permute_input *input, struct record *record,
                        int64_t n_permutations, int64_t asked, struct error *err)
{
    struct unit_blocks blocks;
    int64_t *workers = NULL;
    if (begin_blocks(session, input, record, asked, &blocks, &workers, err) == 0)
        compute_blocks(session, input, record, n_permutations, &blocks, err);
    free(workers);
    if (collectives_agree(session->ranks, err) != 0)
        return err->code;
    return record_share_left(record, session->ranks, err);
}

int permute(struct session *session, const struct permute_input *input, struct record *record,
            int64_t n_permutations, int64_t asked, struct error *err)
{
    if (record->n_left == 0)
        log_info(&session->log, "permutations: all %lld are done",
                 (long long)campaign_permutations(&record->campaign, n_permutations));
    for (int round = 0; err->code == 0 && record->n_left > 0; round++) {
        if (round > 0)
            log_run_warning(&session->log, "%s: %lld of %lld units were saved and are not whole any more: %s",
                            record->campaign_path, (long long)record->n_left, (long long)record->n_units,
                            round < MOST_ROUNDS ? "they are computed again" : "the disk cannot be trusted");
        if (round == MOST_ROUNDS)
            return error_set(err, EXIT_CODE_FAILED,
                             "%s: %lld of %lld units are damaged or missing though each was saved %d times; "
                             "expected a disk that keeps them",
                             record->campaign_path, (long long)record->n_left, (long long)record->n_units,
                             MOST_ROUNDS);
        compute_left(session, input, record, n_permutations, asked, err);
    }
    return collectives_agree(session->ranks, err);
}
