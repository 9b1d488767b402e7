#include "run/node_operators.h"

#include "ranks/collectives.h"
#include "run/broadcast.h"
#include "run/record_content.h"
#include "study/analysis_cost.h"

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
    if (analysis_place(analysis, &spread, &operators->kind, why, err) != 0)
        return err->code;
    if (ranks->size > 1 && nodes_are_known)
        log_info(&session->log, "placement: %s", why);
    return 0;
}

int node_operators_settle(struct node_operators *operators, struct session *session,
                          const struct analysis *analysis, struct campaign *campaign, struct error *err)
{
    struct ranks *ranks = session->ranks;
    if (ranks->rank == 0 && err->code == 0 && campaign->node == NULL)
        record_content_fill_nodes(campaign, &operators->nodes, err);
    if (ranks->rank == 0 && err->code == 0)
        node_operators_place(operators, session, analysis, err);
    if (collectives_agree(ranks, err) != 0 || broadcast_nodes(ranks, campaign, &operators->kind, err) != 0)
        return err->code;
    if (ranks->rank != 0)
        record_content_take_nodes(&operators->nodes, campaign, err);
    if (collectives_agree(ranks, err) == 0)
        placement_init(&operators->placement, operators->kind, operators->nodes.n_nodes, ranks->machine_of,
                       ranks->size, ranks->n_machines, err);
    return collectives_agree(ranks, err);
}

void node_operators_free(struct node_operators *operators, struct ranks *ranks)
{
    shared_operators_free(&operators->shared, ranks);
    placement_free(&operators->placement);
    penalty_nodes_free(&operators->nodes);
}
