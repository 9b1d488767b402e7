#include "run/node_operators.h"

#include "base/memory.h"
#include "planning/cost_placement.h"
#include "ranks/collectives.h"
#include "run/broadcast.h"
#include "run/pass_folds.h"
#include "run/record_content.h"
#include "run/record_orbits.h"
#include "study/analysis_cost.h"
#include "study/campaign_orbits.h"

#include <stdlib.h>

/* An earlier campaign's stays. */
static int choose_method(struct node_operators *operators, struct session *session,
                         const struct analysis *analysis, struct analysis_spread *spread, struct error *err)
{
    char why[COST_PLACEMENT_BYTES];
    spread->orbits = operators->orbits;
    if (operators->orbits_are_known)
        return 0;
    if (analysis_choose_method(analysis, spread, why, err) != 0)
        return err->code;
    operators->orbits = spread->orbits;
    if (operators->nodes.n_nodes == 0)
        return 0;
    log_info(&session->log, "permutations: method %s: %s", spread->orbits ? "orbits" : "independent", why);
    if (spread->orbits) {
        struct cost_shape shape = analysis_cost_shape(analysis, spread);
        log_info(&session->log, "permutations: %s", cost_orbits_text(&shape, why));
    }
    return 0;
}

int node_operators_place(struct node_operators *operators, struct session *session,
                         const struct analysis *analysis, struct error *err)
{
    const struct ranks *ranks = session->ranks;
    const struct study *study = &analysis->study;
    bool nodes_are_known = operators->nodes.n_nodes > 0;
    size_t fewest =
        analysis_chooses_nodes(&study->model) ? PENALTY_NODES_EXACT_GRID : study->model.n_penalties;
    struct analysis_spread spread = {.n_machines = ranks->n_hosts,
                                     .ranks_per_machine = (ranks->size + ranks->n_hosts - 1) / ranks->n_hosts,
                                     .workers_per_rank = runtime_worker_count(study->run.workers),
                                     .n_nodes = (int)(nodes_are_known ? operators->nodes.n_nodes : fewest)};
    char why[COST_PLACEMENT_BYTES];
    if (choose_method(operators, session, analysis, &spread, err) != 0 ||
        analysis_place(analysis, &spread, &operators->kind, why, err) != 0)
        return err->code;
    struct cost_shape shape = analysis_cost_shape(analysis, &spread);
    struct cost cost = cost_of(&shape);
    operators->campaign_bytes = cost.campaign_bytes;
    operators->window_bytes = cost.window_bytes;
    operators->pass_folds = (size_t)spread.pass_folds;
    /* who has not got ready to build does not begin later */
    bool fewer = operators->n_builders == 0 || spread.n_builders < operators->n_builders;
    operators->n_builders = fewer ? spread.n_builders : operators->n_builders;
    bool passes = operators->pass_folds < analysis->folds.n_outer;
    if (nodes_are_known && (passes || ranks->size > 1))
        log_info(&session->log, "memory: %s", why);
    if (nodes_are_known && ranks->size > 1) {
        shape = analysis_cost_shape(analysis, &spread);
        shape.placement = operators->kind;
        log_info(&session->log, "placement: %s", cost_placement_text(&shape, why));
    }
    return 0;
}

/* In rank 0: what the campaign does not have yet. */
static int fill_campaign(struct node_operators *operators, struct session *session,
                         const struct analysis *analysis, struct campaign *campaign, struct error *err)
{
    bool is_new = campaign->node == NULL;
    if (is_new)
        record_content_fill_nodes(campaign, &operators->nodes, err);
    if (err->code == 0 && node_operators_place(operators, session, analysis, err) == 0 && is_new &&
        operators->orbits)
        record_orbits_fill(campaign, &analysis->scheme, err);
    return err->code;
}

/* With replicate, forms are all built by rank 0's machine: the coefficients of a form stand in many places,
 * and only those of all forms together travel as one piece. */
static int place_nodes(struct node_operators *operators, const struct ranks *ranks, struct error *err)
{
    struct placement *placement = &operators->placement;
    if (placement_init(placement, operators->kind, operators->nodes.n_nodes, ranks->machine_of, ranks->size,
                       ranks->n_machines, err) != 0)
        return err->code;
    placement->n_builders = operators->n_builders;
    if (operators->orbits && operators->kind == PLACEMENT_REPLICATE)
        placement->n_dealt = 1;
    return 0;
}

int node_operators_broadcast_builders(struct node_operators *operators, struct ranks *ranks,
                                      struct error *err)
{
    return collectives_broadcast(ranks, &operators->n_builders, sizeof operators->n_builders, 0, err);
}

/* From what the campaign says. */
static int begin_orbits(struct node_operators *operators, const struct analysis *analysis,
                        const struct campaign *campaign, struct error *err)
{
    operators->tiling = orbit_tiling_of(campaign->n_targets, campaign->n_shifts);
    if (campaign_orbits_scheme(&operators->scheme, campaign, &analysis->scheme, err) != 0)
        return err->code;
    return orbit_engine_init(&operators->engine, &operators->scheme, instructions_best(), err);
}

int node_operators_settle(struct node_operators *operators, struct session *session,
                          const struct analysis *analysis, struct campaign *campaign, struct error *err)
{
    struct ranks *ranks = session->ranks;
    if (ranks->rank == 0 && err->code == 0)
        fill_campaign(operators, session, analysis, campaign, err);
    if (collectives_agree(ranks, err) != 0 || broadcast_nodes(ranks, campaign, &operators->kind, err) != 0)
        return err->code;
    operators->orbits = campaign_has_orbits(campaign);
    if (collectives_broadcast(ranks, &operators->pass_folds, sizeof operators->pass_folds, 0, err) != 0 ||
        node_operators_broadcast_builders(operators, ranks, err) != 0)
        return err->code;
    if (ranks->rank != 0)
        record_content_take_nodes(&operators->nodes, campaign, err);
    if (collectives_agree(ranks, err) == 0 && place_nodes(operators, ranks, err) == 0)
        node_operators_begin_pass(operators,
                                  pass_folds_from(0, analysis->folds.n_outer, operators->pass_folds));
    if (err->code == 0 && operators->orbits)
        begin_orbits(operators, analysis, campaign, err);
    return collectives_agree(ranks, err);
}

void node_operators_begin_pass(struct node_operators *operators, struct fold_span folds)
{
    operators->chains = fold_chains_of(&operators->placement, folds);
}

void node_operators_free(struct node_operators *operators, struct ranks *ranks)
{
    study_forms_free(&operators->forms, ranks);
    shared_svd_free(&operators->svd, ranks);
    orbit_engine_free(&operators->engine);
    orbit_scheme_free(&operators->scheme);
    shared_operators_free(&operators->shared, ranks);
    placement_free(&operators->placement);
    penalty_nodes_free(&operators->nodes);
}
