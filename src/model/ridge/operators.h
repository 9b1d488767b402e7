/* The operators of one penalty: P(lambda), and for every outer fold what leaving out its subjects needs
 * (docs/design.md, section 1). Built in double, then rounded once to float32 for the permutations.
 *
 *     P = W diag(lambda/(s + lambda)) W'                 n x n, from the SVD
 *
 * For outer test set o, with the training subjects A in the order of fold_rows.train:
 *
 *     M_o = inv(P_oo)                                    n_o x n_o
 *     C   = P_Ao                                         n_A x n_o
 *
 * For inner fold b of it, C_b being the rows of C of b's subjects:
 *
 *     P^o_bb = P_bb - C_b M_o C_b'
 *     R_b    = QR(inv(P^o_bb)) / sqrt(J n_b)             n_b x n_b, upper triangular
 *
 * Where directions of the covariates are lost with a fold, P_oo (or P^o_bb) is singular in just these. The
 * inverse is then taken on the rest, so they are projected out of residual, criterion and error. */
#ifndef ARETE_MODEL_RIDGE_OPERATORS_H
#define ARETE_MODEL_RIDGE_OPERATORS_H

#include "base/error.h"
#include "model/ridge/covariates.h"
#include "model/ridge/folds.h"
#include "model/ridge/svd.h"

#include <stddef.h>

/* Where the matrices of one outer fold are in one array: M_o, C, R_0 ... R_(J-1), each row-major without gaps
 * between rows. Offsets in elements. */
struct operator_layout {
    size_t inverse; /* of M_o */
    size_t cross;   /* of C, which crosses training and test subjects */
    size_t *factor; /* n_inner: of each R_b, the QR factor */
    size_t count;   /* elements of the array */
};

int operator_layout_init(struct operator_layout *layout, const struct fold_rows *rows, size_t n_inner,
                         struct error *err);
void operator_layout_free(struct operator_layout *layout);

/* The directions of the covariates that are lost when an outer fold is left out, and when an inner fold is
 * left out as well (covariates_lost_directions). Matrices are row-major with leading dimension c, the number
 * of covariates; their first columns are used. */
struct lost_directions {
    size_t c;
    size_t n_outer_lost;  /* lost with the outer fold ... */
    double *outer;        /* ... n_o x c: orthonormal columns on its test subjects */
    size_t *n_inner_lost; /* n_inner: lost with each inner fold too ... */
    double **inner;       /* ... n_b x c each: on the inner fold's subjects; NULL where there are none */
};

int lost_directions_init(struct lost_directions *lost, const struct covariates *covariates,
                         const struct folds *folds, size_t outer_fold, struct error *err);
/* Those of the outer fold alone; inner stays NULL. */
int lost_directions_init_outer(struct lost_directions *lost, const struct covariates *covariates,
                               const struct folds *folds, size_t outer_fold, struct error *err);
void lost_directions_free(struct lost_directions *lost, size_t n_inner);

/* P is computed in tiles of its lower triangle. Rows and columns are cut into nearly equal parts, at most 8
 * of them, of 512 or more where n allows. The cut depends on n alone. */
enum {
    OPERATORS_MOST_PARTS = 8,
    OPERATORS_MOST_TILES = OPERATORS_MOST_PARTS * (OPERATORS_MOST_PARTS + 1) / 2
};
size_t operators_parts(size_t n);
size_t operators_tiles(size_t n);                   /* of the lower triangle, at most OPERATORS_MOST_TILES */
size_t operators_part_start(size_t n, size_t part); /* part = operators_parts(n) gives n */

/* A tile of P. */
struct operators_block {
    size_t first_row, n_rows, first_column, n_columns;
};

/* Computes a tile of P in p, n x n. Off the diagonal its mirror image is written too. workspace: rank x
 * n_rows doubles. */
void operators_tile(const struct svd *svd, double penalty, const struct operators_block *block,
                    double *workspace, double *p);

/* All operators of one outer fold, as layout says. p: P, n x n. An indefinite block is
 * EXIT_CODE_FAILED. */
int operators_fold(const double *p, const struct folds *folds, size_t outer_fold,
                   const struct operator_layout *layout, const struct lost_directions *lost,
                   double *operators, struct error *err);

/* One outer fold and its operators at one penalty. Nothing is owned. */
struct operators_of_fold {
    const struct folds *folds;
    size_t outer_fold;
    const struct operator_layout *layout;
    const double *operators; /* as operators_fold leaves them */
};

/* How many penalties a rank builds at the same time, 1 or 2. With 2, the last folds of one penalty overlap
 * with P of the next. But each takes P and P times n_columns columns in double: only 1 where these are over
 * OPERATORS_TWICE_BYTES, and with one worker or one penalty. */
enum { OPERATORS_TWICE_BYTES = 256 << 20 };
size_t operators_at_once(size_t n, size_t n_columns, size_t n_workers, size_t n_penalties);

/* P is applied to the targets in slices of nearly equal size: one for every 1,000 of them, at most
 * OPERATORS_MOST_SLICES. The cut depends on T alone, so results do not depend on who computes a slice. */
enum { OPERATORS_SLICE_TARGETS = 1000, OPERATORS_MOST_SLICES = 16 };
size_t operators_slices(size_t n_targets);

/* fitted = P y. p: n x n; y and fitted: n x count, row-major, both with leading dimension ld. */
void operators_apply(const double *p, size_t n, const double *y, size_t ld, size_t count, double *fitted);

/* to[i] = from[i], rounded to float32, i < count. */
void operators_round(const double *from, size_t count, float *to);

#endif
