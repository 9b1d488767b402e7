/* What the graph of maxima works in: a few tiles of SNPs and their spectra, the columns of a block and the
 * maxima of each worker. */
#ifndef ARETE_TASKS_MAXIMUM_BUFFERS_H
#define ARETE_TASKS_MAXIMUM_BUFFERS_H

#include "tasks/maximum_graph.h"

struct maximum_buffers {
    const struct maximum_graph_input *input;
    size_t n_workers;
    struct snp_tiles tiles;
    struct snp_facts *facts;           /* of no use here */
    float **snps;                      /* spectra of every SNP buffer ... */
    starpu_data_handle_t *snp_handles; /* ... and of these */
    size_t *n_pairs;                   /* in them: written and read with the handle */
    size_t most_tiles;                 /* of columns, of a block */
    float **columns;                   /* most_tiles: their spectra ... */
    starpu_data_handle_t *column_handles;
    float **largest;   /* of every worker: all groups of a block */
    float *basis;      /* spectra of Qz' */
    float *rows;       /* of a block: r^2 under all shifts */
    double *tolerance; /* room for that of every place of orbit 0 */
    starpu_data_handle_t targets, orders, arranging, workspace, reducing;
};

/* Rows of a full tile of columns, and floats of 16 columns' maxima. */
size_t maximum_buffers_tile_rows(const struct orbit_tiling *tiling);
size_t maximum_buffers_group_floats(const struct maximum_graph_input *input);

/* For blocks of up to most_tiles tiles of columns. To be freed after a failure too. */
int maximum_buffers_init(struct maximum_buffers *buffers, struct runtime *runtime,
                         const struct maximum_graph_input *input, size_t most_tiles, struct error *err);
void maximum_buffers_free(struct maximum_buffers *buffers);

#endif
