/* How fast the orbits' own kernel is here: it uses other vector instructions than BLAS may. */
#ifndef ARETE_PLANNING_COST_ORBIT_RATE_H
#define ARETE_PLANNING_COST_ORBIT_RATE_H

#include "base/error.h"
#include "planning/cost_sample.h"

#include <stddef.h>

/* *rate: flops a second of the calling thread in products of n_forms forms (8 a complex product and sum), on
 * a few frequencies of a full tile of made-up columns. */
int cost_orbit_rate_measure(const struct cost_sample *sample, size_t n_forms, double *rate,
                            struct error *err);

#endif
