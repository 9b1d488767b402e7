/* What the report draws of the permutations' scores, gathered while p-values are counted: the maximum of each
 * permutation, and how the scores of a few targets are spread. */
#ifndef ARETE_REPORT_NULL_SKETCH_H
#define ARETE_REPORT_NULL_SKETCH_H

#include "base/error.h"
#include "checkpoint/campaign.h"

#include <stddef.h>
#include <stdint.h>

/* Scores are counted in bins of 1/4096 from -1 to 1; what is outside counts in the first or last. */
enum { NULL_SKETCH_TARGETS = 24, NULL_SKETCH_BINS = 8192 };

struct null_sketch {
    const double *r2; /* T, the campaign's: NaN takes no part */
    size_t n_targets;
    size_t n_chosen, chosen[NULL_SKETCH_TARGETS]; /* analysed targets of largest r2, ascending */
    uint32_t *counts;                             /* n_chosen x NULL_SKETCH_BINS */
    float *maximum;                               /* n_maxima */
    size_t n_maxima, capacity;
};

int null_sketch_init(struct null_sketch *sketch, const struct campaign *campaign, struct error *err);
void null_sketch_free(struct null_sketch *sketch);

/* Adds maxima over targets, one a permutation. NaN and -infinity are passed over. */
int null_sketch_add_maxima(struct null_sketch *sketch, const float *maximum, size_t count, struct error *err);
/* Adds scores of target t; those of targets that were not chosen are passed over. */
void null_sketch_add_scores(struct null_sketch *sketch, size_t t, const float *scores, size_t count,
                            size_t stride);
/* Adds permutations, count x T, row-major: maxima and scores. */
int null_sketch_add_rows(struct null_sketch *sketch, const float *rows, size_t count, struct error *err);

/* Sorts the maxima; then the score beyond which p_fwer is under `level`. n_data: 1 where the data as they are
 * count beside the permutations, 0 where they are among them. NaN: no score is. */
double null_sketch_limit(struct null_sketch *sketch, double level, size_t n_data);
/* The middle of a bin. */
double null_sketch_middle(size_t bin);

#endif
