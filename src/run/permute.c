#include "run/permute.h"

#include "base/amount.h"
#include "base/clock.h"
#include "checkpoint/fold_sums.h"
#include "model/orbits/orbit_tile.h"
#include "planning/unit_blocks.h"
#include "ranks/collectives.h"
#include "run/build_operators.h"
#include "run/passes.h"
#include "run/rounds.h"
#include "study/campaign_orbits.h"
#include "study/choices.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct orbit_graph_input orbit_input(const struct analysis *analysis,
                                            const struct node_operators *operators,
                                            const struct campaign *campaign, const struct baseline *scored,
                                            const float *targets)
{
    return (struct orbit_graph_input){.forms = &operators->forms,
                                      .nodes = &operators->nodes,
                                      .chains = &operators->chains,
                                      .tiling = operators->tiling,
                                      .targets = targets,
                                      .outer = analysis->folds.outer,
                                      .n_covariates = scored->c,
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
                                            .chains = &operators->chains,
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
    return (struct permute_input){
        .orbits = operators->orbits,
        .in_orbits = orbit_input(analysis, operators, campaign, &baselines->scored, targets),
        .one_by_one = single_input(analysis, operators, &baselines->scored, targets),
        .analysis = analysis,
        .baselines = baselines,
        .operators = operators};
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
        return orbit_tile_flops(&orbits->forms->engine->terms, orbits->forms->forms.count) *
               (double)orbit_tiling_unit_rows(&orbits->tiling);
    struct ridge_tiling tiling = ridge_tiling_of(single->n_targets);
    double columns = (double)tiling.unit_permutations * (double)single->n_targets;
    return ridge_flops(single->folds, single->operators->span) * (double)single->nodes->n_nodes * columns;
}

/* What is computed now: the units of a pass. */
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

/* What each lane of ranks (planning/fold_chains.h) owns is in proportion to its workers. workers: the
 * caller's to free. */
static int begin_blocks(struct session *session, const struct permute_input *input,
                        const struct record *record, const struct work *work, struct unit_blocks *blocks,
                        int64_t **workers, struct error *err)
{
    double unit_permutations = campaign_unit_permutations(&record->campaign);
    int64_t most = unit_blocks_asked(input->analysis->study.run.block_permutations, unit_permutations,
                                     unit_pieces(input), default_units(session, input, work));
    const struct rounds_cut cut = {.done = work->done,
                                   .n_units = record->n_units,
                                   .most_units = most,
                                   .n_workers = session->runtime.n_workers,
                                   .chains = &input->operators->chains};
    return rounds_cut_blocks(session, &cut, blocks, workers, err);
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
    return rounds_agree_on_stop(session, stopped, err);
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
        node_operators_begin_pass(operators, pass->folds);
        input->in_orbits.from = input->one_by_one.from = pass->from;
        const struct work work = {pass->to, pass->done, pass->n_left, label};
        if (build_operators_of_pass(session, input->analysis, input->baselines, operators, err) != 0 ||
            compute(session, input, record, &work, stopped, err) != 0)
            return err->code;
    }
    bool is_last = pass_is_last(pass), is_first_rank = session->ranks->rank == 0;
    if (pass_end(pass, session, record, *stopped, err) != 0 || !*stopped)
        return err->code;
    if (!is_last || !is_first_rank || record_look(record, err) == 0)
        rounds_tell_stopped(session, record, is_last ? record->done : pass->done,
                            input->analysis->study.permutations.count, where, err);
    return err->code;
}

/* Once through what is left, pass after pass to the last. *from_start: whether the first pass was
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
            if (times > ROUNDS_MOST)
                rounds_refuse_disk(record, pass.n_left, err);
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

/* Units that came after other ones' first pass are next: such a round does not count. */
static int compute_once(struct session *session, struct record *record, void *context, bool *counts,
                        struct error *err)
{
    return compute_passes(session, context, record, counts, err);
}

/* A campaign that was begun with few permutations has them drawn one by one for good, however many are asked
 * for now. In rank 0. */
static void tell_of_orbits(struct session *session, const struct permute_input *input,
                           const struct record *record)
{
    const struct study_permutations *asked = &input->analysis->study.permutations;
    if (!record->resumed || input->orbits || asked->method != STUDY_METHOD_AUTO)
        return;
    char all[AMOUNT_BYTES], left[AMOUNT_BYTES];
    int64_t n_left = asked->count - campaign_permutations_done(&record->campaign, record->done, asked->count);
    double saving = campaign_orbits_saving(input->analysis, (int)record->campaign.n_nodes, n_left);
    if (saving >= CAMPAIGN_ORBITS_MUCH)
        log_note(&session->log,
                 "permutations are drawn one by one, as this campaign was begun: all %s in orbits would take "
                 "1/%.0f of the work of the %s left (--fresh, or another output folder)",
                 amount_exact(asked->count, all), saving, amount_exact(n_left, left));
}

int permute(struct session *session, struct permute_input *input, struct record *record, struct error *err)
{
    if (session->ranks->rank == 0)
        tell_of_orbits(session, input, record);
    if (record->n_left == 0)
        log_info(
            &session->log, "permutations: all %lld are done",
            (long long)campaign_permutations(&record->campaign, input->analysis->study.permutations.count));
    rounds_run(session, record, compute_once, input, err);
    if (err->code == 0 && session->ranks->rank == 0)
        remove_sums(record, err);
    return collectives_agree(session->ranks, err);
}
