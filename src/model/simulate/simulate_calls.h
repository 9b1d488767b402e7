/* Made-up genotype calls, one tile of SNPs at a time.
 *
 * A founder's haplotype is a mosaic of ancestral ones (Li and Stephens 2003). It is at a place on the circle
 * of model/simulate/simulate_snps.h; before every SNP it moves to a random place with the same probability.
 * So every SNP has its frequency, and the r2 of two SNPs falls geometrically with the number of SNPs between
 * them. Siblings inherit from the four haplotypes of two parents, with one crossover for each Morgan (100
 * million base pairs) on average, without interference.
 *
 * Each haplotype, meiosis and subject has a stream of random numbers of its own on each chromosome. So calls
 * depend neither on how SNPs are cut into tiles nor on other people. */
#ifndef ARETE_MODEL_SIMULATE_SIMULATE_CALLS_H
#define ARETE_MODEL_SIMULATE_SIMULATE_CALLS_H

#include "base/error.h"
#include "model/simulate/simulate_people.h"
#include "model/simulate/simulate_snps.h"

enum { SIMULATE_CALLS_MISSING = 3 };

struct simulate_calls {
    const struct simulate_people *people; /* must outlive it */
    uint64_t seed;
    double log_stay;    /* log of the probability that a haplotype stays at its place */
    double log_present; /* log of the probability that a call is not missing; 0 = none is */
    struct simulate_calls_haplotype *haplotypes;
    struct simulate_calls_meiosis *meioses; /* two for each sibling: mother's and father's */
    struct simulate_calls_gap *gaps;        /* between missing calls, of each subject */
    uint8_t *alleles;                       /* of the 4 haplotypes of a family: 4 x tile_capacity */
    size_t tile_capacity;
};

/* half_distance: number of SNPs after which r2 has halved; 0 = SNPs are independent. missing: probability of
 * a missing call, below 1. tile_capacity: the most SNPs of a tile. */
int simulate_calls_init(struct simulate_calls *calls, const struct simulate_people *people, uint64_t seed,
                        double half_distance, double missing, size_t tile_capacity, struct error *err);
void simulate_calls_free(struct simulate_calls *calls);

/* To be called before the first tile of each chromosome, numbered from 0. */
void simulate_calls_start(struct simulate_calls *calls, int chromosome);

/* Draws the chromosome's next tile: values[i * capacity + j] = copies of allele 1 of subject i at SNP j. */
void simulate_calls_draw(struct simulate_calls *calls, const struct simulate_snps_tile *tile,
                         uint8_t *values);

/* Replaces random calls of the same tile by SIMULATE_CALLS_MISSING. */
void simulate_calls_lose(struct simulate_calls *calls, const struct simulate_snps_tile *tile,
                         uint8_t *values);

#endif
