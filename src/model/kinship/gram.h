/* K = X X' / p, X being subjects x SNPs, in tiles that do not depend on who computes them, so that its bits
 * do not either.
 *
 * The SNPs are cut into 8 chunks. Each chunk is summed from zero, one SNP tile after the other; then the
 * chunks are added in order. */
#ifndef ARETE_MODEL_KINSHIP_GRAM_H
#define ARETE_MODEL_KINSHIP_GRAM_H

#include <stdbool.h>
#include <stddef.h>

enum { GRAM_CHUNKS = 8, GRAM_SNP_TILE = 512, GRAM_SUBJECT_TILE = 512 };

/* How many SNP tiles a chunk has. */
size_t gram_tiles_in_chunk(size_t n_snps, size_t chunk);
/* The SNPs of a tile of a chunk: first ... first+count-1. */
void gram_tile_range(size_t n_snps, size_t chunk, size_t tile, size_t *first, size_t *count);

/* How many of n_ranks ranks read genotypes: no more than there are chunks. */
size_t gram_readers(size_t n_ranks);

/* Subjects are cut into nearly equal parts of at most GRAM_SUBJECT_TILE, for the tiles of K. */
size_t gram_parts(size_t n);
size_t gram_part_start(size_t n, size_t part); /* part = gram_parts(n) gives n */

/* A tile of the lower triangle of K. */
struct gram_block {
    size_t first_row, n_rows, first_column, n_columns;
};

/* The product of one SNP tile for a tile of the lower triangle of K: sum = x(:, rows)' x(:, columns), or
 * added to sum. x: n_snps x n, row-major. sum: n_rows x n_columns, row-major with leading dimension n; on the
 * diagonal (first_row == first_column) only its lower triangle is written. */
void gram_tile(const double *x, size_t n_snps, size_t n, const struct gram_block *block, bool add,
               double *sum);

/* The same of an x in single precision, added up in double after each tile; the diagonal in double
 * throughout. workspace: n_rows x n_columns numbers. The products of a tile are off by about 1e-5; K of
 * 50,000 SNPs was off by 4e-9, its diagonal by 4e-10 (bench/NOTES.md). */
void gram_tile_single(const float *x, size_t n_snps, size_t n, const struct gram_block *block, bool add,
                      float *workspace, double *sum);

/* Whether K of so many people and SNPs is added up in single precision unless something else is asked for:
 * where double takes long, and SNPs are so many that K is far from singular. It depends on nothing else. */
bool gram_is_large(size_t n, size_t n_snps);

/* total += part, for tiles of n_rows x n_columns with leading dimension n. */
void gram_add(const double *part, size_t n_rows, size_t n_columns, size_t n, double *total);

/* Divides the lower triangle by p, the number of SNPs, and mirrors it to the upper one. gram: n x n. */
void gram_finish(double *gram, size_t n, size_t p);

#endif
