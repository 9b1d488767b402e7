/* Random numbers of usual distributions, from a stream. */
#ifndef ARETE_MODEL_STATS_VARIATES_H
#define ARETE_MODEL_STATS_VARIATES_H

#include "model/stats/random.h"

/* Strictly between 0 and 1, in steps of 2^-32. */
double variates_uniform(struct random_stream *stream);

/* Standard normal (Box and Muller 1958). */
void variates_normals(struct random_stream *stream, double *values, size_t count);

/* Geometric: the number of trials up to the first success, which counts; at least 1, at most UINT32_MAX.
 * log_failure: natural logarithm of the probability of failure, below 0; with -INFINITY the result is 1, and
 * nothing is drawn. */
uint32_t variates_geometric(struct random_stream *stream, double log_failure);

/* Beta with parameters a, b > 0, as a quotient of gammas (Marsaglia and Tsang 2000). */
double variates_beta(struct random_stream *stream, double a, double b);

#endif
