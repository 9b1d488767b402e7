#include "run/permute.h"

#include "base/amount.h"
#include "base/clock.h"
#include "base/memory.h"
#include "checkpoint/fold_sums.h"
#include "model/orbits/orbit_tile.h"
#include "planning/unit_blocks.h"
#include "ranks/collectives.h"
#include "run/build_operators.h"
#include "run/passes.h"
#include "study/choices.h"

#include <math.h>
#include <stdio.h>
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

struct permute_input permute_input(const struct analysis *analysis, struct node_operators *operators,
                                   const struct campaign *campaign, const struct baselines *baselines,
                                   const float *targets)
{
    return (struct permute_input){.orbits = operators->orbits,
                                  .in_orbits = orbit_input(analysis, operators, campaign, targets),
                                  .one_by_one =
                                      single_input(analysis, operators, &baselines->scored, targets),
                                  .analysis = analysis,
                                  .baselines = baselines,
                                  .operators = operators};
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

/* What is computed now: the units of a pass, or, drawn one by one, of the campaign. */
struct work {
    struct campaign_units *units; /* where they are saved */
    const bool *done;             /* record->n_units */
    int64_t n_left;
    const char *label;
};

/* Units a block as this rank's workers would have it. */
static int64_t default_units(const struct session *session, const struct permute_input *input,
                             const struct work *work)
{
    int64_t least = least_units(input);
    int64_t units = unit_blocks_most(unit_flops(input), unit_pieces(input), (double)work->n_left,
                                     session->runtime.n_workers, session->ranks->size);
    return units > least ? units : least;
}

/* Ranks may have different numbers of workers, but must cut the same blocks: rank 0 says how large they are
 * at most, and what each owns is in proportion to its workers where it computes that itself. workers:
 * n_ranks, the caller's to free. */
static int begin_blocks(struct session *session, const struct permute_input *input,
                        const struct record *record, const struct work *work, struct unit_blocks *blocks,
                        int64_t **workers, struct error *err)
{
    struct ranks *ranks = session->ranks;
    size_t n_ranks = (size_t)ranks->size;
    double unit_permutations = campaign_unit_permutations(&record->campaign);
    const struct placement *placement =
        input->orbits ? input->in_orbits.placement : input->one_by_one.placement;
    int64_t most = permute_units_per_block(input->analysis->study.run.block_permutations, unit_permutations,
                                           unit_pieces(input), default_units(session, input, work));
    *workers = memory_zeroed(n_ranks, sizeof **workers, "the ranks' workers", err);
    if (*workers != NULL)
        (*workers)[ranks->rank] = placement->kind == PLACEMENT_REPLICATE ? session->runtime.n_workers : 1;
    if (collectives_agree(ranks, err) != 0 || collectives_sum(ranks, *workers, n_ranks, err) != 0 ||
        collectives_broadcast(ranks, &most, sizeof most, 0, err) != 0)
        return err->code;
    unit_blocks_begin(blocks, work->done, record->n_units, most, *workers, ranks->size);
    return 0;
}

/* The graph of this rank's blocks; *stopped when all ranks ended early on request. */
static int run_graph(struct session *session, const struct permute_input *input, const struct record *record,
                     const struct work *work, struct unit_blocks *blocks, bool *stopped, struct error *err)
{
    const struct campaign *campaign = &record->campaign;
    int64_t n_permutations = input->analysis->study.permutations.count;
    session_begin_progress(session, work->label, "permutations/s", campaign_unit_permutations(campaign),
                           (double)campaign_permutations(campaign, n_permutations));
    if (input->orbits)
        orbit_graph_run(&session->runtime, &input->in_orbits, work->units, blocks, &session->progress, err);
    else
        permutation_graph_run(&session->runtime, &input->one_by_one, work->units, blocks, &session->progress,
                              err);
    session_end_progress(session);
    bool asked = err->code == EXIT_CODE_STOPPED;
    if (asked)
        *err = (struct error){0};
    if (collectives_agree(session->ranks, err) != 0)
        return err->code;
    *stopped = asked;
    return collectives_any(session->ranks, asked, stopped, err);
}

/* All blocks of the work, with what the log says of them. */
static int compute(struct session *session, const struct permute_input *input, const struct record *record,
                   const struct work *work, bool *stopped, struct error *err)
{
    const struct campaign *campaign = &record->campaign;
    int64_t n_permutations = input->analysis->study.permutations.count;
    int64_t all = campaign_permutations(campaign, n_permutations),
            before = campaign_permutations_done(campaign, work->done, n_permutations);
    struct unit_blocks blocks;
    int64_t *workers = NULL;
    double start = clock_seconds();
    if (begin_blocks(session, input, record, work, &blocks, &workers, err) == 0) {
        log_info(&session->log, "%s: %lld, of them %lld done; blocks of at most %lld", work->label,
                 (long long)all, (long long)before,
                 (long long)((double)blocks.largest * campaign_unit_permutations(campaign)));
        run_graph(session, input, record, work, &blocks, stopped, err);
    }
    free(workers);
    if (err->code == 0 && !*stopped) {
        double seconds = clock_seconds() - start;
        log_info(&session->log, "%s: %lld in %.1f s (%.3g a second)", work->label, (long long)(all - before),
                 seconds, (double)(all - before) / seconds);
    }
    return err->code;
}

/* done: of the record's units, as they are on the disk by now. where: "" or in which pass. */
static void tell_stopped(const struct session *session, const struct permute_input *input,
                         const struct record *record, const bool *done, const char *where, struct error *err)
{
    const struct campaign *campaign = &record->campaign;
    int64_t n_permutations = input->analysis->study.permutations.count;
    char saved[AMOUNT_BYTES], all[AMOUNT_BYTES];
    if (session->ranks->rank != 0)
        error_set(err, EXIT_CODE_STOPPED, "stopped on request");
    else
        error_set(err, EXIT_CODE_STOPPED,
                  "stopped on request%s with %s of %s permutations saved; the same command goes on", where,
                  amount_exact(campaign_permutations_done(campaign, done, n_permutations), saved),
                  amount_exact(campaign_permutations(campaign, n_permutations), all));
}

/* Once through what is left, drawn one by one. */
static int compute_single(struct session *session, const struct permute_input *input, struct record *record,
                          struct error *err)
{
    bool stopped = false;
    if (record_begin_saving(record, session->ranks, err) != 0)
        return err->code;
    const struct work work = {record->units, record->done, record->n_left, "permutations"};
    if (compute(session, input, record, &work, &stopped, err) != 0 ||
        record_end_saving(record, session->ranks, stopped, err) != 0)
        return err->code;
    if (stopped && (session->ranks->rank != 0 || record_look(record, err) == 0))
        tell_stopped(session, input, record, record->done, "", err);
    return err->code;
}

/* What is left of a pass that pass_begin has found. */
static int compute_pass(struct session *session, struct permute_input *input, struct record *record,
                        struct pass *pass, bool *stopped, struct error *err)
{
    char text[PASS_TEXT_BYTES], label[PASS_TEXT_BYTES + 16] = "permutations",
                                                        where[PASS_TEXT_BYTES + 16] = "";
    struct node_operators *operators = input->operators;
    if (pass->folds.count < pass->n_outer) {
        snprintf(label, sizeof label, "permutations, %s", pass_text(pass, text));
        snprintf(where, sizeof where, " in the %s", text);
    }
    if (pass->n_left > 0) {
        operators->folds = pass->folds;
        input->in_orbits.from = pass->from;
        const struct work work = {pass->to, pass->done, pass->n_left, label};
        if (build_operators_forms(session, input->analysis, input->baselines, operators, err) != 0 ||
            compute(session, input, record, &work, stopped, err) != 0)
            return err->code;
    }
    bool is_last = pass_is_last(pass), is_first_rank = session->ranks->rank == 0;
    if (pass_end(pass, session, record, *stopped, err) != 0 || !*stopped)
        return err->code;
    if (!is_last || !is_first_rank || record_look(record, err) == 0)
        tell_stopped(session, input, record, is_last ? record->done : pass->done, where, err);
    return err->code;
}

static int refuse_disk(const struct record *record, int64_t n_left, struct error *err)
{
    return error_set(err, EXIT_CODE_FAILED,
                     "%s: %lld of %lld units are damaged or missing though each was saved %d times; "
                     "expected a disk that keeps them",
                     record->campaign_path, (long long)n_left, (long long)record->n_units, MOST_ROUNDS);
}

/* Once through what is left, in orbits, pass after pass to the last. *from_start: whether the first pass was
 * one over the first folds. Sums that rot as soon as they are saved are computed again. */
static int compute_passes(struct session *session, struct permute_input *input, struct record *record,
                          bool *from_start, struct error *err)
{
    bool stopped = false, is_last = false;
    size_t end = 0;
    enum score_kind kind = input->in_orbits.score;
    for (int times = 0, passes = 0; err->code == 0 && !stopped && !is_last; passes++) {
        struct pass pass;
        if (pass_begin(&pass, session, record, input->analysis->folds.n_outer, input->operators->pass_folds,
                       kind, err) == 0) {
            *from_start = passes > 0 ? *from_start : pass.folds.first == 0;
            is_last = pass_is_last(&pass);
            times = pass.folds.first + pass.folds.count == end ? times + 1 : 1;
            end = pass.folds.first + pass.folds.count;
            if (times > MOST_ROUNDS)
                refuse_disk(record, pass.n_left, err);
            else
                compute_pass(session, input, record, &pass, &stopped, err);
        }
        pass_free(&pass, record);
        collectives_agree(session->ranks, err);
    }
    return err->code;
}

/* In rank 0, of a campaign that is whole: sums that a run left which ended after its last pass, in a power
 * cut or while it removed them. */
static int remove_sums(const struct record *record, struct error *err)
{
    struct fold_sums found[FOLD_SUMS_MOST];
    size_t count;
    if (fold_sums_find(record->campaign_path, &record->campaign, found, &count, err) != 0)
        return err->code;
    for (size_t k = 0; err->code == 0 && k < count; k++)
        fold_sums_remove(record->campaign_path, found[k].through, err);
    return err->code;
}

int permute(struct session *session, struct permute_input *input, struct record *record, struct error *err)
{
    if (record->n_left == 0)
        log_info(
            &session->log, "permutations: all %lld are done",
            (long long)campaign_permutations(&record->campaign, input->analysis->study.permutations.count));
    for (int round = 0; err->code == 0 && record->n_left > 0;) {
        if (round > 0)
            log_run_warning(&session->log, "%s: %lld of %lld units were saved and are not whole any more: %s",
                            record->campaign_path, (long long)record->n_left, (long long)record->n_units,
                            round < MOST_ROUNDS ? "they are computed again" : "the disk cannot be trusted");
        if (round == MOST_ROUNDS)
            return refuse_disk(record, record->n_left, err);
        bool from_start = true;
        if (input->orbits)
            compute_passes(session, input, record, &from_start, err);
        else
            compute_single(session, input, record, err);
        if (collectives_agree(session->ranks, err) == 0)
            record_share_left(record, session->ranks, err);
        round += from_start; /* units that came after other ones' first pass are next */
    }
    if (err->code == 0 && input->orbits && session->ranks->rank == 0)
        remove_sums(record, err);
    return collectives_agree(session->ranks, err);
}
