/* K = X X' / p in fixed tiles, so that its bits do not depend on who computes it.
 *
 * The SNP axis is cut into 8 chunks; each chunk is summed from zero, SNP tile after SNP tile, then the chunks
 * are added in order. */
#ifndef ARETE_MODEL_KINSHIP_GRAM_H
#define ARETE_MODEL_KINSHIP_GRAM_H

#include <stdbool.h>
#include <stddef.h>

enum { GRAM_CHUNKS = 8, GRAM_SNP_TILE = 512, GRAM_SUBJECT_TILE = 512 };

/* The SNP tiles of a chunk: tile t of chunk k holds SNPs first ... first+count-1. */
size_t gram_tiles_in_chunk(size_t n_snps, size_t chunk);
void gram_tile_range(size_t n_snps, size_t chunk, size_t tile, size_t *first, size_t *count);

/* How many of n_ranks ranks read genotypes: no more than there are chunks. */
size_t gram_readers(size_t n_ranks);

/* The subject axis is cut into nearly equal parts of at most GRAM_SUBJECT_TILE. */
size_t gram_parts(size_t n);
size_t gram_part_start(size_t n, size_t part); /* part = gram_parts(n) gives n */

/* Adds one SNP tile's product to a tile of the lower triangle of K: sum(rows x columns, leading dimension n)
 * = (add ? sum : 0) + x(:, rows)' x(:, columns), x being n_snps x n row-major. On the diagonal (first_row ==
 * first_column) only the lower triangle is touched. */
void gram_tile(const double *x, size_t n_snps, size_t n, size_t first_row, size_t n_rows, size_t first_column,
               size_t n_columns, bool add, double *sum);

/* total += part, for a tile as above. */
void gram_add(const double *part, size_t n_rows, size_t n_columns, size_t n, double *total);

/* Divides the lower triangle by p and mirrors it. gram is n x n. */
void gram_finish(double *gram, size_t n, size_t p);

#endif
