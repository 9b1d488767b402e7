/* What arete associate costs: memory, and seconds by the rates of a run's plan. */
#ifndef ARETE_PLANNING_COST_ASSOCIATION_H
#define ARETE_PLANNING_COST_ASSOCIATION_H

#include "planning/cost.h"
#include "planning/cost_time.h"

/* Beside the sizes of the study, whose own orbits are those of arete run. */
struct cost_association {
    double n_full, n_snps_full; /* targets and SNPs of which every pair is kept */
    double n_hits;              /* pairs that are kept at most */
    bool permutes;
    struct cost_orbits orbits; /* n_shifts 0: drawn one by one */
};

/* The largest memory of the machine of rank 0, which needs most. */
double cost_association_bytes(const struct cost_shape *shape, const struct cost_association *association);

enum { COST_ASSOCIATION_COLUMNS = 1024 }; /* of a block of permutations at most */

struct cost_association_seconds {
    double observed, permutations;
    double total; /* reading, K and genetic components are contained in it */
};

struct cost_association_seconds cost_association_seconds(const struct cost_shape *shape,
                                                         const struct cost_association *association,
                                                         const struct cost_rates *rates,
                                                         const struct cost_seconds *run);

/* Both in a sentence, a text of COST_ASSOCIATION_BYTES. */
enum { COST_ASSOCIATION_BYTES = 240 };
void cost_association_text(const struct cost_association *association, const struct cost_shape *shape,
                           const struct cost_rates *rates, const struct cost_seconds *run, char *text);

#endif
