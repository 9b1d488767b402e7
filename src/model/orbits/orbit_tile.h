/* A tile of columns under all shifts: transformed, multiplied with every form, transformed back. A column is
 * a target in one arrangement; 16 columns are a group. A column's values do not depend on its neighbours, on
 * how many there are, or on how the work is cut. */
#ifndef ARETE_MODEL_ORBITS_ORBIT_TILE_H
#define ARETE_MODEL_ORBITS_ORBIT_TILE_H

#include "model/orbits/orbit_coefficients.h"
#include "model/orbits/orbit_engine.h"

#include <stddef.h>

/* Floats of workspace for any of the steps below, of tiles of up to n_groups groups. Arrays and workspace are
 * on 64-byte boundaries. */
size_t orbit_tile_workspace(const struct orbit_engine *engine, size_t n_forms, size_t n_groups);

size_t orbit_tile_groups(size_t columns);
/* Floats of the arrays that go from step to step. */
size_t orbit_tile_spectra_floats(const struct orbit_engine *engine, size_t n_groups);
size_t orbit_tile_sums_floats(const struct orbit_engine *engine, size_t n_forms, size_t n_groups);

/* y: n x columns, leading dimension ld: arranged targets, in the order of subjects. spectra: of all groups;
 * columns that a group lacks are zero. */
void orbit_tile_spectra(const struct orbit_engine *engine, const float *y, size_t columns, size_t ld,
                        float *workspace, float *spectra);

/* Frequencies first ... first+count-1 of N/2 + 1: all take about as long. */
struct orbit_band {
    size_t first, count;
};

/* The sums of a band, for all forms. sums: of all groups, forms and frequencies; those of other frequencies
 * are not touched. */
void orbit_tile_products(const struct orbit_engine *engine, const struct orbit_forms *forms,
                         struct orbit_band band, const float *spectra, size_t n_groups, float *workspace,
                         float *sums);

/* Which values to make: forms first ... first+count-1 of one group. Two forms share a transform, the first
 * with the second and so on, so that the same forms must be asked for together every time: those of one outer
 * fold. */
struct orbit_values {
    size_t group, first, count;
};

/* values: count x S x 16: a form's row of S shifts for 16 columns, as scores read them: fold by fold, some
 * forms beside each other along the shifts, with all columns of a group in one vector. */
void orbit_tile_values(const struct orbit_engine *engine, const struct orbit_forms *forms, const float *sums,
                       struct orbit_values which, float *workspace, float *values);

/* Flops of orbit_tile_products for one column, all frequencies: 8 a term and form. */
double orbit_tile_flops(const struct orbit_terms *terms, size_t n_forms);

#endif
