#include "run/report.h"

#include "base/durable.h"
#include "base/folder.h"
#include "base/memory.h"
#include "model/stats/permutation.h"
#include "model/stats/significance.h"
#include "output/maps.h"
#include "output/results.h"

#include <math.h>
#include <stdlib.h>

enum { ROWS_AT_ONCE = 256, TARGETS_SHOWN = 20 };

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

/* Sample standard deviation over folds; NaN when a fold is. */
static double spread_over_folds(const double *by_fold, size_t n_folds, size_t stride)
{
    double sum = 0, squares = 0;
    for (size_t o = 0; o < n_folds; o++)
        sum += by_fold[o * stride];
    double mean = sum / (double)n_folds;
    for (size_t o = 0; o < n_folds; o++)
        squares += (by_fold[o * stride] - mean) * (by_fold[o * stride] - mean);
    return sqrt(squares / (double)(n_folds - 1));
}

/* Median of the chosen penalties and the share of folds at an edge of the grid (NaN with one penalty: there
 * is no choice). */
static void describe_penalties(const struct campaign *campaign, size_t t, double *sorted,
                               struct result_row *row)
{
    size_t n_folds = (size_t)campaign->n_outer, n_edge = 0;
    double smallest = campaign->penalty[0], largest = campaign->penalty[campaign->n_penalties - 1];
    for (size_t o = 0; o < n_folds; o++) {
        sorted[o] = campaign->penalty_by_fold[o * campaign->n_targets + t];
        n_edge += sorted[o] <= smallest || sorted[o] >= largest;
    }
    qsort(sorted, n_folds, sizeof *sorted, compare_doubles);
    row->penalty = (sorted[(n_folds - 1) / 2] + sorted[n_folds / 2]) / 2;
    row->at_edge = campaign->n_penalties > 1 ? (double)n_edge / (double)n_folds : NAN;
}

/* Counts all null rows into `significance`, a few at a time. */
static int count_null(const struct campaign *campaign, const struct campaign_units *units,
                      int64_t n_permutations, struct significance *significance, struct error *err)
{
    float *rows = memory_aligned(ROWS_AT_ONCE * campaign->n_targets, sizeof *rows, "null scores", err);
    for (int64_t first = 0; rows != NULL && err->code == 0 && first < n_permutations; first += ROWS_AT_ONCE) {
        int64_t count = n_permutations - first < ROWS_AT_ONCE ? n_permutations - first : ROWS_AT_ONCE;
        if (campaign_units_read(units, first, count, rows, err) == 0)
            significance_add(significance, rows, (size_t)count);
    }
    free(rows);
    return err->code;
}

/* p, p_fwer and q of the analysed targets: three arrays of T in one. */
static double *significance_of(const struct campaign *campaign, const struct campaign_units *units,
                               int64_t n_permutations, struct error *err)
{
    size_t t = campaign->n_targets;
    struct significance significance = {0};
    double *p = memory_zeroed(3 * t, sizeof *p, "p-values", err);
    if (p == NULL)
        return NULL;
    if (significance_init(&significance, campaign->score, t, err) == 0 &&
        count_null(campaign, units, n_permutations, &significance, err) == 0)
        significance_finish(&significance, p, p + t, p + 2 * t, err);
    significance_free(&significance);
    if (err->code == 0)
        return p;
    free(p);
    return NULL;
}

static void fill_row(const struct campaign *campaign, size_t t, const double *p, double *sorted,
                     struct result_row *row)
{
    size_t n_targets = campaign->n_targets;
    row->r2 = campaign->r2[t];
    row->r2_sd = spread_over_folds(campaign->r2_by_fold + t, (size_t)campaign->n_outer, n_targets);
    row->r = campaign->r[t];
    row->p = p[t];
    row->p_fwer = p[n_targets + t];
    row->q_fdr = p[2 * n_targets + t];
    describe_penalties(campaign, t, sorted, row);
    if (isnan(row->r2) && row->note[0] == '\0')
        row->note = "the baseline of a test set has no error: no r2";
}

/* Whether the exchangeability blocks allow fewer different permutations than these. */
static bool few_possible(const struct campaign *campaign, int64_t n_permutations, struct error *err)
{
    struct permutation_scheme scheme;
    if (permutation_scheme_init(&scheme, campaign->exchangeability, campaign->n, campaign->seed, err) != 0)
        return false;
    double possible = permutation_log10_count(&scheme);
    permutation_scheme_free(&scheme);
    return possible < log10(1 + (double)n_permutations);
}

/* A target's note with what only the number of permutations can tell. */
static char *full_note(const struct campaign *campaign, size_t target, bool few, struct error *err)
{
    const char *note = campaign->target_note[target];
    bool add = few && campaign->target_analysed[target];
    return memory_format(err, "%s%s%s", note, add && *note != '\0' ? "; " : "",
                         add ? "few permutations possible" : "");
}

/* The maps of an image study: beside results.tsv. */
static int write_maps(const struct campaign *campaign, const struct regions *regions,
                      const struct result_row *rows, const char *path, struct error *err)
{
    if (regions == NULL)
        return 0;
    if (regions->n_targets != campaign->n_targets_all)
        return error_set(err, EXIT_CODE_FAILED, "%s: %zu targets found; expected the %zu of the images", path,
                         campaign->n_targets_all, regions->n_targets);
    char *beside = durable_folder(path, err);
    char *folder = beside != NULL ? folder_path(beside, "maps", err) : NULL;
    if (folder != NULL && folder_make(folder, err) == 0)
        maps_write(folder, regions, rows, err);
    free(folder);
    free(beside);
    return err->code;
}

int report_write(const struct campaign *campaign, const struct campaign_units *units, int64_t n_permutations,
                 const struct regions *regions, const char *path, FILE *out, struct error *err)
{
    struct result_row *rows = memory_zeroed(campaign->n_targets_all, sizeof *rows, "the results", err);
    char **notes = memory_zeroed(campaign->n_targets_all, sizeof *notes, "the results", err);
    double *sorted = memory_zeroed((size_t)campaign->n_outer, sizeof *sorted, "the results", err);
    double *p = err->code == 0 ? significance_of(campaign, units, n_permutations, err) : NULL;
    bool few = p != NULL && few_possible(campaign, n_permutations, err);
    size_t t = 0;
    for (size_t i = 0; err->code == 0 && i < campaign->n_targets_all; i++) {
        notes[i] = full_note(campaign, i, few, err);
        rows[i] = (struct result_row){.target = campaign->target_name[i],
                                      .n = campaign->target_n[i],
                                      .analysed = campaign->target_analysed[i] != 0,
                                      .note = notes[i]};
        if (rows[i].analysed && err->code == 0)
            fill_row(campaign, t++, p, sorted, &rows[i]);
    }
    if (err->code == 0 && write_maps(campaign, regions, rows, path, err) == 0 &&
        results_write(path, rows, campaign->n_targets_all, err) == 0 && out != NULL)
        results_print(out, rows, campaign->n_targets_all, TARGETS_SHOWN);
    for (size_t i = 0; notes != NULL && i < campaign->n_targets_all; i++)
        free(notes[i]);
    free(notes);
    free(rows);
    free(sorted);
    free(p);
    return err->code;
}
