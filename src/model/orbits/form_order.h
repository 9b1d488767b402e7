/* The forms of a study, which are computed together: fold after fold the criteria of all penalty nodes, the
 * errors of all nodes, and the baseline's error. Those of one fold follow one another, since a fold's penalty
 * is chosen and its r2 taken before the next one's. */
#ifndef ARETE_MODEL_ORBITS_FORM_ORDER_H
#define ARETE_MODEL_ORBITS_FORM_ORDER_H

#include <stddef.h>

static inline size_t form_order_of_fold(size_t n_nodes)
{
    return 2 * n_nodes + 1;
}

static inline size_t form_order_count(size_t n_outer, size_t n_nodes)
{
    return n_outer * form_order_of_fold(n_nodes);
}

static inline size_t form_order_criterion(size_t n_nodes, size_t outer_fold, size_t node)
{
    return outer_fold * form_order_of_fold(n_nodes) + node;
}

static inline size_t form_order_error(size_t n_nodes, size_t outer_fold, size_t node)
{
    return outer_fold * form_order_of_fold(n_nodes) + n_nodes + node;
}

static inline size_t form_order_baseline(size_t n_nodes, size_t outer_fold)
{
    return outer_fold * form_order_of_fold(n_nodes) + 2 * n_nodes;
}

#endif
