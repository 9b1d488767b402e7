/* Made-up SNPs: their positions, the frequency of allele 1, and which ancestral haplotypes carry it.
 *
 * Ancestral haplotypes are the 65,536 points of a circle. Allele 1 of a SNP is carried by the points of an
 * arc, which begins anywhere and whose length is the allele's frequency. */
#ifndef ARETE_MODEL_SIMULATE_SIMULATE_SNPS_H
#define ARETE_MODEL_SIMULATE_SIMULATE_SNPS_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum { SIMULATE_SNPS_CHROMOSOMES = 22, SIMULATE_SNPS_CIRCLE = 65536, SIMULATE_SNPS_ANCESTRIES = 2 };

struct simulate_snps {
    uint64_t seed;
    size_t n_snps;
    int n_chromosomes;
    double frequency_from, frequency_to; /* frequencies are uniform between */
    double second_ancestry; /* share of people of the second ancestry; 0 = there is one ancestry */
    double fst;             /* of the two ancestries, which drift from a common frequency (Balding
                               and Nichols 1995); not used with one ancestry */
};

/* Consecutive SNPs of one chromosome. */
struct simulate_snps_tile {
    size_t count, capacity;
    uint32_t *position;                         /* base pairs, ascending: capacity */
    uint16_t *start;                            /* of the arc: capacity */
    uint16_t *length[SIMULATE_SNPS_ANCESTRIES]; /* of the arc: capacity each */
    double *frequency;                          /* of allele 1 in the whole population: capacity */
};

int simulate_snps_tile_init(struct simulate_snps_tile *tile, size_t capacity, struct error *err);
void simulate_snps_tile_free(struct simulate_snps_tile *tile);

/* How many SNPs are on the chromosomes before `chromosome`, numbered from 0; n_chromosomes gives all SNPs.
 * They are divided in proportion to the lengths of human chromosomes, at least one each. */
size_t simulate_snps_before(const struct simulate_snps *snps, int chromosome);

/* Fills the tile with SNPs first ... first+count-1 of a chromosome, numbered from 0 on each. */
void simulate_snps_draw(const struct simulate_snps *snps, int chromosome, size_t first, size_t count,
                        struct simulate_snps_tile *tile);

#endif
