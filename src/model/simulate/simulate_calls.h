/* Made-up genotype calls, a tile of SNPs at a time.
 *
 * A founder's haplotype is a mosaic of ancestral ones (Li and Stephens 2003): along the chromosome it stays
 * at its place on the circle of simulate_snps.h, and goes to a new, random one with the same probability
 * before every SNP. So every SNP has its frequency, and the r2 of two SNPs falls geometrically with the
 * number of SNPs between them. Siblings draw their haplotypes from four founders', with crossovers (one a
 * Morgan, a Morgan being 100 million base pairs; no interference).
 *
 * Each haplotype, meiosis and subject has a stream of random numbers of its own on each chromosome: calls
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
    double log_stay;    /* of the probability that a haplotype stays where it is */
    double log_present; /* of the probability that a call is there; 0 = all are */
    struct simulate_calls_haplotype *haplotypes;
    struct simulate_calls_meiosis *meioses; /* mother's and father's, of each sibling */
    struct simulate_calls_gap *gaps;        /* of each subject */
    uint8_t *alleles;                       /* 4 haplotypes of a family: 4 x tile capacity */
    size_t tile_capacity;
};

/* half_distance: SNPs after which r2 has halved; 0 = SNPs are independent. missing: probability, below 1. */
int simulate_calls_init(struct simulate_calls *calls, const struct simulate_people *people, uint64_t seed,
                        double half_distance, double missing, size_t tile_capacity, struct error *err);
void simulate_calls_free(struct simulate_calls *calls);

/* Before the first tile of each chromosome (from 0). */
void simulate_calls_start(struct simulate_calls *calls, int chromosome);

/* The chromosome's next tile, in order: values[i * capacity + j] = copies of allele 1 of subject i at SNP j.
 */
void simulate_calls_draw(struct simulate_calls *calls, const struct simulate_snps_tile *tile,
                         uint8_t *values);

/* Makes calls of the same tile SIMULATE_CALLS_MISSING, at random. */
void simulate_calls_lose(struct simulate_calls *calls, const struct simulate_snps_tile *tile,
                         uint8_t *values);

#endif
