#include "run/build_operators.h"

#include "base/clock.h"
#include "base/memory.h"
#include "model/ridge/observed.h"
#include "model/ridge/predictions.h"
#include "ranks/collectives.h"
#include "run/record_content.h"
#include "run/record_orbits.h"
#include "study/choices.h"
#include "tasks/operator_graph.h"
#include "tasks/shared_svd.h"

#include <stdio.h>
#include <stdlib.h>

enum { BUILDERS_BYTES = 80 };

/* Who built, in rank 0's machine, where it has more processes than one: a text of BUILDERS_BYTES. */
static const char *builders_text(const struct session *session, const struct node_operators *operators,
                                 char *text)
{
    int there = session->ranks->n_local;
    *text = '\0';
    if (there > 1)
        snprintf(text, BUILDERS_BYTES, ", by %d of the %d processes of a machine",
                 placement_builders(&operators->placement, session->ranks->machine), there);
    return text;
}

static void log_forms(struct session *session, const struct node_operators *operators, double seconds)
{
    const struct study_forms *forms = &operators->forms;
    char builders[BUILDERS_BYTES];
    log_info(&session->log, "forms: %zu of %zu penalties, outer folds %zu to %zu, in %.1f s: %.0f MB%s",
             forms->forms.count, forms->n_nodes, forms->first_outer + 1, forms->first_outer + forms->n_outer,
             seconds, study_forms_bytes(forms->engine, forms->n_outer, forms->n_nodes) / 1e6,
             builders_text(session, operators, builders));
}

static void log_operators(struct session *session, const struct node_operators *operators,
                          const struct folds *folds, double seconds)
{
    struct fold_span span = operators->shared.span;
    double bytes = shared_operators_bytes_per_penalty(folds, span);
    char which[64] = "", builders[BUILDERS_BYTES];
    if (span.count < folds->n_outer)
        snprintf(which, sizeof which, ", outer folds %zu to %zu,", span.first + 1, span.first + span.count);
    log_info(&session->log, "operators of %zu penalties%s in %.1f s: %.0f MB%s", operators->nodes.n_nodes,
             which, seconds, bytes * (double)operators->nodes.n_nodes / 1e6,
             builders_text(session, operators, builders));
}

static int compute_svd(struct session *session, const struct analysis *analysis,
                       const struct placement *placement, struct shared_svd *svd, struct error *err)
{
    double start = clock_seconds(), largest = analysis->penalties[analysis->n_penalties - 1];
    if (shared_svd_compute(svd, &session->runtime,
                           &(struct shared_svd_input){analysis->gram, &analysis->covariates,
                                                      analysis->penalties[0], largest},
                           placement, &session->progress, err) == 0)
        log_info(&session->log, "SVD in %.1f s", clock_seconds() - start);
    return err->code;
}

/* A pass over the penalties of `placement`; what it makes is named in `input`. */
static int pass(struct session *session, const struct analysis *analysis, const char *label,
                struct operator_graph_input *input, struct error *err)
{
    input->covariates = &analysis->covariates;
    input->folds = &analysis->folds;
    input->targets = input->observed != NULL ? input->observed->targets : NULL;
    session_begin_progress(session, label, "penalties/s", 1, 0);
    operator_graph_run(&session->runtime, input, &session->progress, err);
    session_end_progress(session);
    return err->code;
}

/* Room for what is made of the nodes, their operators or their forms, as the graph is told. */
static int make_room(struct session *session, const struct analysis *analysis,
                     const struct baselines *baselines, struct node_operators *operators,
                     struct operator_graph_input *input, struct error *err)
{
    struct ranks *ranks = session->ranks;
    struct fold_span own = fold_chains_folds(&operators->chains, ranks->machine);
    size_t n_nodes = operators->nodes.n_nodes;
    operators->built = operators->chains.folds;
    if (!operators->orbits) {
        input->operators = &operators->shared;
        return shared_operators_init(&operators->shared, ranks, n_nodes, &analysis->folds, own, err);
    }
    input->forms = &operators->forms;
    input->baseline = &baselines->scored;
    return study_forms_init(&operators->forms, ranks, &operators->engine, own, n_nodes, err);
}

/* The operators or forms of the nodes; with every penalty a node also what `observed` asks for. */
static int build_operators(struct session *session, const struct analysis *analysis,
                           const struct baselines *baselines, struct observed *observed,
                           struct node_operators *operators, struct error *err)
{
    const struct penalty_nodes *nodes = &operators->nodes;
    double start = clock_seconds();
    double *penalties = memory_zeroed(nodes->n_nodes, sizeof *penalties, "the penalty nodes", err);
    for (size_t k = 0; penalties != NULL && k < nodes->n_nodes; k++)
        penalties[k] = analysis->penalties[nodes->node[k]];
    struct operator_graph_input input = {.svd = &operators->svd,
                                         .placement = &operators->placement,
                                         .penalties = penalties,
                                         .observed = observed};
    if (collectives_agree(session->ranks, err) == 0 &&
        make_room(session, analysis, baselines, operators, &input, err) == 0)
        pass(session, analysis, "building operators: penalties", &input, err);
    if (err->code == 0 && operators->orbits)
        log_forms(session, operators, clock_seconds() - start);
    else if (err->code == 0)
        log_operators(session, operators, &analysis->folds, clock_seconds() - start);
    free(penalties);
    if (operators->built.count == analysis->folds.n_outer)
        shared_svd_free(&operators->svd, session->ranks);
    return err->code;
}

static void log_nodes(struct log *log, const struct penalty_nodes *nodes, double tolerance,
                      const struct penalty_sketch *sketch, const struct observed *observed)
{
    if (nodes->n_nodes == nodes->n_penalties) {
        log_info(log,
                 "penalty nodes: all %zu penalties are computed; with fewer, more than penalty_tolerance %g "
                 "would be left out",
                 nodes->n_penalties, tolerance);
        return;
    }
    log_info(
        log,
        "penalty nodes: %zu of %zu penalties; what they leave out is at most %.1e of the criterion, %.1e "
        "of the error (penalty_tolerance %g), on this study's targets %.1e; rounding grows by %.1f",
        nodes->n_nodes, nodes->n_penalties, nodes->bound[PENALTY_CRITERION], nodes->bound[PENALTY_ERROR],
        tolerance, penalty_nodes_observed_error(nodes, sketch, observed), nodes->amplification);
}

/* One core's work, which the others' idle workers would only slow down. */
static int nodes_from_sketch(struct session *session, double tolerance, const struct penalty_sketch *sketch,
                             const struct observed *observed, struct penalty_nodes *nodes, struct error *err)
{
    runtime_pause(&session->runtime);
    penalty_nodes_choose(nodes, sketch, tolerance, err);
    runtime_resume(&session->runtime);
    if (err->code == 0)
        log_nodes(&session->log, nodes, tolerance, sketch, observed);
    return err->code;
}

/* Observed scores and sketches at every penalty, and from these the nodes, in rank 0. */
static int choose_nodes(struct session *session, const struct analysis *analysis,
                        const struct baselines *baselines, struct operator_graph_input *input,
                        struct penalty_nodes *nodes, struct error *err)
{
    bool test_mean = baselines->scored.kind == BASELINE_TEST_MEAN;
    struct penalty_sketch sketch = {0};
    double start = clock_seconds();
    if (input->observed != NULL) {
        penalty_sketch_init(&sketch, &analysis->folds, analysis->n_penalties,
                            test_mean ? NULL : &baselines->covariates_only, err);
        input->sketch = &sketch;
    }
    if (collectives_agree(session->ranks, err) == 0 &&
        pass(session, analysis, "observed scores: penalties", input, err) == 0 && session->ranks->rank == 0)
        nodes_from_sketch(session, analysis->study.model.penalty_tolerance, &sketch, input->observed, nodes,
                          err);
    penalty_sketch_free(&sketch);
    if (collectives_agree(session->ranks, err) == 0)
        log_info(&session->log, "observed scores and penalty nodes in %.1f s", clock_seconds() - start);
    return err->code;
}

/* All that follows from the SVD: observed scores, nodes, the nodes' operators. */
static int follow_svd(struct session *session, const struct analysis *analysis,
                      const struct baselines *baselines, const struct placement *every,
                      struct observed *observed, struct node_operators *operators, struct campaign *campaign,
                      struct error *err)
{
    struct shared_svd *svd = &operators->svd;
    bool chooses = analysis_chooses_nodes(&analysis->study.model);
    struct operator_graph_input input = {
        .svd = svd, .placement = every, .penalties = analysis->penalties, .observed = observed};
    if (compute_svd(session, analysis, every, svd, err) == 0 && chooses)
        choose_nodes(session, analysis, baselines, &input, &operators->nodes, err);
    else if (err->code == 0) {
        if (session->ranks->rank == 0)
            penalty_nodes_exact(&operators->nodes, analysis->n_penalties, analysis->folds.n_outer, err);
        collectives_agree(session->ranks, err);
    }
    if (err->code != 0 || node_operators_settle(operators, session, analysis, campaign, err) != 0)
        return err->code;
    bool by_fold = operators->placement.kind == PLACEMENT_BY_FOLD;
    if (by_fold && !chooses)
        pass(session, analysis, "observed scores: penalties", &input, err);
    if (by_fold && err->code == 0)
        shared_svd_carry(svd, session->ranks, &operators->placement, err);
    if (err->code == 0)
        build_operators(session, analysis, baselines, chooses || by_fold ? NULL : observed, operators, err);
    return err->code;
}

/* The numbers of the table. */
static void finish(const struct observed *observed, const struct analysis *analysis, struct campaign *scores)
{
    const struct observed_table table = {.r2 = scores->r2,
                                         .r2_by_fold = scores->r2_by_fold,
                                         .penalty_by_fold = scores->penalty_by_fold,
                                         .r = scores->r,
                                         .r2_everybody = scores->r2_everybody};
    observed_finish(observed, choices_score(analysis->study.model.score), &analysis->folds,
                    analysis->penalties, &table);
}

/* As every rank decides it (record_content.c in the first). */
static bool keeps_predictions(const struct analysis *analysis)
{
    return choices_keeps_predictions(analysis->study.run.predictions, analysis->cohort.n,
                                     analysis->n_targets);
}

int build_operators_and_observe(struct session *session, const struct analysis *analysis,
                                const struct baselines *baselines, const double *targets,
                                struct node_operators *operators, struct campaign *campaign,
                                struct error *err)
{
    const struct ranks *ranks = session->ranks;
    struct placement every = {0};
    struct observed observed = {0};
    bool takes_part = false; /* fills observed scores and sketches, or gathers them */
    if (placement_init(&every, PLACEMENT_REPLICATE, analysis->n_penalties, ranks->machine_of, ranks->size,
                       ranks->n_machines, err) == 0) {
        every.n_builders = operators->n_builders;
        takes_part = ranks->rank == 0 || placement_builds_any(&every, ranks->rank);
    }
    if (takes_part)
        observed_init(&observed, targets, analysis->n_targets, analysis->n_penalties, &analysis->folds,
                      &(struct observed_baselines){&baselines->scored, &baselines->covariates_only}, err);
    if (takes_part && err->code == 0 && keeps_predictions(analysis))
        observed_keep_residuals(&observed, analysis->cohort.n, err);
    if (collectives_agree(session->ranks, err) == 0 &&
        follow_svd(session, analysis, baselines, &every, takes_part ? &observed : NULL, operators, campaign,
                   err) == 0 &&
        ranks->rank == 0) {
        finish(&observed, analysis, campaign);
        if (campaign->n_predicted > 0)
            predictions_fill(&observed, &analysis->folds, &baselines->scored,
                             &(struct predictions){campaign->beyond, campaign->predicted}, err);
        if (operators->orbits)
            record_orbits_fill_errors(campaign, &observed, &operators->nodes, err);
    }
    placement_free(&every);
    observed_free(&observed);
    return err->code;
}

int build_operators_again(struct session *session, const struct analysis *analysis, struct campaign *campaign,
                          struct node_operators *operators, struct error *err)
{
    if (session->ranks->rank == 0)
        record_content_take_nodes(&operators->nodes, campaign, err);
    if (collectives_agree(session->ranks, err) != 0 ||
        node_operators_settle(operators, session, analysis, campaign, err) != 0)
        return err->code;
    return compute_svd(session, analysis, &operators->placement, &operators->svd, err);
}

int build_operators_of_pass(struct session *session, const struct analysis *analysis,
                            const struct baselines *baselines, struct node_operators *operators,
                            struct error *err)
{
    const struct fold_span *wanted = &operators->chains.folds, *there = &operators->built;
    if (there->count == wanted->count && there->first == wanted->first)
        return 0;
    study_forms_free(&operators->forms, session->ranks);
    shared_operators_free(&operators->shared, session->ranks);
    return build_operators(session, analysis, baselines, NULL, operators, err);
}
