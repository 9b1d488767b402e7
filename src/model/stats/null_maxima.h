/* The largest score of each permutation, gathered in bounded memory: how many there are, the smallest and the
 * largest, how they are spread, and the limit, the score beyond which p_fwer is under NULL_MAXIMA_LEVEL.
 *
 * The limit is exact. Up to NULL_MAXIMA_KEPT maxima are kept. Of more, those are kept that lie about the
 * limit of what has come so far; those above are counted. Permutations come in no order, so
 * that the limit of all of them lies among what is kept; where it does not, the same maxima are to be added
 * once more (null_maxima_finish). What comes of them does not depend on their order. */
#ifndef ARETE_MODEL_STATS_NULL_MAXIMA_H
#define ARETE_MODEL_STATS_NULL_MAXIMA_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NULL_MAXIMA_LEVEL 0.05

/* The spread of more than NULL_MAXIMA_KEPT is counted in bins, of which each power of two has 2048. A bin has
 * NULL_MAXIMA_IN_BIN numbers. */
enum { NULL_MAXIMA_KEPT = 1 << 18, NULL_MAXIMA_BINS = 1 << 20, NULL_MAXIMA_IN_BIN = 1 << 12 };

struct null_maxima {
    size_t n_data;
    int64_t count;
    float smallest, largest; /* where count > 0 */
    double limit;            /* after null_maxima_finish; NaN: no score is */
    /* Only for null_maxima.c. Kept are those between the edges; at an edge and above they are counted. */
    float low, high;
    int64_t n_above, n_high, n_low;
    float *kept;
    size_t n_kept, capacity, most; /* most: NULL_MAXIMA_KEPT, or fewer in a test */
    uint32_t *bins;                /* NULL while all are kept */
    uint32_t
        *again; /* of the bin that holds the limit, how often each number came; NULL but the second time */
    size_t again_bin;
};

/* Empty. n_data: 1 where the data as they are count beside the permutations, 0 where they are among them. */
void null_maxima_init(struct null_maxima *maxima, size_t n_data);
void null_maxima_free(struct null_maxima *maxima);

/* Adds some. What is no finite number is passed over. */
int null_maxima_add(struct null_maxima *maxima, const float *maximum, size_t count, struct error *err);

/* After the last one: the limit. *again: the same maxima are to be added a second time, and this is to be
 * called again; it does not happen twice. */
int null_maxima_finish(struct null_maxima *maxima, bool *again, struct error *err);

/* Calls `use` for all of them, one by one in no order where all are kept; else for the middle of each bin
 * that has any. */
void null_maxima_each(const struct null_maxima *maxima,
                      void (*use)(void *context, double value, double count), void *context);

/* Bytes that so many take at most. */
double null_maxima_bytes(double count);

#endif
