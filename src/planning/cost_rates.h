/* Rates of this machine, by a short measurement (about a second) with the program's own kernels on made-up
 * numbers of the study's shape, on several cores at once: what a core does while all of them work. */
#ifndef ARETE_PLANNING_COST_RATES_H
#define ARETE_PLANNING_COST_RATES_H

#include "base/error.h"
#include "planning/cost.h"

struct cost_rates {
    /* flops a second of one core */
    double product;        /* float32: w = P y */
    double folds;          /* float32: the folds' kernel */
    double gram;           /* double: tiles of K */
    double product_double; /* double: P, the observed scores */
    double factors;        /* double: inverses and QR of the folds */
    /* seconds */
    double tile_s;        /* of a subject in a column tile: its targets gathered, its baseline */
    double standardise_s; /* of a call */
    double svd_s;        /* of the whole SVD, on one core: extrapolated where n is over COST_RATES_SUBJECTS */
    double components_s; /* of the genetic components, likewise; 0 when there are none */
    /* of reading; set to what is usual, for the caller to replace by what it knows better */
    double call_s; /* of a call: read and decoded */
    double tables_s;
};

/* Larger studies are measured as if they had so many subjects; flops and bytes are extrapolated. */
enum { COST_RATES_SUBJECTS = 2048 };

/* The rates of one of `n_workers` workers that share `n_cores` cores, when there are more workers than cores.
 */
void cost_rates_share(struct cost_rates *rates, double n_workers, double n_cores);

/* n_cores threads, one a core. */
int cost_rates_measure(struct cost_rates *rates, const struct cost_shape *shape, int n_cores,
                       struct error *err);

#endif
