/* Counter-based random numbers: Philox 4x32-10 (Salmon et al. 2011, Random123), keyed by the study's seed.
 *
 * A stream is named by its purpose and a number. So any permutation or fold can be drawn alone, anywhere and
 * in any order. The numbers below stand for good: another one would change every result. */
#ifndef ARETE_MODEL_STATS_RANDOM_H
#define ARETE_MODEL_STATS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

enum random_purpose {
    RANDOM_PERMUTATION = 0,
    RANDOM_OUTER_FOLDS = 1,
    RANDOM_INNER_FOLDS = 2,
    RANDOM_PROBES = 14,
    RANDOM_ORBITS = 15,
    /* arete simulate */
    RANDOM_SNP = 3,
    RANDOM_HAPLOTYPE = 4,
    RANDOM_MEIOSIS = 5,
    RANDOM_MISSING_CALL = 6,
    RANDOM_CAUSAL_SNP = 7,
    RANDOM_EFFECT = 8,
    RANDOM_PERSON = 9,
    RANDOM_FAMILY = 10,
    RANDOM_NOISE = 11,
    RANDOM_SHARED_ENVIRONMENT = 12,
    RANDOM_NUISANCE = 13
};

struct random_stream {
    uint32_t key[2], counter[4];
    uint32_t words[4];
    int n_left; /* words that are not yet used */
};

/* Begins a stream. Nothing needs to be freed. */
void random_start(struct random_stream *stream, uint64_t seed, enum random_purpose purpose, uint64_t number);

/* 32 random bits. */
uint32_t random_word(struct random_stream *stream);

/* Uniform on 0 ... bound-1, without bias, by rejection (Lemire 2019). bound >= 1. */
uint32_t random_below(struct random_stream *stream, uint32_t bound);

/* Shuffles in place, by Fisher and Yates, from the last element down. */
void random_shuffle(struct random_stream *stream, uint32_t *values, size_t count);

#endif
