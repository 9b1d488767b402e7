/* How many penalty nodes a run will choose (model/ridge/penalty_nodes.h), before there is K. It follows from
 * the eigenvalues of K beyond the covariates, the grid and the folds. The eigenvalues of a K depend on the
 * SNPs and on how many people there are for each of them: so a sample of people with as large a share of the
 * SNPs has much the same ones. The run's own search is done on that. */
#ifndef ARETE_PLANNING_COST_NODES_H
#define ARETE_PLANNING_COST_NODES_H

#include "base/error.h"
#include "planning/cost.h"

#include <stdbool.h>
#include <stddef.h>

/* People of a sample; all where there are fewer. What relatives have in common grows with the people: where a
 * sample asks for more nodes than so many, unrelated people's, twice as many tell more. */
enum { COST_NODES_SAMPLE = 200, COST_NODES_OF_RELATIVES = 8 };

struct cost_nodes {
    const double *gram;                    /* K of the sample, n_sample x n_sample, people in random order */
    size_t n_sample, n;                    /* people; of the study */
    size_t n_outer, n_inner, n_components; /* genetic components among the covariates */
    const double *penalties;               /* as the study file has them: lambdas, or heritabilities */
    size_t n_penalties;
    bool are_heritabilities;
    double tolerance;
};

/* *n_nodes = n_penalties where no fewer will do, or the sample is too small for the folds. Uses one thread,
 * for a second or so. */
int cost_nodes_expect(const struct cost_nodes *of, size_t *n_nodes, struct error *err);

/* Of a shape, for which there are no genotypes: as many unrelated people of one ancestry, penalties from 1e-3
 * to 1e3, the usual tolerance. Relatives, and several ancestries, take more. */
int cost_nodes_expect_usual(const struct cost_shape *shape, size_t *n_nodes, struct error *err);

#endif
