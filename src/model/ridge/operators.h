/* The operators of one penalty: P(lambda), and for every outer fold what deleting its subjects needs
 * (docs/design.md, section 1). Built in double, rounded once to float32 for the permutations.
 *
 *     P = W diag(lambda/(s + lambda)) W'                    n x n
 *     outer test set o, training subjects A in inner order:
 *     M_o = inv(P_oo)                                        n_o x n_o
 *     C = P_Ao                                               n_A x n_o
 *     inner fold b beside o:  P^o_bb = P_bb - C_b M_o C_b',  R_b = QR(inv(P^o_bb)) / sqrt(J n_b), upper
 * triangular, n_b x n_b
 *
 * Directions of the covariates that are lost with a fold make P_oo (P^o_bb) singular in just those
 * directions: the inverse is taken beside them, so they are projected out of residual, criterion and error.
 */
#ifndef ARETE_MODEL_RIDGE_OPERATORS_H
#define ARETE_MODEL_RIDGE_OPERATORS_H

#include "base/error.h"
#include "model/ridge/covariates.h"
#include "model/ridge/folds.h"
#include "model/ridge/svd.h"

#include <stddef.h>

/* Where the blocks of one outer fold stand in one array: M_o, C, R_0 ... R_(J-1), each row-major without
 * padding between rows. */
struct operator_layout {
    size_t inverse, cross; /* offsets, in elements */
    size_t *factor;        /* n_inner offsets */
    size_t count;          /* elements in all */
};

int operator_layout_init(struct operator_layout *layout, const struct fold_rows *rows, size_t n_inner,
                         struct error *err);
void operator_layout_free(struct operator_layout *layout);

/* The directions of the covariates that are lost when an outer fold (and an inner fold beside it) is deleted.
 */
struct lost_directions {
    size_t n_outer_lost;  /* of the outer test set ... */
    double *outer;        /* ... n_o x c, leading dimension c: orthonormal columns */
    size_t *n_inner_lost; /* of each inner fold ... */
    double **inner;       /* ... n_b x c likewise; NULL where none */
};

int lost_directions_init(struct lost_directions *lost, const struct covariates *covariates,
                         const struct folds *folds, size_t outer_fold, struct error *err);
void lost_directions_free(struct lost_directions *lost, size_t n_inner);

/* P is computed in square tiles of its lower triangle: rows and columns are cut into so many nearly equal
 * parts, at most 8, of 512 or more where n allows. A cut that depends on n alone. */
enum { OPERATORS_MOST_PARTS = 8 };
size_t operators_parts(size_t n);
size_t operators_part_start(size_t n, size_t part); /* part = operators_parts(n) gives n */

/* A tile of P: rows first_row ..., columns first_column ... (both triangles are written when it is off the
 * diagonal). p is n x n. workspace: rank x n_rows doubles. */
void operators_tile(const struct svd *svd, double penalty, size_t first_row, size_t n_rows,
                    size_t first_column, size_t n_columns, double *workspace, double *p);

/* Everything of one outer fold, in the layout above. p is n x n doubles. */
int operators_fold(const double *p, const struct folds *folds, size_t outer_fold,
                   const struct operator_layout *layout, const struct lost_directions *lost, size_t c,
                   double *operators, struct error *err);

/* How many penalties a rank works on at a time: one penalty's last folds can overlap the next one's P where
 * there are two, but each takes P and what P is applied to (n x n_columns) in double. One where that is over
 * OPERATORS_TWICE_BYTES, or with one worker or one penalty. */
enum { OPERATORS_TWICE_BYTES = 256 << 20 };
size_t operators_at_once(size_t n, size_t n_columns, size_t n_workers, size_t n_penalties);

/* P is applied to targets in slices of nearly one size, one for every 1,000 of them but at most
 * OPERATORS_MOST_SLICES: a cut that depends on T alone, so that results do not depend on who does it. */
enum { OPERATORS_SLICE_TARGETS = 1000, OPERATORS_MOST_SLICES = 16 };
size_t operators_slices(size_t n_targets);

/* fitted = P y for `count` columns, row-major; ld: leading dimension of both. */
void operators_apply(const double *p, size_t n, const double *y, size_t ld, size_t count, double *fitted);

/* to[i] = (float)from[i] */
void operators_round(const double *from, size_t count, float *to);

#endif
