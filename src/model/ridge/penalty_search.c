#include "model/ridge/penalty_search.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How far in the grid a node may move at once. */
enum { REACH = 3 };
/* Nodes are moved once the residual is below NEAR tolerances. A move must bring it below GAIN of what it
 * was. */
static const double NEAR = 30, GAIN = .99;

/* The price of a weight of 1, in tolerances. */
static const double WEIGHT_COST = .1;

int penalty_search_init(struct penalty_search *search, const struct penalty_sketch *sketch, double tolerance,
                        struct error *err)
{
    size_t n_penalties = sketch->n_penalties;
    *search = (struct penalty_search){.tolerance = tolerance, .scale = {1, 1}};
    search->nodes = memory_zeroed(n_penalties, sizeof *search->nodes, "the penalty nodes", err);
    search->saved = memory_zeroed(n_penalties, sizeof *search->saved, "the penalty nodes", err);
    search->is_node = memory_zeroed(n_penalties, sizeof *search->is_node, "the penalty nodes", err);
    search->residual = memory_aligned(n_penalties, sizeof *search->residual, "the penalty nodes", err);
    search->weights = memory_aligned(n_penalties * (n_penalties + 1), sizeof *search->weights,
                                     "the penalty nodes' weights", err);
    penalty_bound_init(&search->bounds, sketch, err);
    if (err->code == 0)
        penalty_span_init(&search->span, sketch, WEIGHT_COST * tolerance, err);
    if (err->code != 0)
        penalty_search_free(search);
    return err->code;
}

void penalty_search_free(struct penalty_search *search)
{
    penalty_span_free(&search->span);
    free(search->nodes);
    free(search->saved);
    free(search->is_node);
    free(search->residual);
    free(search->weights);
    penalty_bound_free(&search->bounds);
    *search = (struct penalty_search){0};
}

/* How badly the nodes describe the grid: the 8-norm of the residuals over all forms, folds and penalties.
 * That is close to the longest residual, but improvements elsewhere count as well, so that the search does
 * not get stuck. *penalty = the one with the longest residual. Stops early once the norm exceeds `limit`. */
static double total_residual(struct penalty_search *search, double limit, size_t *penalty, struct error *err)
{
    const struct penalty_sketch *sketch = search->span.sketch;
    size_t n_pairs = N_PENALTY_FORMS * sketch->n_outer, first = search->hardest;
    double longest = -1, total = 0, most = pow(limit / search->tolerance, 8);
    for (size_t i = 0; i < n_pairs && total <= most; i++) {
        size_t pair = (first + i) % n_pairs;
        enum penalty_form form = (enum penalty_form)(pair / sketch->n_outer);
        if (penalty_span_combine(&search->span, &(struct penalty_span_form){form, pair % sketch->n_outer},
                                 search->nodes, search->n_nodes, search->residual, NULL, err) != 0)
            return INFINITY;
        for (size_t k = 0; k < sketch->n_penalties; k++) {
            if (search->is_node[k])
                continue;
            double residual = search->scale[form] * search->residual[k];
            double square = pow(residual / search->tolerance, 2);
            total += square * square * square * square;
            if (residual > longest) {
                longest = residual;
                search->hardest = pair;
                *penalty = k;
            }
        }
    }
    return search->tolerance * pow(total, .125);
}

static void replace_node(struct penalty_search *search, size_t i, size_t penalty)
{
    search->is_node[search->nodes[i]] = false;
    search->is_node[penalty] = true;
    search->nodes[i] = penalty;
}

/* Moves node i to a neighbouring penalty if that is better. Returns total_residual afterwards. */
static double move_node(struct penalty_search *search, size_t i, double left_out, struct error *err)
{
    size_t n_penalties = search->span.sketch->n_penalties, middle = search->nodes[i], ignored;
    size_t first = middle > REACH ? middle - REACH : 0;
    for (size_t k = first; k < n_penalties && k <= middle + REACH && err->code == 0; k++) {
        if (search->is_node[k])
            continue;
        size_t before = search->nodes[i];
        replace_node(search, i, k);
        double found = total_residual(search, GAIN * left_out, &ignored, err);
        if (found < GAIN * left_out)
            left_out = found;
        else
            replace_node(search, i, before);
    }
    return left_out;
}

static void exchange_nodes(struct penalty_search *search, struct error *err)
{
    size_t ignored;
    double left_out = total_residual(search, INFINITY, &ignored, err), before = INFINITY;
    while (left_out < before && err->code == 0) {
        before = left_out;
        for (size_t i = 0; i < search->n_nodes; i++)
            left_out = move_node(search, i, left_out, err);
    }
}

/* Computes bound and scale of the nodes. */
static int compute_bounds(struct penalty_search *search, struct error *err)
{
    double longest[N_PENALTY_FORMS];
    for (size_t form = 0; form < N_PENALTY_FORMS; form++) {
        if (penalty_bound_compute(
                &search->bounds, &search->span, (enum penalty_form)form,
                &(struct penalty_bound_nodes){search->nodes, search->n_nodes, search->is_node},
                &search->bound[form], &longest[form], err) != 0)
            return err->code;
        search->scale[form] = longest[form] > 0 ? search->bound[form] / longest[form] : 1;
    }
    return 0;
}

static bool bounds_kept(const struct penalty_search *search)
{
    return search->bound[PENALTY_CRITERION] <= search->tolerance &&
           search->bound[PENALTY_ERROR] <= search->tolerance;
}

static void set_nodes(struct penalty_search *search, const size_t *nodes, size_t n_nodes)
{
    memset(search->is_node, 0, search->span.sketch->n_penalties * sizeof *search->is_node);
    if (nodes != search->nodes)
        memcpy(search->nodes, nodes, n_nodes * sizeof *nodes);
    search->n_nodes = n_nodes;
    for (size_t i = 0; i < n_nodes; i++)
        search->is_node[search->nodes[i]] = true;
}

/* Makes the saved nodes without number i the nodes. */
static void set_without(struct penalty_search *search, size_t n_saved, size_t i)
{
    memcpy(search->nodes, search->saved, n_saved * sizeof *search->nodes);
    search->nodes[i] = search->saved[n_saved - 1];
    set_nodes(search, search->nodes, n_saved - 1);
}

/* Moves the nodes and computes their bounds. If the bounds are close, does it again with the new scales. */
static void improve_nodes(struct penalty_search *search, struct error *err)
{
    for (int pass = 0; pass < 2; pass++) {
        exchange_nodes(search, err);
        if (err->code != 0 || compute_bounds(search, err) != 0 || bounds_kept(search) ||
            search->bound[PENALTY_CRITERION] > 2 * search->tolerance ||
            search->bound[PENALTY_ERROR] > 2 * search->tolerance)
            return;
    }
}

/* Removes the node that is missed least and moves the others. Takes it back if the bounds are then
 * exceeded. */
static bool remove_node(struct penalty_search *search, struct error *err)
{
    size_t n_saved = search->n_nodes, best = 0, ignored;
    double bound[N_PENALTY_FORMS], shortest = INFINITY;
    memcpy(search->saved, search->nodes, n_saved * sizeof *search->saved);
    memcpy(bound, search->bound, sizeof bound);
    for (size_t i = 0; i < n_saved && err->code == 0; i++) {
        set_without(search, n_saved, i);
        double left_out = total_residual(search, shortest, &ignored, err);
        if (left_out < shortest) {
            shortest = left_out;
            best = i;
        }
    }
    set_without(search, n_saved, best);
    improve_nodes(search, err);
    if (err->code == 0 && bounds_kept(search))
        return true;
    set_nodes(search, search->saved, n_saved);
    memcpy(search->bound, bound, sizeof bound);
    return false;
}

int penalty_search_run(struct penalty_search *search, struct error *err)
{
    size_t n_penalties = search->span.sketch->n_penalties, worst = 0;
    total_residual(search, INFINITY, &worst, err);
    while (err->code == 0 && search->n_nodes < n_penalties) {
        search->nodes[search->n_nodes++] = worst;
        search->is_node[worst] = true;
        double left_out = total_residual(search, INFINITY, &worst, err);
        if (left_out > NEAR * search->tolerance || err->code != 0)
            continue;
        improve_nodes(search, err);
        if (err->code != 0)
            break;
        if (bounds_kept(search)) {
            while (search->n_nodes > 1 && remove_node(search, err))
                ;
            break;
        }
        total_residual(search, INFINITY, &worst, err);
    }
    return err->code;
}
