/* True genetic values: causal SNPs, chosen while the SNPs stream by, times effects. */
#ifndef ARETE_MODEL_SIMULATE_SIMULATE_GENETIC_H
#define ARETE_MODEL_SIMULATE_SIMULATE_GENETIC_H

#include "base/error.h"
#include "model/simulate/simulate_snps.h"
#include "model/stats/random.h"

#include <stdbool.h>

struct simulate_genetic {
    uint64_t seed;
    size_t n_subjects, n_targets;      /* with signal */
    size_t n_snps_left, n_causal_left; /* not yet seen; still to be chosen among them */
    size_t n_causal;                   /* chosen so far */
    struct random_stream choice;
    size_t n_waiting;  /* causal SNPs whose products are not yet in `values` */
    double *genotypes; /* standardised, of the waiting SNPs: SIMULATE_GENETIC_BATCH x n_subjects */
    double *effects;   /* of the waiting SNPs: SIMULATE_GENETIC_BATCH x n_targets */
    double *values;    /* n_subjects x n_targets */
};

enum { SIMULATE_GENETIC_BATCH = 128 };

/* n_causal of n_snps SNPs influence every one of n_targets targets, each target with its own effects:
 * standard normal for the standardised SNP (g - 2f)/sqrt(2f(1-f)). */
int simulate_genetic_init(struct simulate_genetic *genetic, uint64_t seed, size_t n_subjects,
                          size_t n_targets, size_t n_snps, size_t n_causal, struct error *err);
void simulate_genetic_free(struct simulate_genetic *genetic);

/* The next SNPs, in order: calls as simulate_calls_draw leaves them. chosen[j] says whether SNP j of the tile
 * is causal. The sums' order, and so every bit, is the same however SNPs are cut into tiles. */
void simulate_genetic_add(struct simulate_genetic *genetic, const struct simulate_snps_tile *tile,
                          const uint8_t *calls, bool *chosen);

/* After all SNPs: each column of `values` gets mean 0 and variance 1 in these subjects. EXIT_CODE_BAD_INPUT
 * when one does not vary. */
int simulate_genetic_finish(struct simulate_genetic *genetic, struct error *err);

#endif
