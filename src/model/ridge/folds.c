#include "model/ridge/folds.h"

#include "base/compare.h"
#include "base/memory.h"
#include "model/stats/random.h"

#include <stdlib.h>
#include <string.h>

struct fold_group {
    size_t n_members, rank; /* rank in the random order */
    int32_t label;
};

static int compare_groups(const void *a, const void *b)
{
    const struct fold_group *left = a, *right = b;
    if (left->n_members != right->n_members)
        return left->n_members > right->n_members ? -1 : 1;
    return left->rank < right->rank ? -1 : left->rank > right->rank;
}

static size_t smallest_fold(const size_t *size, size_t n_folds)
{
    size_t smallest = 0;
    for (size_t f = 1; f < n_folds; f++)
        if (size[f] < size[smallest])
            smallest = f;
    return smallest;
}

/* Draws a fold for each group of equal label[i] and puts it into fold[i], i < n. */
static int draw(const int32_t *label, size_t n, size_t n_folds, struct random_stream *stream, int32_t *fold,
                struct error *err)
{
    int32_t *sorted = memory_zeroed(n, sizeof *sorted, "drawing folds", err);
    struct fold_group *groups = memory_zeroed(n, sizeof *groups, "drawing folds", err);
    uint32_t *rank = memory_zeroed(n, sizeof *rank, "drawing folds", err);
    int32_t *fold_of_label = memory_zeroed(n, sizeof *fold_of_label, "drawing folds", err);
    size_t *size = memory_zeroed(n_folds, sizeof *size, "drawing folds", err);
    if (sorted == NULL || groups == NULL || rank == NULL || fold_of_label == NULL || size == NULL)
        goto out;
    memcpy(sorted, label, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, compare_int32);
    size_t n_groups = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || sorted[i] != sorted[i - 1])
            groups[n_groups++] = (struct fold_group){.label = sorted[i]};
        groups[n_groups - 1].n_members++;
    }
    for (size_t g = 0; g < n_groups; g++) {
        sorted[g] = groups[g].label; /* now the distinct labels */
        rank[g] = (uint32_t)g;
    }
    random_shuffle(stream, rank, n_groups);
    for (size_t g = 0; g < n_groups; g++)
        groups[g].rank = rank[g];
    qsort(groups, n_groups, sizeof *groups, compare_groups);
    for (size_t g = 0; g < n_groups; g++) {
        const int32_t *found = bsearch(&groups[g].label, sorted, n_groups, sizeof *sorted, compare_int32);
        size_t smallest = smallest_fold(size, n_folds);
        fold_of_label[found - sorted] = (int32_t)smallest;
        size[smallest] += groups[g].n_members;
    }
    for (size_t i = 0; i < n; i++) {
        const int32_t *found = bsearch(&label[i], sorted, n_groups, sizeof *sorted, compare_int32);
        fold[i] = fold_of_label[found - sorted];
    }
out:
    free(sorted);
    free(groups);
    free(rank);
    free(fold_of_label);
    free(size);
    return err->code;
}

int folds_draw_outer(const int32_t *group, size_t n, size_t n_outer, uint64_t seed, int32_t *fold,
                     struct error *err)
{
    int32_t *label = memory_zeroed(n, sizeof *label, "drawing folds", err);
    if (label == NULL)
        return err->code;
    for (size_t i = 0; i < n; i++)
        label[i] = group != NULL ? group[i] : (int32_t)i;
    struct random_stream stream;
    random_start(&stream, seed, RANDOM_OUTER_FOLDS, 0);
    draw(label, n, n_outer, &stream, fold, err);
    free(label);
    return err->code;
}

void folds_sort(const int32_t *fold, size_t n, size_t n_outer, size_t *order)
{
    size_t k = 0;
    for (size_t f = 0; f < n_outer; f++)
        for (size_t i = 0; i < n; i++)
            if (fold[i] == (int32_t)f)
                order[k++] = i;
}

/* Draws the inner folds of outer fold o into folds->inner. */
static int draw_inner(struct folds *folds, const int32_t *group, size_t o, uint64_t seed, struct error *err)
{
    int32_t *inner = folds->inner + o * folds->n;
    int32_t *label = memory_zeroed(folds->n, sizeof *label, "drawing inner folds", err);
    int32_t *drawn = memory_zeroed(folds->n, sizeof *drawn, "drawing inner folds", err);
    size_t n_train = 0;
    if (label == NULL || drawn == NULL)
        goto out;
    for (size_t i = 0; i < folds->n; i++)
        if (folds->outer[i] != (int32_t)o)
            label[n_train++] = group != NULL ? group[i] : (int32_t)i;
    struct random_stream stream;
    random_start(&stream, seed, RANDOM_INNER_FOLDS, o);
    if (draw(label, n_train, folds->n_inner, &stream, drawn, err) != 0)
        goto out;
    for (size_t i = 0, k = 0; i < folds->n; i++)
        inner[i] = folds->outer[i] != (int32_t)o ? drawn[k++] : -1;
out:
    free(label);
    free(drawn);
    return err->code;
}

/* Fills rows[o] from the fold of each subject. */
static int arrange(struct folds *folds, size_t o, struct error *err)
{
    struct fold_rows *rows = &folds->rows[o];
    const int32_t *inner = folds->inner + o * folds->n;
    rows->train = memory_zeroed(folds->n, sizeof *rows->train, "the folds", err);
    rows->inner_start = memory_zeroed(folds->n_inner + 1, sizeof *rows->inner_start, "the folds", err);
    if (rows->train == NULL || rows->inner_start == NULL)
        return err->code;
    for (size_t i = folds->n; i-- > 0;)
        if (folds->outer[i] == (int32_t)o) {
            rows->first_test = i;
            rows->n_test++;
        }
    for (size_t b = 0; b < folds->n_inner; b++) {
        rows->inner_start[b] = rows->n_train;
        for (size_t i = 0; i < folds->n; i++)
            if (inner[i] == (int32_t)b && folds->outer[i] != (int32_t)o)
                rows->train[rows->n_train++] = (uint32_t)i;
        if (rows->n_train == rows->inner_start[b])
            return error_set(
                err, EXIT_CODE_BAD_INPUT,
                "outer fold %zu: inner fold %zu has no subject (of %zu training subjects); expected "
                "fewer inner folds or smaller groups",
                o + 1, b + 1, folds->n - rows->n_test);
    }
    rows->inner_start[folds->n_inner] = rows->n_train;
    if (rows->n_test == 0 || rows->n_test + rows->n_train != folds->n)
        return error_set(
            err, EXIT_CODE_BAD_INPUT,
            "outer fold %zu: %zu test and %zu training subjects of %zu; expected at least one test subject "
            "and every subject in one of the two",
            o + 1, rows->n_test, rows->n_train, folds->n);
    return 0;
}

static int allocate(struct folds *folds, const int32_t *outer, size_t n, size_t n_outer, size_t n_inner,
                    struct error *err)
{
    *folds = (struct folds){.n = n, .n_outer = n_outer, .n_inner = n_inner};
    folds->outer = memory_zeroed(n, sizeof *folds->outer, "the folds", err);
    folds->inner = memory_zeroed(n_outer * n, sizeof *folds->inner, "the folds", err);
    folds->rows = memory_zeroed(n_outer, sizeof *folds->rows, "the folds", err);
    if (folds->outer == NULL || folds->inner == NULL || folds->rows == NULL) {
        folds_free(folds);
        return err->code;
    }
    memcpy(folds->outer, outer, n * sizeof *outer);
    return 0;
}

int folds_init(struct folds *folds, const struct folds_outer *given, size_t n_inner, uint64_t seed,
               struct error *err)
{
    const int32_t *outer = given->outer, *group = given->group;
    size_t n = given->n, n_outer = given->n_outer;

    if (allocate(folds, outer, n, n_outer, n_inner, err) != 0)
        return err->code;
    for (size_t o = 0; o < n_outer; o++)
        if (draw_inner(folds, group, o, seed, err) != 0 || arrange(folds, o, err) != 0) {
            folds_free(folds);
            return err->code;
        }
    return 0;
}

int folds_init_known(struct folds *folds, const int32_t *outer, const int32_t *inner, size_t n,
                     size_t n_outer, size_t n_inner, struct error *err)
{
    if (allocate(folds, outer, n, n_outer, n_inner, err) != 0)
        return err->code;
    memcpy(folds->inner, inner, n_outer * n * sizeof *inner);
    for (size_t o = 0; o < n_outer; o++)
        if (arrange(folds, o, err) != 0) {
            folds_free(folds);
            return err->code;
        }
    return 0;
}

void folds_free(struct folds *folds)
{
    for (size_t o = 0; folds->rows != NULL && o < folds->n_outer; o++) {
        free(folds->rows[o].train);
        free(folds->rows[o].inner_start);
    }
    free(folds->rows);
    free(folds->outer);
    free(folds->inner);
    *folds = (struct folds){0};
}

size_t folds_smallest_test(const struct folds *folds)
{
    size_t smallest = folds->n;
    for (size_t o = 0; o < folds->n_outer; o++)
        smallest = folds->rows[o].n_test < smallest ? folds->rows[o].n_test : smallest;
    return smallest;
}

size_t folds_largest_test(const struct folds *folds)
{
    size_t largest = 0;
    for (size_t o = 0; o < folds->n_outer; o++)
        largest = folds->rows[o].n_test > largest ? folds->rows[o].n_test : largest;
    return largest;
}

struct fold_span folds_all(const struct folds *folds)
{
    return (struct fold_span){0, folds->n_outer};
}

size_t folds_inner_size(const struct fold_rows *rows, size_t b)
{
    return rows->inner_start[b + 1] - rows->inner_start[b];
}

size_t folds_outside(const struct fold_rows *rows, size_t b, size_t n_inner, unsigned *outside)
{
    size_t count = 0;
    for (size_t k = 0; k < rows->n_train; k++)
        if (b == n_inner || k < rows->inner_start[b] || k >= rows->inner_start[b + 1])
            outside[count++] = rows->train[k];
    return count;
}

size_t folds_smallest_inner_training(const struct folds *folds)
{
    size_t smallest = folds->n;
    for (size_t o = 0; o < folds->n_outer; o++)
        for (size_t b = 0; b < folds->n_inner; b++) {
            size_t training = folds->rows[o].n_train - folds_inner_size(&folds->rows[o], b);
            smallest = training < smallest ? training : smallest;
        }
    return smallest;
}

size_t folds_largest_inner(const struct folds *folds)
{
    size_t largest = 0;
    for (size_t o = 0; o < folds->n_outer; o++)
        for (size_t b = 0; b < folds->n_inner; b++) {
            size_t size = folds_inner_size(&folds->rows[o], b);
            largest = size > largest ? size : largest;
        }
    return largest;
}
