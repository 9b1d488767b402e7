/* Genotypes for bench/gram.c: calls made once and kept packed in two bits, as a .bed file has them. */
#ifndef ARETE_BENCH_GRAM_SOURCE_H
#define ARETE_BENCH_GRAM_SOURCE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct gram_source {
    size_t n, n_snps, row_bytes;
    uint8_t *packed; /* n_snps x row_bytes: four subjects a byte */
};

/* Allele frequencies 0.05 ... 0.5, one call in a hundred missing. */
int gram_source_init(struct gram_source *source, size_t n, size_t n_snps, struct error *err);
void gram_source_free(struct gram_source *source);

/* As struct snp_source wants it; context is a struct gram_source. */
int gram_source_read(const void *context, size_t first, size_t count, uint8_t *calls, struct error *err);

#endif
