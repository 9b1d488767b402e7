/* Columns with mean 0 and variance 1. */
#ifndef ARETE_MODEL_SIMULATE_UNIT_VARIANCE_H
#define ARETE_MODEL_SIMULATE_UNIT_VARIANCE_H

#include <stdbool.h>
#include <stddef.h>

/* Centres values[0], values[stride] ... (count of them) and divides them by their standard deviation (over
 * count, not count - 1). False, and all of them 0, when they do not vary. */
bool unit_variance_scale(double *values, size_t count, size_t stride);

#endif
