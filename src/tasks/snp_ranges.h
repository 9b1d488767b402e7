/* Which tiles of SNPs are whose, where several ranks share them. */
#ifndef ARETE_TASKS_SNP_RANGES_H
#define ARETE_TASKS_SNP_RANGES_H

#include "tasks/runtime.h"
#include "tasks/snp_tiles.h"

#include <stddef.h>

struct snp_ranges {
    size_t *first; /* ranks + 1: tiles first[r] ... first[r + 1] - 1 are those of rank r */
};

/* Consecutive tiles, in proportion to the ranks' workers; a rank may have none. Collective; the outcome is
 * agreed on. */
int snp_ranges_init(struct snp_ranges *ranges, const struct runtime *runtime, size_t n_tiles,
                    struct error *err);
void snp_ranges_free(struct snp_ranges *ranges);

#endif
