/* Outer and inner folds, drawn or given. Groups of subjects can be made to share a fold. */
#ifndef ARETE_MODEL_RIDGE_FOLDS_H
#define ARETE_MODEL_RIDGE_FOLDS_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* Draws n_outer folds of nearly equal size over n subjects: fold[i] becomes 0 ... n_outer-1. Subjects with
 * the same group[i] share a fold; group NULL: everybody alone. Groups are taken from the largest on, those of
 * equal size in random order; each goes to the fold with the fewest subjects so far. */
int folds_draw_outer(const int32_t *group, size_t n, size_t n_outer, uint64_t seed, int32_t *fold,
                     struct error *err);

/* order[k] = the k-th of n subjects when they are sorted by fold; the order inside a fold stays. */
void folds_sort(const int32_t *fold, size_t n, size_t n_outer, size_t *order);

/* The subjects of one outer fold. Subjects are sorted by outer fold, so a test set is a range. */
struct fold_rows {
    size_t first_test, n_test, n_train;
    uint32_t *train;     /* n_train: training subjects, inner fold after inner fold */
    size_t *inner_start; /* n_inner + 1: where each inner fold begins in `train` */
};

struct folds {
    size_t n, n_outer, n_inner;
    int32_t *outer; /* n, ascending */
    int32_t *
        inner; /* n_outer x n: inner fold of each subject when outer fold o is left out; -1 in its test set */
    struct fold_rows *rows; /* n_outer */
};

/* Consecutive outer folds. */
struct fold_span {
    size_t first, count;
};

/* All of them. */
struct fold_span folds_all(const struct folds *folds);

/* Subjects of inner fold b of an outer fold: n_b. */
size_t folds_inner_size(const struct fold_rows *rows, size_t b);

/* The subjects that remain without the outer fold and (b < n_inner) without inner fold b, at most n_train.
 * Returns how many. */
size_t folds_outside(const struct fold_rows *rows, size_t b, size_t n_inner, unsigned *outside);

/* Outer folds that are known. outer: n, ascending, every fold with at least one subject. group: n, who must
 * share an inner fold too, or NULL. */
struct folds_outer {
    const int32_t *outer, *group;
    size_t n, n_outer;
};

/* Draws the inner folds. A fold
 * without a subject is EXIT_CODE_BAD_INPUT. */
int folds_init(struct folds *folds, const struct folds_outer *given, size_t n_inner, uint64_t seed,
               struct error *err);
/* The same with inner folds that are known: n_outer x n, as folds->inner. */
int folds_init_known(struct folds *folds, const int32_t *outer, const int32_t *inner, size_t n,
                     size_t n_outer, size_t n_inner, struct error *err);
void folds_free(struct folds *folds);

/* Numbers of subjects: of the smallest or largest test set, training set of an inner fold, inner validation
 * set. */
size_t folds_smallest_test(const struct folds *folds);
size_t folds_smallest_inner_training(const struct folds *folds);
size_t folds_largest_inner(const struct folds *folds);
size_t folds_largest_test(const struct folds *folds);

#endif
