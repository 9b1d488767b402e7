#include "study/analysis.h"

#include "base/memory.h"
#include "model/kinship/relatedness.h"
#include "model/ridge/score.h"
#include "study/analysis_relatives.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_TEST_SUBJECTS = 2, FEW_TEST_SUBJECTS = 20 };

/* Chains of relatives. A campaign of an older program keeps the folds that K_ij made. */
static int group_relatives(struct analysis *analysis, double asked, struct error *err)
{
    struct relatives relatives = analysis_relatives(analysis);
    double threshold = asked;
    if (relatives.heterozygosity != NULL)
        threshold = relatives_least(&relatives, analysis->snps.n_kept, asked);
    if (threshold > asked)
        log_warning(analysis->log,
                    "model.keep_together: relatedness %g is what strangers reach by chance with %zu SNPs; "
                    "pairs over %.2g are taken for relatives",
                    asked, analysis->snps.n_kept, threshold);
    if (!analysis->relatives.are_dropped && analysis_list_relatives(analysis, threshold, err) != 0)
        return err->code;
    return relatedness_groups(&relatives, threshold, analysis->group, err);
}

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
    else if (group_relatives(analysis, relatedness, err) != 0)
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

static int reorder_heterozygosity(double *heterozygosity, size_t n, const size_t *order, struct error *err)
{
    double *old = heterozygosity != NULL ? memory_zeroed(n, sizeof *old, "heterozygosity", err) : NULL;
    if (old == NULL)
        return err->code;
    memcpy(old, heterozygosity, n * sizeof *old);
    for (size_t i = 0; i < n; i++)
        heterozygosity[i] = old[order[i]];
    free(old);
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
    if (cohort_reorder(&analysis->cohort, order, err) == 0 && analysis->gram != NULL &&
        reorder_gram(&analysis->gram, n, order, err) == 0)
        reorder_heterozygosity(analysis->heterozygosity, n, order, err);
out:
    free(order);
    free(sorted);
    return err->code;
}

static int check_sizes(const struct analysis *analysis, struct error *err)
{
    struct log *log = analysis->log;
    const struct folds *folds = &analysis->folds;
    size_t smallest = folds_smallest_test(folds);
    if (smallest < LEAST_TEST_SUBJECTS)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: model.outer_folds: a test set of %zu subject found; expected at least %d "
                         "(fewer folds, or more subjects)",
                         analysis->study.path, smallest, LEAST_TEST_SUBJECTS);
    if (smallest < FEW_TEST_SUBJECTS && !analysis->has_no_scores)
        log_warning(log, "the smallest test set has %zu subjects: r2 of a fold that small says little",
                    smallest);
    log_info(log, "folds: %zu outer (test sets of %zu to %zu subjects) x %zu inner", folds->n_outer, smallest,
             folds_largest_test(folds), folds->n_inner);
    return 0;
}

int analysis_draw_folds(struct analysis *analysis, struct error *err)
{
    const struct study *study = &analysis->study;
    bool needs_gram = study->model.relatedness > 0 || study->genotypes.max_relatedness > 0;
    if (analysis->folds_are_drawn || (needs_gram && analysis->gram == NULL))
        return 0;
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
    check_sizes(analysis, err);
    analysis->folds_are_drawn = true;
out:
    free(fold);
    return err->code;
}

int analysis_set_permutations(struct analysis *analysis, struct error *err)
{
    if (permutation_scheme_init(&analysis->scheme, analysis->cohort.within.level, analysis->cohort.n,
                                analysis->study.seed, err) == 0)
        orbit_choose_blocks(&analysis->scheme, &analysis->orbit_choice, err); /* relatives may have left */
    return err->code;
}
