/* Seconds that the parts of a study take, from its shape, the rates of a core and those of the network. */
#ifndef ARETE_PLANNING_COST_TIME_H
#define ARETE_PLANNING_COST_TIME_H

#include "planning/cost.h"
#include "planning/cost_rates.h"

/* How fast a machine sends; without effect on one machine. */
struct cost_network {
    double bytes_per_second, latency_s;
};

struct cost_seconds {
    double reading;    /* tables, headers, the first pass over the genotypes; on one core */
    double gram;       /* from genotypes to K */
    double components; /* genetic ones; contained in svd */
    double svd;        /* SVD, genetic components, residuals of the targets, relatedness */
    double operators;  /* of all penalties, and the observed scores */
    double permutations;
    double total;
    double network; /* contained in the above: waiting for messages */
};

struct cost_seconds cost_seconds_of(const struct cost_shape *shape, const struct cost_rates *rates,
                                    const struct cost_network *network);

#endif
