/* Outer and inner folds: drawn or given, with groups of subjects that must share a fold. */
#ifndef ARETE_MODEL_RIDGE_FOLDS_H
#define ARETE_MODEL_RIDGE_FOLDS_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* Draws n_outer folds of nearly equal size over n subjects. Subjects with the same group[i] share a fold
 * (group = NULL: each alone): groups in random order, larger ones first, each to the fold with the fewest
 * subjects so far. fold[n] receives 0 ... n_outer-1. */
int folds_draw_outer(const int32_t *group, size_t n, size_t n_outer, uint64_t seed, int32_t *fold,
                     struct error *err);

/* order[k] = the k-th subject when subjects are sorted by fold, ties in their own order. */
void folds_sort(const int32_t *fold, size_t n, size_t n_outer, size_t *order);

/* Where everything of one outer fold stands. Subjects are sorted by outer fold, so a test set is a range. */
struct fold_rows {
    size_t first_test, n_test, n_train;
    uint32_t *train;     /* n_train: training subjects, inner fold after inner fold */
    size_t *inner_start; /* n_inner + 1: where each inner fold begins in `train` */
};

struct folds {
    size_t n, n_outer, n_inner;
    int32_t *outer; /* n, ascending */
    int32_t *inner; /* n_outer x n: inner fold of each subject beside outer fold o; -1 in its test set */
    struct fold_rows *rows; /* n_outer */
};

/* Subjects of inner fold b of an outer fold: n_b. */
size_t folds_inner_size(const struct fold_rows *rows, size_t b);

/* From outer folds (ascending over subjects, every fold with a subject) draws the inner ones, groups kept
 * together. */
int folds_init(struct folds *folds, const int32_t *outer, const int32_t *group, size_t n, size_t n_outer,
               size_t n_inner, uint64_t seed, struct error *err);
/* The same from inner folds that are known (n_outer x n). Folds without a subject are refused. */
int folds_init_known(struct folds *folds, const int32_t *outer, const int32_t *inner, size_t n,
                     size_t n_outer, size_t n_inner, struct error *err);
void folds_free(struct folds *folds);

/* Sizes that decide whether a study makes sense. */
size_t folds_smallest_test(const struct folds *folds);
size_t folds_smallest_inner_training(const struct folds *folds);
size_t folds_largest_inner(const struct folds *folds); /* the largest inner validation set */
size_t folds_largest_test(const struct folds *folds);

#endif
