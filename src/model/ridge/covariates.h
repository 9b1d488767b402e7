/* The covariates' design Z = [1, quantitative, indicators], an orthonormal basis of it, and residuals on
 * it. */
#ifndef ARETE_MODEL_RIDGE_COVARIATES_H
#define ARETE_MODEL_RIDGE_COVARIATES_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Up to so many, steps are taken as they ever were, so that scores keep their bits; with more (a column of
 * hundreds of labels) that would take minutes. */
enum { COVARIATES_FEW = 64 };

struct covariates {
    size_t n, c;
    double *design; /* Z, n x c, row-major: the columns that are kept, the intercept first */
    double *basis;  /* Qz, n x c, row-major: orthonormal, of the same span */
};

/* columns: n x n_columns, row-major; the caller puts the intercept first. From left to right, a column that
 * is a combination of earlier ones is left out: what remains of it beyond them is at most 1e-9 of its length,
 * and, its mean taken out, nothing but the rounding of its values.
 * kept[j] says which columns are kept. */
int covariates_init(struct covariates *covariates, const double *columns, size_t n, size_t n_columns,
                    bool *kept, struct error *err);
void covariates_free(struct covariates *covariates);

/* Some of the subjects: rows of the design. */
struct covariates_rows {
    const unsigned *rows;
    size_t count;
};

/* The directions of the covariates that are lost when a set S of subjects is left out (docs/design.md,
 * section 1): those combinations v with Z_A v = 0, A being all others, `outside`. Example: a site of which
 * all subjects are in S.
 *
 * Writes an orthonormal basis of { Z_B v } to `directions`, B being subjects of S, `inside`: *count
 * columns of inside->count rows, row-major with leading dimension c. Rank is decided in double from the rows
 * of A alone. */
int covariates_lost_directions(const struct covariates *covariates, const struct covariates_rows *outside,
                               const struct covariates_rows *inside, double *directions, size_t *count,
                               struct error *err);

/* Whether a direction counts as lost of which the others have the share s^2. */
bool covariates_is_lost(double share);

/* The directions of which all others, `outside`, have singular value s <= within in the basis, within being
 * small: next to nothing. Rows of `directions`, c x c, of unit length but for s^2; share[k] = s^2, c numbers,
 * descending. */
int covariates_nearly_lost(const struct covariates *covariates, const struct covariates_rows *outside,
                           double within, double *directions, double *share, size_t *count,
                           struct error *err);

/* Replaces each column of y, n x n_columns, row-major, by its residual on Z. workspace: c x n_columns. */
void covariates_residualise(const struct covariates *covariates, double *y, size_t n_columns,
                            double *workspace);

#endif
