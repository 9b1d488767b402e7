/* How fast this machine is. Measured in about a second with the program's own kernels on made-up numbers of
 * the study's shape. All cores work at the same time, as in a run, and a rate is that of one of them. */
#ifndef ARETE_PLANNING_COST_RATES_H
#define ARETE_PLANNING_COST_RATES_H

#include "base/error.h"
#include "planning/cost.h"

struct cost_rates {
    /* flops a second of one core */
    double product;        /* float32: w = P y */
    double folds;          /* float32: the folds' kernel */
    double orbits;         /* float32: the products of orbits; 0 without them */
    double gram;           /* double: tiles of K */
    double product_double; /* double: P, the observed scores */
    double fold_operators; /* double: inverses and QR of the folds */
    /* seconds of one core */
    double tile_s;        /* for a subject in a column tile: gathering its targets, the baseline */
    double standardise_s; /* for standardising a call */
    double svd_s;         /* for the whole SVD; extrapolated where n is over COST_RATES_SUBJECTS */
    double components_s;  /* for the genetic principal components, likewise; 0 if there are none */
    /* of reading: usual values, which the caller replaces by what it has measured */
    double call_s;   /* for reading and decoding a call */
    double tables_s; /* for all tables */
};

/* Studies with more subjects are measured as if they had so many, and extrapolated. */
enum { COST_RATES_SUBJECTS = 2048 };

/* Turns the rates of a core into those of one of n_workers workers on n_cores cores: slower if there are more
 * workers than cores. */
void cost_rates_per_worker(struct cost_rates *rates, double n_workers, double n_cores);

/* Measures with n_cores threads. */
int cost_rates_measure(struct cost_rates *rates, const struct cost_shape *shape, int n_cores,
                       struct error *err);

#endif
