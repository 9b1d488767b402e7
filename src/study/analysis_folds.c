#include "study/analysis.h"

#include "base/memory.h"
#include "model/kinship/relatedness.h"
#include "model/ridge/score.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_TEST_SUBJECTS = 2, FEW_TEST_SUBJECTS = 20 };

/* Who must share a fold: a column's labels, or relatives found in K. */
static int find_groups(struct analysis *analysis, struct error *err)
{
    const struct cohort *cohort = &analysis->cohort;
    double relatedness = analysis->study.model.relatedness;
    if (relatedness == 0 && cohort->group.level == NULL)
        return 0;
    analysis->group = memory_zeroed(cohort->n, sizeof *analysis->group, "groups", err);
    if (analysis->group == NULL)
        return err->code;
    if (relatedness == 0)
        memcpy(analysis->group, cohort->group.level, cohort->n * sizeof *analysis->group);
    else if (relatedness_groups(analysis->gram, cohort->n, relatedness, analysis->group, err) != 0)
        return err->code;
    size_t largest;
    if (relatedness_largest_group(analysis->group, cohort->n, &largest, err) != 0)
        return err->code;
    log_info(analysis->log, "folds: groups kept together by %s; the largest has %zu subjects",
             relatedness > 0 ? "relatedness" : analysis->study.model.keep_together, largest);
    size_t n_outer = (size_t)analysis->study.model.outer_folds;
    if (n_outer > 0 && n_outer <= cohort->n && largest * n_outer > cohort->n)
        return error_set(
            err, EXIT_CODE_BAD_INPUT,
            "%s: model.keep_together: a group of %zu subjects found among %zu; expected at most %zu (one of "
            "%zu outer folds): a higher relatedness, fewer folds, or permutations.within: the family",
            analysis->study.path, largest, cohort->n, cohort->n / n_outer, n_outer);
    return 0;
}

/* Given folds that part people who must stay together would be the very thing that keep_together is to
 * prevent. */
static int check_given_folds(const struct study *study, const struct cohort *cohort, const int32_t *groups,
                             const int32_t *fold, struct error *err)
{
    size_t *first =
        memory_zeroed(cohort->n, sizeof *first, "groups", err); /* of each group: one of its subjects + 1 */
    for (size_t i = 0; first != NULL && err->code == 0 && i < cohort->n; i++) {
        size_t group = (size_t)groups[i]; /* labels and roots are both below n */
        if (first[group] == 0)
            first[group] = i + 1;
        size_t other = first[group] - 1;
        if (fold[i] != fold[other])
            error_set(err, EXIT_CODE_BAD_INPUT,
                      "%s: column %s: FID %s IID %s and FID %s IID %s stand in different folds (%s, %s), but "
                      "model.keep_together joins them; expected given folds that keep groups whole",
                      study->model.folds_table, study->model.folds_column, cohort->fid.items[other],
                      cohort->iid.items[other], cohort->fid.items[i], cohort->iid.items[i],
                      cohort->fold.names.items[fold[other]], cohort->fold.names.items[fold[i]]);
    }
    free(first);
    return err->code;
}

/* fold[n] and their number: drawn, or the labels of the folds table. groups: as in struct analysis. */
static int outer_folds(const struct study *study, const struct cohort *cohort, const int32_t *groups,
                       int32_t *fold, size_t *n_outer, struct error *err)
{
    *n_outer =
        study->model.folds_column != NULL ? cohort->fold.names.count : (size_t)study->model.outer_folds;
    if (*n_outer > cohort->n || *n_outer < 2 || *n_outer > SCORE_MAX_FOLDS)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: model.outer_folds: %zu found for %zu subjects; expected 2 to %zu", study->path,
                         *n_outer, cohort->n, cohort->n < SCORE_MAX_FOLDS ? cohort->n : SCORE_MAX_FOLDS);
    if (study->model.folds_column != NULL) {
        memcpy(fold, cohort->fold.level, cohort->n * sizeof *fold);
        return groups != NULL ? check_given_folds(study, cohort, groups, fold, err) : 0;
    }
    return folds_draw_outer(groups, cohort->n, *n_outer, study->seed, fold, err);
}

/* gram(i, j) = old gram(order[i], order[j]), in a new array. */
static int reorder_gram(double **gram, size_t n, const size_t *order, struct error *err)
{
    double *sorted = memory_aligned(n * n, sizeof *sorted, "the Gram matrix", err);
    if (sorted == NULL)
        return err->code;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            sorted[i * n + j] = (*gram)[order[i] * n + order[j]];
    free(*gram);
    *gram = sorted;
    return 0;
}

/* Sorts subjects, groups, folds and K by fold. */
static int sort_subjects(struct analysis *analysis, int32_t *fold, size_t n_outer, struct error *err)
{
    size_t n = analysis->cohort.n;
    size_t *order = memory_zeroed(n, sizeof *order, "the order of subjects", err);
    int32_t *sorted = memory_zeroed(n, sizeof *sorted, "the order of subjects", err);
    if (order == NULL || sorted == NULL)
        goto out;
    folds_sort(fold, n, n_outer, order);
    for (size_t i = 0; i < n; i++)
        sorted[i] = fold[order[i]];
    memcpy(fold, sorted, n * sizeof *fold);
    if (analysis->group != NULL) {
        for (size_t i = 0; i < n; i++)
            sorted[i] = analysis->group[order[i]];
        memcpy(analysis->group, sorted, n * sizeof *sorted);
    }
    if (cohort_reorder(&analysis->cohort, order, err) == 0 && analysis->gram != NULL)
        reorder_gram(&analysis->gram, n, order, err);
out:
    free(order);
    free(sorted);
    return err->code;
}

static int check_sizes(struct log *log, const char *study_path, const struct folds *folds, struct error *err)
{
    size_t smallest = folds_smallest_test(folds);
    if (smallest < LEAST_TEST_SUBJECTS)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: model.outer_folds: a test set of %zu subject found; expected at least %d "
                         "(fewer folds, or more subjects)",
                         study_path, smallest, LEAST_TEST_SUBJECTS);
    if (smallest < FEW_TEST_SUBJECTS)
        log_warning(log, "the smallest test set has %zu subjects: r2 of a fold that small says little",
                    smallest);
    log_info(log, "folds: %zu outer (test sets of %zu to %zu subjects) x %zu inner", folds->n_outer, smallest,
             folds_largest_test(folds), folds->n_inner);
    return 0;
}

int analysis_draw_folds(struct analysis *analysis, struct error *err)
{
    if (analysis->folds_are_drawn || (analysis->study.model.relatedness > 0 && analysis->gram == NULL))
        return 0;
    const struct study *study = &analysis->study;
    size_t n = analysis->cohort.n, n_outer = 0;
    int32_t *fold = memory_zeroed(n, sizeof *fold, "the folds", err);
    if (fold == NULL)
        return err->code;
    if (find_groups(analysis, err) != 0 ||
        outer_folds(study, &analysis->cohort, analysis->group, fold, &n_outer, err) != 0 ||
        sort_subjects(analysis, fold, n_outer, err) != 0)
        goto out;
    if (folds_init(&analysis->folds, &(struct folds_outer){fold, analysis->group, n, n_outer},
                   (size_t)study->model.inner_folds, study->seed, err) != 0) {
        error_append(err, " (%s: model.inner_folds)", study->path);
        goto out;
    }
    check_sizes(analysis->log, study->path, &analysis->folds, err);
    analysis->folds_are_drawn = true;
out:
    free(fold);
    return err->code;
}
