/* How long the SVD will take, extrapolated from a small one. Only for planning/cost*.c. */
#ifndef ARETE_PLANNING_COST_SVD_H
#define ARETE_PLANNING_COST_SVD_H

#include "planning/cost_rates.h"

/* Sets rates->svd_s and rates->components_s; product_double must be there. */
int cost_svd_measure(struct cost_rates *rates, const struct cost_shape *shape, struct error *err);

#endif
