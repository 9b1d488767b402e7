/* What is kept of all pairs of a SNP and a target: never the pairs themselves, which may be 10^10.
 *
 * Several of these, each filled by one worker, are merged at the end. Whatever the order in which pairs come
 * and whoever gets which, the merged one is the same: the best is the largest |r|, of equal ones the first
 * variant; kept hits are the smallest p, then the first variant, then the first target; the rest are counts.
 */
#ifndef ARETE_MODEL_UNIVARIATE_ASSOCIATIONS_H
#define ARETE_MODEL_UNIVARIATE_ASSOCIATIONS_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* Of |r| in units of 1/sqrt(degrees): up to where the median would be with lambda_GC = 64, or p 7e-8. */
enum { ASSOCIATIONS_BINS = 256, ASSOCIATIONS_NO_VARIANT = -1 };

struct association {
    double log_p, r;
    uint32_t variant, target;
};

struct association_best {
    int64_t variant; /* ASSOCIATIONS_NO_VARIANT = none yet */
    double r;
};

struct associations {
    size_t n_targets, n_variants, most_hits;
    struct association_best *best; /* T */
    int64_t *n_hits;               /* T: pairs with p <= report_p, kept or not */
    uint32_t *bins;                /* T x ASSOCIATIONS_BINS: of the sampled SNPs */
    float *peaks;                  /* n_variants: the largest |r| of any target; 0: not tested */
    struct association *hits;
    size_t n_kept, capacity;
};

int associations_init(struct associations *associations, size_t n_targets, size_t n_variants,
                      size_t most_hits, struct error *err);
void associations_free(struct associations *associations);

/* A pair with p <= report_p. */
int associations_add_hit(struct associations *associations, const struct association *hit, struct error *err);
/* Offers a pair as its target's best. */
void associations_offer(struct associations *associations, size_t target, uint32_t variant, double r);
/* Adds `part` and empties it. Its n_variants are total's, or 0 where its peaks are dealt with elsewhere. */
int associations_merge(struct associations *total, struct associations *part, struct error *err);
/* Sorts the hits, the smallest p first, and keeps most_hits of them. */
void associations_finish(struct associations *associations);

/* |r| times this is its bin. */
double associations_bins_per_r(double degrees);

/* lambda_GC of a target: its median chi-square over the one expected; NaN without SNPs. degrees: those of its
 * p. Where in its bin the median lies is not known: lambda is off by a twelfth of what chance moves it,
 * whatever the number of SNPs. */
double associations_lambda(const struct associations *associations, size_t target, double degrees);

#endif
