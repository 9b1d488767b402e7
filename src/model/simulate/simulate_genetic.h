/* True genetic values: causal SNPs times effects. Causal SNPs are chosen as the SNPs come in, so that these
 * need not be kept. */
#ifndef ARETE_MODEL_SIMULATE_SIMULATE_GENETIC_H
#define ARETE_MODEL_SIMULATE_SIMULATE_GENETIC_H

#include "base/error.h"
#include "model/simulate/simulate_snps.h"
#include "model/stats/random.h"

#include <stdbool.h>

struct simulate_genetic {
    uint64_t seed;
    size_t n_subjects, n_targets;      /* with signal */
    size_t n_snps_left, n_causal_left; /* SNPs not yet seen; how many of them are still to be chosen */
    size_t n_causal;                   /* chosen so far */
    struct random_stream choice;
    size_t n_waiting;  /* causal SNPs that are not yet added to `values` */
    double *genotypes; /* standardised, of the waiting SNPs: SIMULATE_GENETIC_BATCH x n_subjects */
    double *effects;   /* of the waiting SNPs: SIMULATE_GENETIC_BATCH x n_targets */
    double *values;    /* n_subjects x n_targets */
};

enum { SIMULATE_GENETIC_BATCH = 128 };

/* n_causal of n_snps SNPs influence all n_targets targets. Each target has effects of its own, standard
 * normal for the standardised SNP (g - 2f)/sqrt(2f(1-f)). */
int simulate_genetic_init(struct simulate_genetic *genetic, uint64_t seed, size_t n_subjects,
                          size_t n_targets, size_t n_snps, size_t n_causal, struct error *err);
void simulate_genetic_free(struct simulate_genetic *genetic);

/* Adds the next SNPs, in order. calls: as simulate_calls_draw leaves them. chosen[j] = whether SNP j of the
 * tile is causal. Sums have the same order, and so the same bits, however SNPs are cut into tiles. */
void simulate_genetic_add(struct simulate_genetic *genetic, const struct simulate_snps_tile *tile,
                          const uint8_t *calls, bool *chosen);

/* To be called after all SNPs: scales each column of `values` to mean 0 and variance 1 in these subjects. A
 * column that does not vary is EXIT_CODE_BAD_INPUT. */
int simulate_genetic_finish(struct simulate_genetic *genetic, struct error *err);

#endif
