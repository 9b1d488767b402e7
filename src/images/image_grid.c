#include "images/image_grid.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static const double HALF_WAY = 1e-4; /* of a voxel: float32 affines are not more exact */

size_t image_grid_voxel_count(const struct image_grid *grid)
{
    return (size_t)(grid->size[0] * grid->size[1] * grid->size[2]);
}

static double determinant(const double a[3][4])
{
    return a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1]) -
           a[0][1] * (a[1][0] * a[2][2] - a[1][2] * a[2][0]) +
           a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]);
}

double image_grid_voxel_mm3(const struct image_grid *grid)
{
    return fabs(determinant(grid->affine));
}

bool image_grid_is_valid(const struct image_grid *grid)
{
    double lengths = 1; /* the product of a voxel's edges: its volume if they are at right angles */
    for (int column = 0; column < 3; column++) {
        double square = 0;
        for (int row = 0; row < 3; row++) {
            if (!isfinite(grid->affine[row][column]) || !isfinite(grid->affine[row][3]))
                return false;
            square += grid->affine[row][column] * grid->affine[row][column];
        }
        lengths *= sqrt(square);
    }
    return lengths > 0 && fabs(determinant(grid->affine)) > 1e-6 * lengths;
}

/* The distance between voxels of the same indices is largest at a corner: it is the norm of a linear
 * function. */
double image_grid_distance(const struct image_grid *a, const struct image_grid *b)
{
    double largest = 0;
    for (int axis = 0; axis < 3; axis++)
        if (a->size[axis] != b->size[axis])
            return INFINITY;
    for (int corner = 0; corner < 8; corner++) {
        double square = 0;
        for (int row = 0; row < 3; row++) {
            double distance = a->affine[row][3] - b->affine[row][3];
            for (int axis = 0; axis < 3; axis++) {
                double index = (corner >> axis & 1) != 0 ? (double)(a->size[axis] - 1) : 0;
                distance += (a->affine[row][axis] - b->affine[row][axis]) * index;
            }
            square += distance * distance;
        }
        if (!(square <= largest))
            largest = isnan(square) ? INFINITY : square;
    }
    return sqrt(largest);
}

bool image_grid_same(const struct image_grid *a, const struct image_grid *b, double tolerance_mm)
{
    return image_grid_distance(a, b) <= tolerance_mm;
}

const char *image_grid_text(char text[IMAGE_GRID_TEXT_BYTES], const struct image_grid *grid)
{
    size_t used = (size_t)snprintf(text, IMAGE_GRID_TEXT_BYTES,
                                   "%" PRId64 " x %" PRId64 " x %" PRId64 " voxels, affine [", grid->size[0],
                                   grid->size[1], grid->size[2]);
    for (int row = 0; row < 3; row++)
        for (int column = 0; column < 4; column++)
            used += (size_t)snprintf(text + used, IMAGE_GRID_TEXT_BYTES - used, "%.7g%s",
                                     grid->affine[row][column] + 0.0, /* no -0 */
                                     column < 3 ? " "
                                     : row < 2  ? "; "
                                                : "]");
    return text;
}

/* result = inv(to) from: turns the indices of a voxel of `from` into indices of `to`, which are no whole
 * numbers. */
static void indices_between(const struct image_grid *from, const struct image_grid *to, double result[3][4])
{
    const double(*a)[4] = to->affine;
    double volume = determinant(a), inverse[3][3];
    for (int row = 0; row < 3; row++)
        for (int column = 0; column < 3; column++) {
            int r = (column + 1) % 3, s = (column + 2) % 3, c = (row + 1) % 3, d = (row + 2) % 3;
            inverse[row][column] = (a[r][c] * a[s][d] - a[r][d] * a[s][c]) / volume;
        }
    for (int row = 0; row < 3; row++)
        for (int column = 0; column < 4; column++) {
            result[row][column] = 0;
            for (int k = 0; k < 3; k++)
                result[row][column] +=
                    inverse[row][k] * (from->affine[k][column] - (column == 3 ? a[k][3] : 0));
        }
}

void image_grid_from_mm(const struct image_grid *grid, double map[3][4])
{
    static const struct image_grid mm = {.affine = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}};
    indices_between(&mm, grid, map);
}

void image_grid_nearest(const struct image_grid *from, const struct image_grid *to, int64_t *found)
{
    double map[3][4];
    indices_between(from, to, map);
    for (int64_t k = 0; k < from->size[2]; k++)
        for (int64_t j = 0; j < from->size[1]; j++)
            for (int64_t i = 0; i < from->size[0]; i++) {
                int64_t voxel = 0, step = 1;
                for (int axis = 0; axis < 3 && voxel >= 0; axis++) {
                    double at = map[axis][0] * (double)i + map[axis][1] * (double)j +
                                map[axis][2] * (double)k + map[axis][3];
                    double index = floor(at + 0.5 - HALF_WAY);
                    bool inside = index >= 0 && index < (double)to->size[axis];
                    voxel = inside ? voxel + step * (int64_t)index : -1;
                    step *= to->size[axis];
                }
                *found++ = voxel;
            }
}

void image_grid_voxel_name(const struct image_grid *grid, size_t voxel, char *text, size_t bytes)
{
    size_t x = (size_t)grid->size[0], y = (size_t)grid->size[1];
    snprintf(text, bytes, "%zu_%zu_%zu", voxel % x, voxel / x % y, voxel / x / y);
}
