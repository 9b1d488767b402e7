#include "model/ridge/penalty_nodes.h"

#include "base/memory.h"
#include "model/ridge/penalty_search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t weight_count(const struct penalty_nodes *nodes)
{
    return N_PENALTY_FORMS * nodes->n_outer * nodes->n_penalties * (nodes->n_nodes + 1);
}

static size_t weights_start(const struct penalty_nodes *nodes, enum penalty_form form, size_t outer_fold,
                            size_t penalty)
{
    size_t fold = (size_t)form * nodes->n_outer + outer_fold;
    return (fold * nodes->n_penalties + penalty) * (nodes->n_nodes + 1);
}

int penalty_nodes_init_known(struct penalty_nodes *nodes, size_t n_penalties, size_t n_outer, size_t n_nodes,
                             const size_t *node, const double *weights, struct error *err)
{
    *nodes = (struct penalty_nodes){.n_penalties = n_penalties, .n_outer = n_outer, .n_nodes = n_nodes};
    nodes->node = memory_zeroed(n_nodes, sizeof *nodes->node, "the penalty nodes", err);
    if (weights != NULL)
        nodes->weights =
            memory_aligned(weight_count(nodes), sizeof *nodes->weights, "the penalty nodes' weights", err);
    if (err->code != 0) {
        penalty_nodes_free(nodes);
        return err->code;
    }
    memcpy(nodes->node, node, n_nodes * sizeof *node);
    if (weights != NULL)
        memcpy(nodes->weights, weights, weight_count(nodes) * sizeof *weights);
    return 0;
}

int penalty_nodes_exact(struct penalty_nodes *nodes, size_t n_penalties, size_t n_outer, struct error *err)
{
    size_t *node = memory_zeroed(n_penalties, sizeof *node, "the penalty nodes", err);
    if (node == NULL)
        return err->code;
    for (size_t k = 0; k < n_penalties; k++)
        node[k] = k;
    penalty_nodes_init_known(nodes, n_penalties, n_outer, n_penalties, node, NULL, err);
    nodes->amplification = 1;
    free(node);
    return err->code;
}

void penalty_nodes_free(struct penalty_nodes *nodes)
{
    free(nodes->node);
    free(nodes->weights);
    *nodes = (struct penalty_nodes){0};
}

const double *penalty_nodes_weights(const struct penalty_nodes *nodes, enum penalty_form form,
                                    size_t outer_fold, size_t penalty)
{
    return nodes->weights + weights_start(nodes, form, outer_fold, penalty);
}

/* Fills the weights of a penalty that is no node. `relative`: the same for forms divided by their mean
 * eigenvalues. */
static void combine(struct penalty_nodes *nodes, const struct penalty_span *span, enum penalty_form form,
                    size_t outer_fold, size_t penalty, const double *relative)
{
    double *weights = nodes->weights + weights_start(nodes, form, outer_fold, penalty);
    double mean = penalty_span_mean(span, form, outer_fold, penalty), sum = 0;
    size_t n_terms = penalty_span_terms(span, form, nodes->n_nodes);
    for (size_t j = 0; j <= nodes->n_nodes; j++) {
        size_t k = j < nodes->n_nodes ? nodes->node[j] : nodes->n_penalties;
        double of_term = j < n_terms ? penalty_span_mean(span, form, outer_fold, k) : 0;
        weights[j] = of_term > 0 ? relative[j] * mean / of_term : 0;
        sum += of_term > 0 ? fabs(relative[j]) : 0;
    }
    nodes->amplification = fmax(nodes->amplification, sum);
}

static int fill_weights(struct penalty_nodes *nodes, struct penalty_search *search, struct error *err)
{
    for (size_t i = 0; i < N_PENALTY_FORMS * nodes->n_outer; i++) {
        enum penalty_form form = (enum penalty_form)(i / nodes->n_outer);
        size_t outer_fold = i % nodes->n_outer,
               n_terms = penalty_span_terms(&search->span, form, nodes->n_nodes);
        if (penalty_span_combine(&search->span, &(struct penalty_span_form){form, outer_fold}, nodes->node,
                                 nodes->n_nodes, search->residual, search->weights, err) != 0)
            return err->code;
        for (size_t k = 0, j = 0; k < nodes->n_penalties; k++) {
            if (j < nodes->n_nodes && nodes->node[j] == k)
                nodes->weights[weights_start(nodes, form, outer_fold, k) + j++] = 1;
            else
                combine(nodes, &search->span, form, outer_fold, k, search->weights + k * n_terms);
        }
    }
    return 0;
}

static int compare_indexes(const void *a, const void *b)
{
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    return (left > right) - (left < right);
}

static int take_nodes(struct penalty_nodes *nodes, struct penalty_search *search, struct error *err)
{
    const struct penalty_sketch *sketch = search->span.sketch;
    qsort(search->nodes, search->n_nodes, sizeof *search->nodes, compare_indexes);
    if (penalty_nodes_init_known(nodes, sketch->n_penalties, sketch->n_outer, search->n_nodes, search->nodes,
                                 NULL, err) != 0)
        return err->code;
    nodes->weights =
        memory_zeroed(weight_count(nodes), sizeof *nodes->weights, "the penalty nodes' weights", err);
    nodes->amplification = 1;
    if (nodes->weights == NULL || fill_weights(nodes, search, err) != 0)
        penalty_nodes_free(nodes);
    else
        memcpy(nodes->bound, search->bound, sizeof nodes->bound);
    return err->code;
}

int penalty_nodes_choose(struct penalty_nodes *nodes, const struct penalty_sketch *sketch, double tolerance,
                         struct error *err)
{
    struct penalty_search search;
    if (penalty_search_init(&search, sketch, tolerance, err) != 0)
        return err->code;
    if (penalty_search_run(&search, err) == 0) {
        if (search.n_nodes < sketch->n_penalties && search.n_nodes <= PENALTY_NODES_MOST)
            take_nodes(nodes, &search, err);
        else
            penalty_nodes_exact(nodes, sketch->n_penalties, sketch->n_outer, err);
    }
    penalty_search_free(&search);
    return err->code;
}

/* The largest error over the targets, for one form, fold and penalty. */
static double fold_error(const struct penalty_nodes *nodes, const struct observed *observed,
                         enum penalty_form form, size_t outer_fold, size_t penalty)
{
    const double *weights = penalty_nodes_weights(nodes, form, outer_fold, penalty);
    const double *values = form == PENALTY_ERROR ? observed->error : observed->criterion;
    size_t t = observed->n_targets, stride = observed->n_outer * t;
    double worst = 0;
    for (size_t j = 0; j < t; j++) {
        size_t cell = outer_fold * t + j;
        double combined = weights[nodes->n_nodes] * observed->baseline_error[cell];
        for (size_t i = 0; i < nodes->n_nodes; i++)
            combined += weights[i] * values[nodes->node[i] * stride + cell];
        worst = fmax(worst, fabs(combined - values[penalty * stride + cell]));
    }
    return worst;
}

double penalty_nodes_observed_error(const struct penalty_nodes *nodes, const struct penalty_sketch *sketch,
                                    const struct observed *observed)
{
    double worst = 0;
    if (nodes->weights == NULL)
        return worst;
    for (size_t i = 0; i < N_PENALTY_FORMS * nodes->n_outer; i++)
        for (size_t k = 0; k < nodes->n_penalties; k++) {
            enum penalty_form form = (enum penalty_form)(i / nodes->n_outer);
            double noise = penalty_sketch_trace(sketch, form, i % nodes->n_outer, k);
            if (noise > 0)
                worst = fmax(worst, fold_error(nodes, observed, form, i % nodes->n_outer, k) / noise);
        }
    return worst;
}
