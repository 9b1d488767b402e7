/* Permutations of subjects that exchange them only inside exchangeability blocks. */
#ifndef ARETE_MODEL_STATS_PERMUTATION_H
#define ARETE_MODEL_STATS_PERMUTATION_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The subjects of each exchangeability block, and the seed. A permutation follows from these and its
 * number. */
struct permutation_scheme {
    size_t n, n_blocks;
    uint64_t seed;
    uint32_t *members; /* n: the subjects, block after block, ascending inside each */
    size_t *start;     /* n_blocks + 1: where each block's members begin */
};

/* block[i] = label of subject i's exchangeability block; NULL = one block for all. */
int permutation_scheme_init(struct permutation_scheme *scheme, const int32_t *block, size_t n, uint64_t seed,
                            struct error *err);
void permutation_scheme_free(struct permutation_scheme *scheme);

/* Draws permutation `number`: subject k gets the targets of subject order[k]. Number 0 is the identity. order
 * and workspace: n each. */
void permutation_draw(const struct permutation_scheme *scheme, uint64_t number, uint32_t *order,
                      uint32_t *workspace);

/* log10 of the number of different permutations that the blocks allow: the sum of log10(size!) over
 * blocks. */
double permutation_log10_count(const struct permutation_scheme *scheme);
/* Whether there are as many different ones, the identity among them, as `count` draws and the identity. */
bool permutation_allows(const struct permutation_scheme *scheme, int64_t count);

#endif
