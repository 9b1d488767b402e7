/* Seconds of a study's parts, from its shape, a core's rates and the network's. */
#ifndef ARETE_PLANNING_COST_TIME_H
#define ARETE_PLANNING_COST_TIME_H

#include "planning/cost.h"
#include "planning/cost_rates.h"

/* Of one machine; no effect on a single one. */
struct cost_network {
    double bytes_per_second, latency_s;
};

struct cost_seconds {
    double reading;   /* tables, headers, the pass that counts missing calls; one core */
    double gram;      /* genotypes to K */
    double svd;       /* and genetic components, targets, relatedness; one core */
    double operators; /* of all penalties, with the observed scores */
    double permutations;
    double total;
    double network; /* of the above: waiting for messages */
};

struct cost_seconds cost_seconds_of(const struct cost_shape *shape, const struct cost_rates *rates,
                                    const struct cost_network *network);

#endif
