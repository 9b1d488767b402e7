/* The largest correlation of any SNP with a target, under every shift of an orbit, all shifts at once.
 *
 * x of a SNP and y of a target in one arrangement, residuals of length 1; under shift s they correlate by
 *
 *     x'y(s) = sum over sequences a and places t of x(a, t) y(a, t + s) + those who stand still
 *            = 1/N sum over f of w^(f s) sum over a of conj(X_a(f)) Y_a(f) + ...,     w = exp(2 pi i/N)
 *
 * with X, Y the transforms along a sequence (sign -). Two SNPs share a complex transform: with z = x_1 + i
 * x_2 and W(f) = sum over t of z(t) w^(f t), the inverse of W(f) Y(f) has the first one's correlations for
 * its real part, the second one's for its imaginary part. 16 targets are its lanes. That is about 30 flops a
 * SNP, target and shift, where multiplying takes 2n.
 *
 * Under Freedman and Lane's procedure y(s) is residualised again, which changes its length but not x'y(s):
 *
 *     r^2 = (x'y(s))^2/(1 - |Qz'y(s)|^2),     Qz an orthonormal basis of the covariates
 *
 * whose second term does not depend on the SNP: the maximum is divided once, at the end.
 *
 * Where nobody moves (a scheme of one shift), every orbit is one permutation, and sgemm multiplies: draws one
 * by one. */
#ifndef ARETE_MODEL_UNIVARIATE_ORBIT_MAXIMA_H
#define ARETE_MODEL_UNIVARIATE_ORBIT_MAXIMA_H

#include "model/orbits/orbit_engine.h"

#include <stddef.h>

/* Pairs of rows: what shares a transform. */
size_t orbit_maxima_pairs(size_t n_rows);

/* Floats of the spectra of so many pairs; of workspace for any function here, on a 64-byte boundary. */
size_t orbit_maxima_spectra_floats(const struct orbit_engine *engine, size_t n_pairs);
size_t orbit_maxima_workspace(const struct orbit_engine *engine);

/* W of every pair. rows: n_rows x n, row-major, in the order of subjects; an odd last one is beside zeros. */
void orbit_maxima_spectra(const struct orbit_engine *engine, const float *rows, size_t n_rows,
                          float *workspace, float *spectra);

/* largest: S x ORBIT_LANES, the |x'y(s)| so far, into which those of n_pairs pairs are taken. columns: the
 * spectra of one group of columns, as orbit_tile_spectra makes them. */
void orbit_maxima_take(const struct orbit_engine *engine, const float *spectra, size_t n_pairs,
                       const float *columns, float *workspace, float *largest);

/* length: S x ORBIT_LANES, 1 - |Qz'y(s)|^2 of a group of columns of length 1. spectra: of the c columns of
 * Qz, as rows. */
void orbit_maxima_lengths(const struct orbit_engine *engine, const float *spectra, size_t n_pairs,
                          const float *columns, float *workspace, float *length);

/* r^2 of lane `lane`: n_shifts floats. 0 where nothing is left of y(s) beyond the covariates. */
void orbit_maxima_finish(size_t n_shifts, const float *largest, const float *length, size_t lane,
                         float *r_squared);

/* By how much two r^2 near r_squared that are equal but for rounding may differ. Sums of n products in single
 * precision, one permutation at a time, are off by about sqrt(n) u |x'y|, u = 2^-24: taken eightfold, as
 * equal products of few cases add up one-sidedly (tests/unit/model/univariate/orbit_maxima.c). A p of
 * continuous data grows by less than a hundredth of itself. Transforms are off by less than
 * SIGNIFICANCE_TIE. */
double orbit_maxima_tie(const struct orbit_engine *engine, double r_squared);

#endif
