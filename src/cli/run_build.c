#include "cli/run_steps.h"

#include "base/memory.h"
#include "checkpoint/campaign_part.h"
#include "model/observed.h"
#include "ranks/agree.h"
#include "tasks/permutation_graph.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

static int build_baselines(struct run *run, struct error *err)
{
    const struct analysis *analysis = &run->analysis;
    bool test_mean = analysis->study.model.baseline == STUDY_BASELINE_TEST_MEAN;
    if (baseline_init(&run->scored, test_mean ? BASELINE_TEST_MEAN : BASELINE_COVARIATES,
                      &analysis->covariates, &analysis->folds, err) == 0)
        baseline_init(&run->covariates_only, BASELINE_COVARIATES, &analysis->covariates, &analysis->folds,
                      err);
    return agree_outcome(&run->ranks, err);
}

static const double *observed_targets(const struct run *run)
{
    return run->ranks.rank > 0 ? run->targets_double.bytes : run->analysis.targets;
}

static void log_factors(struct run *run, double seconds)
{
    double bytes = factors_bytes_per_penalty(&run->analysis.folds);
    const struct placement *placement = &run->placement;
    size_t held = placement_most_held(placement->kind, placement->n_penalties, placement->n_machines);
    log_info(&run->log, "operators of %zu penalties in %.1f s: %.0f MB", run->nodes.n_nodes, seconds,
             bytes * (double)run->nodes.n_nodes / 1e6);
    if (run->ranks.size > 1)
        log_info(&run->log, "operators: %.0f MB on the fullest of %d machines", bytes * (double)held / 1e6,
                 placement->n_machines);
}

static int compute_svd(struct run *run, const struct placement *placement, struct shared_svd *svd,
                       struct error *err)
{
    const struct analysis *analysis = &run->analysis;
    double start = runtime_seconds();
    if (shared_svd_compute(svd, &run->runtime, analysis->gram, &analysis->covariates, analysis->penalties[0],
                           placement, &run->progress, err) == 0)
        log_info(&run->log, "SVD in %.1f s", runtime_seconds() - start);
    return err->code;
}

/* A pass over the penalties of `placement`; what it makes is named in `input`. */
static int pass(struct run *run, const char *label, struct factor_graph_input *input, struct error *err)
{
    input->covariates = &run->analysis.covariates;
    input->folds = &run->analysis.folds;
    run_begin_progress(run, label, "penalties/s", 1, 0);
    factor_graph_run(&run->runtime, input, &run->progress, err);
    progress_bar_end(&run->bar);
    return err->code;
}

/* The operators of the nodes; with every penalty a node also what `observed` asks for. */
static int build_factors(struct run *run, const struct shared_svd *svd, struct observed *observed,
                         struct error *err)
{
    size_t m = run->nodes.n_nodes;
    double start = runtime_seconds();
    double *penalties = memory_zeroed(m, sizeof *penalties, "the penalty nodes", err);
    for (size_t k = 0; penalties != NULL && k < m; k++)
        penalties[k] = run->analysis.penalties[run->nodes.node[k]];
    struct factor_graph_input input = {.svd = svd,
                                       .placement = &run->placement,
                                       .penalties = penalties,
                                       .factors = &run->factors,
                                       .targets = observed_targets(run),
                                       .observed = observed};
    if (agree_outcome(&run->ranks, err) == 0 &&
        factors_init(&run->factors, &run->ranks, &run->placement, &run->analysis.folds, err) == 0 &&
        pass(run, "building operators: penalties", &input, err) == 0)
        log_factors(run, runtime_seconds() - start);
    free(penalties);
    return err->code;
}

/* A target whose observed score does not exist must have none in float32 either. */
static void match_missing_scores(struct campaign *campaign)
{
    for (size_t t = 0; t < campaign->n_targets; t++)
        if (isnan(campaign->r2[t]))
            campaign->score[t] = NAN;
}

/* Two runs may have begun where there was no campaign yet: the later one must not replace what is done. */
static int create_campaign(struct run *run, struct error *err)
{
    if (!run->fresh && access(run->campaign_path, F_OK) == 0)
        return error_set(err, EXIT_CODE_FAILED,
                         "%s: another run has made it meanwhile; the same command goes on with it",
                         run->campaign_path);
    if (campaign_parts_remove(run->campaign_path, err) != 0)
        return err->code;
    return campaign_create(run->campaign_path, &run->content.campaign, err);
}

/* How far single precision is from double on the targets as they are. A fold whose two best penalties tie may
 * choose the other one, and then a score differs by more than rounding. */
static void log_precision(struct run *run, const struct campaign *campaign)
{
    const double rounding = 1e-5;
    size_t beyond = 0;
    double largest = 0;
    for (size_t t = 0; t < campaign->n_targets; t++) {
        double difference = fabs((double)campaign->score[t] - campaign->r2[t]);
        beyond += difference > rounding;
        largest = difference > largest && difference <= rounding ? difference : largest;
    }
    log_info(&run->log,
             "precision: observed scores in single and double differ by at most %.1e, and by more than %g "
             "for %zu of %zu targets",
             largest, rounding, beyond, campaign->n_targets);
}

static int fill_content(struct run *run, struct error *err)
{
    return campaign_content_init(&run->content, &run->analysis, err);
}

/* Whether this rank fills observed scores and sketches, or gathers them. */
static bool works_on(const struct run *run, const struct placement *every)
{
    return run->ranks.rank == 0 || placement_builds(every, run->ranks.rank);
}

/* Whether every penalty is computed: as asked for, or because there are few. */
static bool is_exact(const struct run *run)
{
    return run->analysis.study.model.exact_penalties || run->analysis.n_penalties <= PENALTY_NODES_EXACT_GRID;
}

static int take_all_nodes(struct run *run, struct error *err)
{
    return penalty_nodes_exact(&run->nodes, run->analysis.n_penalties, run->analysis.folds.n_outer, err);
}

static void log_nodes(struct run *run, const struct observed *observed)
{
    const struct penalty_nodes *nodes = &run->nodes;
    if (nodes->n_nodes == nodes->n_penalties) {
        log_info(&run->log,
                 "penalty nodes: all %zu penalties are computed; with fewer, more than penalty_tolerance %g "
                 "would be left out",
                 nodes->n_penalties, run->analysis.study.model.penalty_tolerance);
        return;
    }
    log_info(
        &run->log,
        "penalty nodes: %zu of %zu penalties; what they leave out is at most %.1e of the criterion, %.1e "
        "of the error (penalty_tolerance %g), on this study's targets %.1e; rounding grows by %.1f",
        nodes->n_nodes, nodes->n_penalties, nodes->bound[PENALTY_CRITERION], nodes->bound[PENALTY_ERROR],
        run->analysis.study.model.penalty_tolerance, penalty_nodes_observed_error(nodes, observed),
        nodes->amplification);
}

/* Observed scores and sketches at every penalty, and from these the nodes, in rank 0. */
static int choose_nodes(struct run *run, const struct shared_svd *svd, const struct placement *every,
                        struct observed *observed, struct error *err)
{
    const struct analysis *analysis = &run->analysis;
    bool test_mean = analysis->study.model.baseline == STUDY_BASELINE_TEST_MEAN;
    struct penalty_sketch sketch = {0};
    double start = runtime_seconds();
    if (observed != NULL)
        penalty_sketch_init(&sketch, &analysis->folds, analysis->n_penalties,
                            test_mean ? NULL : &run->covariates_only, err);
    struct factor_graph_input input = {.svd = svd,
                                       .placement = every,
                                       .penalties = analysis->penalties,
                                       .targets = observed_targets(run),
                                       .observed = observed,
                                       .sketch = observed != NULL ? &sketch : NULL};
    if (agree_outcome(&run->ranks, err) == 0 && pass(run, "observed scores: penalties", &input, err) == 0 &&
        run->ranks.rank == 0 &&
        penalty_nodes_choose(&run->nodes, &sketch, analysis->study.model.penalty_tolerance, err) == 0)
        log_nodes(run, observed);
    penalty_sketch_free(&sketch);
    if (agree_outcome(&run->ranks, err) == 0)
        log_info(&run->log, "observed scores and penalty nodes in %.1f s", runtime_seconds() - start);
    return err->code;
}

/* All that follows from the SVD: observed scores, nodes, the nodes' operators. */
static int follow_svd(struct run *run, const struct placement *every, struct observed *observed,
                      struct error *err)
{
    struct shared_svd svd;
    compute_svd(run, every, &svd, err);
    if (err->code == 0)
        is_exact(run) ? run_on_first(run, take_all_nodes, err)
                      : choose_nodes(run, &svd, every, observed, err);
    if (err->code == 0 && run_share_nodes(run, err) == 0)
        build_factors(run, &svd, is_exact(run) ? observed : NULL, err);
    shared_svd_free(&svd, &run->ranks);
    return err->code;
}

/* The observed scores in double are those of rank 0's table. */
static int observe(struct run *run, struct error *err)
{
    const struct analysis *analysis = &run->analysis;
    struct campaign *campaign = &run->content.campaign;
    struct placement every = {0};
    struct observed observed = {0};
    if (placement_init(&every, run->placement.kind, analysis->n_penalties, run->ranks.machine_of,
                       run->ranks.size, run->ranks.n_machines, err) == 0 &&
        works_on(run, &every))
        observed_init(&observed, observed_targets(run), analysis->n_targets, analysis->n_penalties,
                      &analysis->folds, &run->scored, &run->covariates_only, err);
    if (agree_outcome(&run->ranks, err) == 0 &&
        follow_svd(run, &every, works_on(run, &every) ? &observed : NULL, err) == 0 && run->ranks.rank == 0)
        observed_finish(&observed, run_score_kind(run), &analysis->folds, analysis->penalties, campaign->r2,
                        campaign->r2_by_fold, campaign->penalty_by_fold, campaign->r);
    placement_free(&every);
    observed_free(&observed);
    window_close(&run->targets_double, &run->ranks);
    return err->code;
}

static int keep_scores(struct run *run, struct error *err)
{
    log_precision(run, &run->content.campaign);
    match_missing_scores(&run->content.campaign);
    if (campaign_content_set_nodes(&run->content, &run->nodes, err) != 0)
        return err->code;
    return create_campaign(run, err);
}

/* Factors, observed scores in double and in float32, and the campaign file with them. */
static int begin_campaign(struct run *run, struct error *err)
{
    if (run_on_first(run, fill_content, err) != 0 || observe(run, err) != 0)
        return err->code;
    struct permutation_graph_input input = run_permutation_input(run);
    if (permutation_graph_observed(&run->runtime, &input, run->content.campaign.score, &run->progress, err) !=
        0)
        return err->code;
    return run_on_first(run, keep_scores, err);
}

/* More permutations than the file has room for: a new file beside it. Fewer: it stays. */
static int make_room(struct run *run, struct error *err)
{
    int64_t asked = run->analysis.study.permutations.count;
    if (asked <= run->earlier.n_permutations)
        return 0;
    log_info(&run->log, "making room for %lld permutations (%lld so far)", (long long)asked,
             (long long)run->earlier.n_permutations);
    if (campaign_extend(run->campaign_path, asked, err) == 0)
        run->earlier.n_permutations = asked;
    return err->code;
}

/* Nobody replaces the file while its lock is held, but another run may have done so just before: this study's
 * scores must not go into another one's file. */
static int check_still_ours(struct run *run, struct error *err)
{
    struct campaign there = {0};
    if (campaign_read_fingerprints(&there, run->campaign_path, err) != 0)
        return err->code;
    if (!campaign_is_same_study(&there, run_campaign(run)) || campaign_units_count(run->units) < run->n_units)
        error_set(err, EXIT_CODE_FAILED,
                  "%s: another run has replaced it meanwhile; the same command says what to do",
                  run->campaign_path);
    campaign_free(&there);
    return err->code;
}

/* Takes the campaign's lock, what other ranks of an earlier run left, and looks at what is done. */
static int open_units(struct run *run, struct error *err)
{
    int64_t count = run->analysis.study.permutations.count, g = run_campaign(run)->unit_permutations, taken;
    if (campaign_units_open(&run->units, run->campaign_path, err) != 0)
        return err->code;
    run->n_units = run->n_left = (count + g - 1) / g; /* the file may have room for more */
    if (check_still_ours(run, err) != 0 ||
        campaign_parts_take(run->units, run->campaign_path, &taken, err) != 0)
        return err->code;
    if (taken > 0)
        log_info(&run->log, "%lld units taken over from part files", (long long)taken);
    run->done = memory_zeroed((size_t)campaign_units_count(run->units), sizeof *run->done, "the units", err);
    if (run->done == NULL || campaign_units_done(run->units, run->done, err) != 0)
        return err->code;
    for (int64_t u = 0; u < run->n_units; u++)
        run->n_left -= run->done[u];
    return 0;
}

/* K and the targets in double stand in the file; the permutations have no use for them. */
static void free_big_arrays(struct run *run)
{
    free(run->analysis.gram);
    free(run->earlier.gram);
    run->analysis.gram = run->content.campaign.gram = run->earlier.gram = NULL;
    free(run->analysis.targets);
    free(run->earlier.residual);
    run->analysis.targets = run->content.campaign.residual = run->earlier.residual = NULL;
}

static int take_earlier_nodes(struct run *run, struct error *err)
{
    const struct campaign *earlier = &run->earlier;
    size_t *node = memory_zeroed(earlier->n_nodes, sizeof *node, "the penalty nodes", err);
    for (size_t k = 0; node != NULL && k < earlier->n_nodes; k++)
        node[k] = (size_t)earlier->node[k];
    if (node != NULL)
        penalty_nodes_init_known(&run->nodes, earlier->n_penalties, (size_t)earlier->n_outer,
                                 earlier->n_nodes, node,
                                 earlier->n_node_weights > 0 ? earlier->node_weight : NULL, err);
    free(node);
    return err->code;
}

/* What permutations of an earlier campaign need. */
static int rebuild(struct run *run, struct error *err)
{
    struct shared_svd svd;
    if (run_on_first(run, take_earlier_nodes, err) != 0 || run_share_nodes(run, err) != 0)
        return err->code;
    if (compute_svd(run, &run->placement, &svd, err) == 0)
        build_factors(run, &svd, NULL, err);
    shared_svd_free(&svd, &run->ranks);
    return err->code;
}

int run_build(struct run *run, struct error *err)
{
    if (build_baselines(run, err) != 0)
        return err->code;
    int code = run->resumed ? run_on_first(run, make_room, err) : begin_campaign(run, err);
    if (code != 0 || run_on_first(run, open_units, err) != 0 || run_share_units(run, err) != 0)
        return err->code;
    if (run->resumed && run->n_left > 0)
        rebuild(run, err);
    free_big_arrays(run);
    return err->code;
}
