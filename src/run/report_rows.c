#include "run/report_rows.h"

#include "base/memory.h"
#include "config/study_key.h"
#include "model/stats/permutation.h"
#include "model/stats/significance.h"
#include "run/report_orbits.h"

#include <math.h>
#include <stdlib.h>

enum { ROWS_AT_ONCE = 256 };

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

/* A fold without an r2 counts as r2 0, as in the mean (model/ridge/score.h). */
static double counted(double r2)
{
    return isnan(r2) ? 0 : r2;
}

/* Sample standard deviation over folds. */
static double spread_over_folds(const double *by_fold, size_t n_folds, size_t stride)
{
    double sum = 0, squares = 0;
    for (size_t o = 0; o < n_folds; o++)
        sum += counted(by_fold[o * stride]);
    double mean = sum / (double)n_folds;
    for (size_t o = 0; o < n_folds; o++) {
        double beyond = counted(by_fold[o * stride]) - mean;
        squares += beyond * beyond;
    }
    return sqrt(squares / (double)(n_folds - 1));
}

/* What fill_rows needs beside the campaign. */
struct filling {
    const struct campaign *campaign;
    double *sorted;  /* room for the outer folds */
    const double *p; /* as significance_of leaves them */
    bool few;        /* fewer permutations are possible than were made */
    bool is_pooled;  /* the score is pooled-r2 */
    const char *key; /* of the grid of penalties */
};

/* The end of the grid that nearly all folds chose; REPORT_EDGES where there is none. */
static enum report_edge edge_of(const struct campaign *campaign, size_t t)
{
    const double nearly_all = 0.9;
    const double ends[REPORT_EDGES] = {campaign->penalty[0], campaign->penalty[campaign->n_penalties - 1]};
    for (int edge = 0; campaign->n_penalties > 1 && edge < REPORT_EDGES; edge++) {
        size_t count = 0;
        for (size_t o = 0; o < campaign->n_outer; o++) {
            double chosen = campaign->penalty_by_fold[o * campaign->n_targets + t];
            count += edge == REPORT_EDGE_SMALLEST ? chosen <= ends[edge] : chosen >= ends[edge];
        }
        if ((double)count >= nearly_all * (double)campaign->n_outer)
            return (enum report_edge)edge;
    }
    return REPORT_EDGES;
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
    row->value[RESULT_PENALTY] = (sorted[(n_folds - 1) / 2] + sorted[n_folds / 2]) / 2;
    row->value[RESULT_AT_EDGE] = campaign->n_penalties > 1 ? (double)n_edge / (double)n_folds : NAN;
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

/* Of permutations drawn one by one. p: as significance_of leaves it. */
static int count_single(const struct campaign *campaign, const struct campaign_units *units,
                        int64_t n_permutations, double *p, struct error *err)
{
    size_t t = campaign->n_targets;
    struct significance significance = {0};
    if (significance_init(&significance, campaign->score, t, err) == 0 &&
        count_null(campaign, units, n_permutations, &significance, err) == 0)
        significance_finish(&significance, p, p + t, p + 2 * t, err);
    significance_free(&significance);
    return err->code;
}

/* p, p_fwer and q of the analysed targets: three arrays of T in one (with orbits two more, of errors). */
static double *significance_of(const struct campaign *campaign, const struct campaign_units *units,
                               const struct report_extent *extent, struct error *err)
{
    size_t t = campaign->n_targets;
    double *p = memory_zeroed(5 * t, sizeof *p, "p-values", err);
    if (p == NULL)
        return NULL;
    const struct orbit_p of_orbits = {p, p + t, p + 2 * t, p + 3 * t, p + 4 * t};
    if (campaign_has_orbits(campaign))
        report_orbits_significance(campaign, units, extent->n_permutations, extent->done, &of_orbits, err);
    else
        count_single(campaign, units, extent->n_permutations, p, err);
    if (err->code == 0)
        return p;
    free(p);
    return NULL;
}

/* The numbers of analysed target t. p: as significance_of leaves them; sorted: room for the outer folds. */
static void fill_analysed(struct result_row *row, const struct campaign *campaign, size_t t, const double *p,
                          double *sorted)
{
    size_t n_targets = campaign->n_targets;
    row->value[RESULT_R2] = campaign->r2[t];
    if (!isnan(campaign->r2[t])) /* it is in campaigns of older programs, where a fold has none */
        row->value[RESULT_R2_SD] = spread_over_folds(campaign->r2_by_fold + t, campaign->n_outer, n_targets);
    row->value[RESULT_R] = campaign->r[t];
    row->value[RESULT_P] = p[t];
    row->value[RESULT_P_FWER] = p[n_targets + t];
    row->value[RESULT_Q_FDR] = p[2 * n_targets + t];
    describe_penalties(campaign, t, sorted, row);
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

/* Test sets without an r2 of their own. */
static size_t constant_folds(const struct campaign *campaign, size_t t)
{
    size_t count = 0;
    for (size_t o = 0; o < campaign->n_outer; o++)
        count += isnan(campaign->r2_by_fold[o * campaign->n_targets + t]) ? 1 : 0;
    return count;
}

/* Adds a part to a note, which it frees. NULL without memory. */
static char *add_to_note(char *note, const char *part, struct error *err)
{
    if (note == NULL)
        return NULL;
    char *longer = memory_format(err, "%s%s%s", note, *note != '\0' ? "; " : "", part);
    free(note);
    return longer;
}

/* The note of an analysed target with what only its numbers and the number of permutations can tell. */
static char *full_note(struct report_rows *rows, const struct filling *filling, size_t t,
                       const struct result_row *row, const char *recorded, struct error *err)
{
    char *note = memory_string(recorded, err);
    enum report_edge edge =
        row->value[RESULT_P_FWER] < REPORT_ROWS_FOUND ? edge_of(filling->campaign, t) : REPORT_EDGES;
    if (filling->few)
        note = add_to_note(note, "few permutations possible", err);
    size_t n_constant = constant_folds(filling->campaign, t);
    char part[128];
    if (isnan(row->value[RESULT_R2]))
        note = add_to_note(note, "the baseline of a test set has no error: no r2", err);
    else if (n_constant > 0) {
        snprintf(part, sizeof part, "no variance in %zu of %zu test sets%s", n_constant,
                 filling->campaign->n_outer, filling->is_pooled ? "" : ": r2 0 there");
        note = add_to_note(note, part, err);
    }
    if (edge != REPORT_EDGES) {
        snprintf(part, sizeof part, "penalty at the edge of the grid: widen %s", filling->key);
        rows->n_at_edge[edge]++;
        note = add_to_note(note, part, err);
    }
    return note;
}

static int fill_rows(struct report_rows *rows, const struct filling *filling, struct error *err)
{
    const struct campaign *campaign = filling->campaign;
    size_t t = 0;
    for (size_t i = 0; i < rows->count; i++) {
        struct result_row *row = &rows->rows[i];
        const char *note = campaign->target_note[i];
        result_row_clear(row);
        row->target = campaign->target_name[i];
        row->value[RESULT_N] = campaign->target_n[i];
        if (campaign->target_n_missing != NULL)
            row->value[RESULT_N_MISSING] = campaign->target_n_missing[i];
        for (int axis = 0; i < campaign->n_placed && axis < 3; axis++)
            row->value[RESULT_X_MM + axis] = campaign->target_mm[3 * i + (size_t)axis];
        if (campaign->target_analysed[i] != 0) {
            fill_analysed(row, campaign, t, filling->p, filling->sorted);
            rows->notes[i] = full_note(rows, filling, t++, row, note, err);
        } else
            rows->notes[i] = memory_string(note, err);
        if (rows->notes[i] == NULL)
            return err->code;
        row->note = rows->notes[i];
    }
    return 0;
}

int report_rows_compute(struct report_rows *rows, const struct campaign *campaign,
                        const struct campaign_units *units, const struct report_extent *extent,
                        struct error *err)
{
    *rows = (struct report_rows){.count = campaign->n_targets_all};
    rows->rows = memory_zeroed(rows->count, sizeof *rows->rows, "the results", err);
    rows->notes = memory_zeroed(rows->count, sizeof *rows->notes, "the results", err);
    double *sorted = memory_zeroed((size_t)campaign->n_outer, sizeof *sorted, "the results", err);
    double *p = err->code == 0 ? significance_of(campaign, units, extent, err) : NULL;
    bool few = p != NULL && few_possible(campaign, extent->n_permutations, err);
    rows->gives_penalties = study_key_is(campaign->yaml, "model", "penalties", NULL);
    struct filling filling = {.campaign = campaign,
                              .sorted = sorted,
                              .p = p,
                              .few = few,
                              .is_pooled = study_key_is(campaign->yaml, "model", "score", "pooled-r2"),
                              .key = report_rows_grid_key(rows)};
    if (err->code == 0)
        fill_rows(rows, &filling, err);
    free(sorted);
    free(p);
    if (err->code != 0)
        report_rows_free(rows);
    return err->code;
}

void report_rows_free(struct report_rows *rows)
{
    for (size_t i = 0; rows->notes != NULL && i < rows->count; i++)
        free(rows->notes[i]);
    free(rows->notes);
    free(rows->rows);
    *rows = (struct report_rows){0};
}

const char *report_rows_grid_key(const struct report_rows *rows)
{
    return rows->gives_penalties ? "model.penalties" : "model.heritability";
}
