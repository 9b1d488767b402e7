/* Variants (SNPs) kept in little memory: 16 bytes each, and their texts one after the other in one block. */
#ifndef ARETE_INPUT_GENOTYPES_VARIANTS_H
#define ARETE_INPUT_GENOTYPES_VARIANTS_H

#include "base/error.h"
#include "input/genotypes/name_table.h"

#include <stddef.h>
#include <stdint.h>

/* Negative: PLINK ignores such a variant. It is kept here as one whose position is not known. */
enum { VARIANT_POSITION_UNKNOWN = -1, VARIANT_POSITION_NEGATIVE = -2 };

/* A call is the number of copies of `counted`, one of the two alleles. */
struct variant {
    const char *id, *chromosome, *counted, *other;
    int32_t position; /* base pairs, as the file has it (0: unknown to PLINK); or one of the above */
};

struct variant_entry {
    uint64_t start; /* of its texts: ID, counted allele, other allele, each with its zero byte */
    int32_t position;
    uint32_t chromosome; /* number in `chromosomes` */
};

/* All zeros is none. */
struct variants {
    size_t count, capacity;
    struct variant_entry *entries;
    char *texts;
    size_t text_bytes, text_capacity;
    struct name_table chromosomes;
};

/* Copies a variant to the end. */
int variants_add(struct variants *variants, const struct variant *variant, struct error *err);

/* Gives back what was reserved for more. */
void variants_trim(struct variants *variants);
void variants_free(struct variants *variants);

/* Variant k; its strings belong to `variants` and stay where they are until the next variants_add or
 * variants_trim. */
struct variant variants_get(const struct variants *variants, size_t k);

/* What all that is known of them hashes to. */
uint64_t variants_hash(const struct variants *variants);

#endif
