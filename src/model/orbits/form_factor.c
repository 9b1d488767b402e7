#include "model/orbits/form_factor.h"

#include "model/ridge/operators.h"

#include <cblas.h>
#include <string.h>

void form_factor_take(const struct form_factor *factor, size_t block, size_t first_row, const double *rows,
                      size_t n_rows)
{
    size_t columns = factor->columns;
    double *squares = factor->squares + block * columns;
    memset(squares, 0, columns * sizeof *squares);
    for (size_t i = 0; i < n_rows; i++)
        for (size_t j = 0; j < columns; j++)
            squares[j] += rows[i * columns + j] * rows[i * columns + j];
    operators_round(rows, n_rows * columns, factor->rows + first_row * columns);
}

size_t form_factor_parts(const struct form_factor *factor)
{
    return operators_parts(factor->columns);
}

void form_factor_tile(const struct form_factor *factor, size_t row_part, size_t column_part, float *form,
                      size_t ld)
{
    int columns = (int)factor->columns, n_rows = (int)factor->n_rows;
    size_t row = operators_part_start(factor->columns, row_part),
           column = operators_part_start(factor->columns, column_part);
    int height = (int)(operators_part_start(factor->columns, row_part + 1) - row),
        width = (int)(operators_part_start(factor->columns, column_part + 1) - column);
    float *tile = form + row * ld + column;
    if (row_part == column_part)
        cblas_ssyrk(CblasRowMajor, CblasLower, CblasTrans, height, n_rows, 1, factor->rows + row, columns, 0,
                    tile, (int)ld);
    else
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, height, width, n_rows, 1, factor->rows + row,
                    columns, factor->rows + column, columns, 0, tile, (int)ld);
}

void form_factor_diagonal(const struct form_factor *factor, size_t n_blocks, float *form, size_t ld)
{
    for (size_t i = 0; i < factor->columns; i++) {
        double sum = 0;
        for (size_t b = 0; b < n_blocks; b++)
            sum += factor->squares[b * factor->columns + i];
        form[i * ld + i] = (float)sum;
    }
}
