/* SNPs as the mass-univariate model takes them, streamed tile by tile through a fixed set of buffers. */
#ifndef ARETE_TASKS_SNP_TILES_H
#define ARETE_TASKS_SNP_TILES_H

#include "codelets/load_snps.h"
#include "model/univariate/snp_tile.h"
#include "tasks/runtime.h"

#include <starpu.h>
#include <stddef.h>

/* What is streamed; nothing is owned. */
struct snp_stream {
    const struct snp_source *source;
    size_t n_variants;
    const struct genotype_filter *filter;
    const struct covariates *covariates;
};

struct snp_tiles {
    struct runtime *runtime;
    const struct snp_stream *stream;
    size_t n_tiles, n_buffers;
    struct snp_tile *tiles;        /* n_buffers: tile k is in buffer k mod n_buffers */
    starpu_data_handle_t *handles; /* of their rounded rows: who reads these may read all of the tile */
    starpu_data_handle_t calls;
};

int snp_tiles_init(struct snp_tiles *tiles, struct runtime *runtime, const struct snp_stream *stream,
                   struct error *err);
void snp_tiles_free(struct snp_tiles *tiles);

/* Submits the reading of tile `number`. facts: of all variants. */
int snp_tiles_submit(const struct snp_tiles *tiles, size_t number, struct snp_facts *facts,
                     struct error *err);

/* Variants of the first `count` tiles. */
size_t snp_tiles_variants(const struct snp_tiles *tiles, size_t count);

#endif
