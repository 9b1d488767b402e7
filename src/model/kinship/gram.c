#include "model/kinship/gram.h"

#include <cblas.h>

static size_t chunk_start(size_t n_snps, size_t chunk)
{
    return n_snps * chunk / GRAM_CHUNKS;
}

size_t gram_tiles_in_chunk(size_t n_snps, size_t chunk)
{
    size_t count = chunk_start(n_snps, chunk + 1) - chunk_start(n_snps, chunk);
    return (count + GRAM_SNP_TILE - 1) / GRAM_SNP_TILE;
}

void gram_tile_range(size_t n_snps, size_t chunk, size_t tile, size_t *first, size_t *count)
{
    size_t end = chunk_start(n_snps, chunk + 1);
    *first = chunk_start(n_snps, chunk) + tile * GRAM_SNP_TILE;
    *count = end - *first < GRAM_SNP_TILE ? end - *first : GRAM_SNP_TILE;
}

size_t gram_readers(size_t n_ranks)
{
    return n_ranks < GRAM_CHUNKS ? n_ranks : GRAM_CHUNKS;
}

size_t gram_parts(size_t n)
{
    return (n + GRAM_SUBJECT_TILE - 1) / GRAM_SUBJECT_TILE;
}

size_t gram_part_start(size_t n, size_t part)
{
    return n * part / gram_parts(n);
}

void gram_tile(const double *x, size_t n_snps, size_t n, const struct gram_block *block, bool add,
               double *sum)
{
    size_t first_row = block->first_row, n_rows = block->n_rows, first_column = block->first_column,
           n_columns = block->n_columns;

    double beta = add ? 1 : 0;
    if (first_row == first_column)
        cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, (int)n_rows, (int)n_snps, 1, x + first_row, (int)n,
                    beta, sum, (int)n);
    else
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)n_rows, (int)n_columns, (int)n_snps, 1,
                    x + first_row, (int)n, x + first_column, (int)n, beta, sum, (int)n);
}

/* The diagonal of a tile, in double. rows: x from its first subject on. */
static void add_squares(const float *rows, size_t n_snps, size_t n, size_t n_rows, bool add, double *sum)
{
    double squares[GRAM_SUBJECT_TILE] = {0};
    for (size_t k = 0; k < n_snps; k++)
        for (size_t i = 0; i < n_rows; i++)
            squares[i] += (double)rows[k * n + i] * rows[k * n + i];
    for (size_t i = 0; i < n_rows; i++)
        sum[i * n + i] = (add ? sum[i * n + i] : 0) + squares[i];
}

void gram_tile_single(const float *x, size_t n_snps, size_t n, const struct gram_block *block, bool add,
                      float *workspace, double *sum)
{
    size_t n_rows = block->n_rows, n_columns = block->n_columns;
    const float *rows = x + block->first_row, *columns = x + block->first_column;
    bool is_diagonal = block->first_row == block->first_column;
    if (is_diagonal)
        cblas_ssyrk(CblasRowMajor, CblasLower, CblasTrans, (int)n_rows, (int)n_snps, 1, rows, (int)n, 0,
                    workspace, (int)n_columns);
    else
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)n_rows, (int)n_columns, (int)n_snps, 1,
                    rows, (int)n, columns, (int)n, 0, workspace, (int)n_columns);
    for (size_t i = 0; i < n_rows; i++) {
        size_t count = is_diagonal ? i : n_columns;
        for (size_t j = 0; j < count; j++)
            sum[i * n + j] = (add ? sum[i * n + j] : 0) + (double)workspace[i * n_columns + j];
    }
    if (is_diagonal)
        add_squares(rows, n_snps, n, n_rows, add, sum);
}

bool gram_is_large(size_t n, size_t n_snps)
{
    const double large = 1e11; /* flops: two seconds of a core */
    return (double)n * (double)n * (double)n_snps >= large && n_snps >= 4 * n;
}

void gram_add(const double *part, size_t n_rows, size_t n_columns, size_t n, double *total)
{
    for (size_t i = 0; i < n_rows; i++)
        for (size_t j = 0; j < n_columns; j++)
            total[i * n + j] += part[i * n + j];
}

void gram_finish(double *gram, size_t n, size_t p)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double value = gram[i * n + j] / (double)p;
            gram[i * n + j] = value;
            gram[j * n + i] = value;
        }
}
