#include "run/run_steps.h"

#include "base/clock.h"
#include "base/memory.h"
#include "model/ridge/observed.h"
#include "ranks/agree.h"
#include "study/choices.h"
#include "tasks/factor_graph.h"

#include <stdlib.h>

int run_build_baselines(struct run *run, struct error *err)
{
    const struct analysis *analysis = &run->analysis;
    if (baseline_init(&run->scored, choices_baseline(analysis->study.model.baseline), &analysis->covariates,
                      &analysis->folds, err) == 0)
        baseline_init(&run->covariates_only, BASELINE_COVARIATES, &analysis->covariates, &analysis->folds,
                      err);
    return agree_outcome(run->ranks, err);
}

static const double *observed_targets(const struct run *run)
{
    return run->ranks->rank > 0 ? run->targets_double.bytes : run->analysis.targets;
}

static void log_factors(struct run *run, double seconds)
{
    double bytes = factors_bytes_per_penalty(&run->analysis.folds);
    const struct placement *placement = &run->placement;
    size_t held = placement_most_held(placement->kind, placement->n_penalties, placement->n_machines);
    log_info(&run->log, "operators of %zu penalties in %.1f s: %.0f MB", run->nodes.n_nodes, seconds,
             bytes * (double)run->nodes.n_nodes / 1e6);
    if (run->ranks->size > 1)
        log_info(&run->log, "operators: %.0f MB on the fullest of %d machines", bytes * (double)held / 1e6,
                 placement->n_machines);
}

static int compute_svd(struct run *run, const struct placement *placement, struct shared_svd *svd,
                       struct error *err)
{
    const struct analysis *analysis = &run->analysis;
    double start = clock_seconds();
    if (shared_svd_compute(svd, &run->runtime, analysis->gram, &analysis->covariates, analysis->penalties[0],
                           placement, &run->progress, err) == 0)
        log_info(&run->log, "SVD in %.1f s", clock_seconds() - start);
    return err->code;
}

/* A pass over the penalties of `placement`; what it makes is named in `input`. */
static int pass(struct run *run, const char *label, struct factor_graph_input *input, struct error *err)
{
    input->covariates = &run->analysis.covariates;
    input->folds = &run->analysis.folds;
    run_begin_progress(run, label, "penalties/s", 1, 0);
    factor_graph_run(&run->runtime, input, &run->progress, err);
    reporter_end(run->reporter);
    return err->code;
}

/* The operators of the nodes; with every penalty a node also what `observed` asks for. */
static int build_factors(struct run *run, const struct shared_svd *svd, struct observed *observed,
                         struct error *err)
{
    size_t m = run->nodes.n_nodes;
    double start = clock_seconds();
    double *penalties = memory_zeroed(m, sizeof *penalties, "the penalty nodes", err);
    for (size_t k = 0; penalties != NULL && k < m; k++)
        penalties[k] = run->analysis.penalties[run->nodes.node[k]];
    struct factor_graph_input input = {.svd = svd,
                                       .placement = &run->placement,
                                       .penalties = penalties,
                                       .factors = &run->factors,
                                       .targets = observed_targets(run),
                                       .observed = observed};
    if (agree_outcome(run->ranks, err) == 0 &&
        factors_init(&run->factors, run->ranks, &run->placement, &run->analysis.folds, err) == 0 &&
        pass(run, "building operators: penalties", &input, err) == 0)
        log_factors(run, clock_seconds() - start);
    free(penalties);
    return err->code;
}

/* Whether this rank fills observed scores and sketches, or gathers them. */
static bool works_on(const struct run *run, const struct placement *every)
{
    return run->ranks->rank == 0 || placement_builds(every, run->ranks->rank);
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

/* One core's work, which the others' idle workers would only slow down. */
static int nodes_from_sketch(struct run *run, const struct penalty_sketch *sketch,
                             const struct observed *observed, struct error *err)
{
    runtime_pause(&run->runtime);
    penalty_nodes_choose(&run->nodes, sketch, run->analysis.study.model.penalty_tolerance, err);
    runtime_resume(&run->runtime);
    if (err->code == 0)
        log_nodes(run, observed);
    return err->code;
}

/* Observed scores and sketches at every penalty, and from these the nodes, in rank 0. */
static int choose_nodes(struct run *run, const struct shared_svd *svd, const struct placement *every,
                        struct observed *observed, struct error *err)
{
    const struct analysis *analysis = &run->analysis;
    bool test_mean = run->scored.kind == BASELINE_TEST_MEAN;
    struct penalty_sketch sketch = {0};
    double start = clock_seconds();
    if (observed != NULL)
        penalty_sketch_init(&sketch, &analysis->folds, analysis->n_penalties,
                            test_mean ? NULL : &run->covariates_only, err);
    struct factor_graph_input input = {.svd = svd,
                                       .placement = every,
                                       .penalties = analysis->penalties,
                                       .targets = observed_targets(run),
                                       .observed = observed,
                                       .sketch = observed != NULL ? &sketch : NULL};
    if (agree_outcome(run->ranks, err) == 0 && pass(run, "observed scores: penalties", &input, err) == 0 &&
        run->ranks->rank == 0)
        nodes_from_sketch(run, &sketch, observed, err);
    penalty_sketch_free(&sketch);
    if (agree_outcome(run->ranks, err) == 0)
        log_info(&run->log, "observed scores and penalty nodes in %.1f s", clock_seconds() - start);
    return err->code;
}

/* All that follows from the SVD: observed scores, nodes, the nodes' operators. */
static int follow_svd(struct run *run, const struct placement *every, struct observed *observed,
                      struct error *err)
{
    struct shared_svd svd;
    bool chooses = analysis_chooses_nodes(&run->analysis.study.model);
    compute_svd(run, every, &svd, err);
    if (err->code == 0 && chooses)
        choose_nodes(run, &svd, every, observed, err);
    else if (err->code == 0)
        run_on_first(run, take_all_nodes, err);
    if (err->code == 0 && run_share_nodes(run, err) == 0)
        build_factors(run, &svd, chooses ? NULL : observed, err);
    shared_svd_free(&svd, run->ranks);
    return err->code;
}

/* The observed scores in double are those of rank 0's table. */
int run_observe(struct run *run, struct error *err)
{
    const struct analysis *analysis = &run->analysis;
    struct campaign *campaign = &run->content.campaign;
    struct placement every = {0};
    struct observed observed = {0};
    if (placement_init(&every, run->placement.kind, analysis->n_penalties, run->ranks->machine_of,
                       run->ranks->size, run->ranks->n_machines, err) == 0 &&
        works_on(run, &every))
        observed_init(&observed, observed_targets(run), analysis->n_targets, analysis->n_penalties,
                      &analysis->folds, &run->scored, &run->covariates_only, err);
    if (agree_outcome(run->ranks, err) == 0 &&
        follow_svd(run, &every, works_on(run, &every) ? &observed : NULL, err) == 0 && run->ranks->rank == 0)
        observed_finish(&observed, run_score_kind(run), &analysis->folds, analysis->penalties, campaign->r2,
                        campaign->r2_by_fold, campaign->penalty_by_fold, campaign->r);
    placement_free(&every);
    observed_free(&observed);
    window_close(&run->targets_double, run->ranks);
    return err->code;
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
int run_rebuild_operators(struct run *run, struct error *err)
{
    struct shared_svd svd;
    if (run_on_first(run, take_earlier_nodes, err) != 0 || run_share_nodes(run, err) != 0)
        return err->code;
    if (compute_svd(run, &run->placement, &svd, err) == 0)
        build_factors(run, &svd, NULL, err);
    shared_svd_free(&svd, run->ranks);
    return err->code;
}
