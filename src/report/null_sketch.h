/* What the report draws of the permutations' scores, gathered in bounded memory while p-values are counted:
 * how the largest scores of the permutations are spread and where p_fwer is .05, and how the scores of a few
 * targets are spread. */
#ifndef ARETE_REPORT_NULL_SKETCH_H
#define ARETE_REPORT_NULL_SKETCH_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "model/stats/null_maxima.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Scores are counted in bins of 1/4096 from -1 to 1; what is outside counts in the first or last. */
enum { NULL_SKETCH_TARGETS = 24, NULL_SKETCH_BINS = 8192 };

struct null_sketch {
    const double *r2; /* T, the campaign's: NaN takes no part */
    size_t n_targets;
    size_t n_chosen, chosen[NULL_SKETCH_TARGETS]; /* analysed targets of largest r2, ascending */
    uint32_t *counts;                             /* n_chosen x NULL_SKETCH_BINS */
    struct null_maxima maxima;
};

int null_sketch_init(struct null_sketch *sketch, const struct campaign *campaign, struct error *err);
void null_sketch_free(struct null_sketch *sketch);

/* Adds maxima over targets, one a permutation. NaN and -infinity are passed over. */
int null_sketch_add_maxima(struct null_sketch *sketch, const float *maximum, size_t count, struct error *err);
/* Adds scores of target t; those of targets that were not chosen are passed over, and so are all of them the
 * second time. */
void null_sketch_add_scores(struct null_sketch *sketch, size_t t, const float *scores, size_t count,
                            size_t stride);
/* Adds permutations, count x T, row-major: maxima and scores. */
int null_sketch_add_rows(struct null_sketch *sketch, const float *rows, size_t count, struct error *err);
/* After the last permutation. *again: all of them are to be added a second time (null_maxima_finish). A
 * sketch that is NULL is finished. */
int null_sketch_finish(struct null_sketch *sketch, bool *again, struct error *err);

/* The middle of a bin. */
double null_sketch_middle(size_t bin);

#endif
