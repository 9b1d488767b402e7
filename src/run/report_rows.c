#include "run/report_rows.h"

#include "base/compare.h"
#include "base/memory.h"
#include "model/stats/significance.h"
#include "run/report_orbits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sample standard deviation over the folds that have an r2. */
static double spread_over_folds(const double *by_fold, size_t n_folds, size_t stride)
{
    double sum = 0, squares = 0, count = 0;
    for (size_t o = 0; o < n_folds; o++)
        if (!isnan(by_fold[o * stride])) {
            sum += by_fold[o * stride];
            count++;
        }
    double mean = sum / count;
    for (size_t o = 0; o < n_folds; o++)
        if (!isnan(by_fold[o * stride]))
            squares += (by_fold[o * stride] - mean) * (by_fold[o * stride] - mean);
    return count > 1 ? sqrt(squares / (count - 1)) : NAN;
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

/* Rows that are read at a time: few of many targets. */
static int64_t rows_at_once(const struct campaign *campaign)
{
    enum { MOST = 256, FLOATS = 1 << 20 };
    int64_t fit = campaign->n_targets > 0 ? FLOATS / (int64_t)campaign->n_targets : MOST;
    return fit > MOST ? MOST : fit > 1 ? fit : 1;
}

/* Once through all null rows, a few at a time. significance: counts them, or NULL; rows: room for those. */
static int add_null(const struct campaign *campaign, const struct campaign_units *units,
                    const struct report_extent *extent, struct significance *significance, float *rows,
                    struct error *err)
{
    int64_t n_permutations = extent->n_permutations, at_once = rows_at_once(campaign);
    for (int64_t first = 0; err->code == 0 && first < n_permutations; first += at_once) {
        int64_t count = n_permutations - first < at_once ? n_permutations - first : at_once;
        if (report_watch_look(extent->watch, first, n_permutations, err) != 0 ||
            campaign_units_read(units, first, count, rows, err) != 0)
            return err->code;
        if (significance != NULL)
            significance_add(significance, rows, (size_t)count);
        if (extent->sketch != NULL)
            null_sketch_add_rows(extent->sketch, rows, (size_t)count, err);
    }
    return err->code;
}

/* Counts all null rows into `significance` and the sketch, which may need them twice. */
static int count_null(const struct campaign *campaign, const struct campaign_units *units,
                      const struct report_extent *extent, struct significance *significance,
                      struct error *err)
{
    bool again = true;
    float *rows = memory_aligned((size_t)rows_at_once(campaign) * campaign->n_targets, sizeof *rows,
                                 "null scores", err);
    report_watch_begin(extent->watch);
    for (int pass = 0; rows != NULL && err->code == 0 && again; pass++)
        if (add_null(campaign, units, extent, pass == 0 ? significance : NULL, rows, err) == 0)
            null_sketch_finish(extent->sketch, &again, err);
    report_watch_end(extent->watch);
    free(rows);
    return err->code;
}

/* Of permutations drawn one by one, the data as they are counted with them. p: as significance_of leaves it.
 */
static int count_single(const struct campaign *campaign, const struct campaign_units *units,
                        const struct report_extent *extent, double *p, struct error *err)
{
    size_t t = campaign->n_targets;
    struct significance significance = {0};
    if (significance_init(&significance, campaign->score, t, err) == 0 &&
        count_null(campaign, units, extent, &significance, err) == 0)
        significance_finish(&significance, p, p + t, p + 2 * t, err);
    for (size_t k = 0; k < t; k++)
        p[3 * t + k] = significance_error(p[k], 1 + (double)extent->n_permutations);
    significance_free(&significance);
    return err->code;
}

/* p, p_fwer and q of the analysed targets, the standard error of p, and with orbits that of p_fwer: five
 * arrays of T in one. */
static double *significance_of(const struct campaign *campaign, const struct campaign_units *units,
                               const struct report_extent *extent, struct error *err)
{
    size_t t = campaign->n_targets;
    double *p = memory_zeroed(5 * t, sizeof *p, "p-values", err);
    if (p == NULL)
        return NULL;
    const struct orbit_p of_orbits = {p, p + t, p + 2 * t, p + 3 * t, p + 4 * t};
    if (extent->counted != NULL)
        memcpy(p, extent->counted, 5 * t * sizeof *p);
    else if (extent->n_permutations == 0)
        for (size_t k = 0; k < 5 * t; k++)
            p[k] = NAN;
    else if (campaign_has_orbits(campaign))
        report_orbits_significance(campaign, units, extent, &of_orbits, err);
    else
        count_single(campaign, units, extent, p, err);
    if (err->code == 0)
        return p;
    free(p);
    return NULL;
}

/* The numbers of analysed target t; of a univariate model those that it has. p: as significance_of leaves
 * them; sorted: room for the outer folds. */
static void fill_analysed(struct result_row *row, const struct campaign *campaign, size_t t, const double *p,
                          double *sorted)
{
    size_t n_targets = campaign->n_targets;
    row->value[RESULT_R2] = campaign->r2[t];
    row->value[RESULT_P] = p[t];
    row->value[RESULT_P_SE] = p[3 * n_targets + t];
    row->value[RESULT_P_FWER] = p[n_targets + t];
    row->value[RESULT_Q_FDR] = p[2 * n_targets + t];
    if (campaign->model != NULL)
        return;
    if (!isnan(campaign->r2[t])) /* it is in campaigns of older programs, where a fold has none */
        row->value[RESULT_R2_SD] = spread_over_folds(campaign->r2_by_fold + t, campaign->n_outer, n_targets);
    row->value[RESULT_R] = campaign->r[t];
    describe_penalties(campaign, t, sorted, row);
}

/* p: as significance_of leaves them; sorted: room for the outer folds. */
static int fill_rows(struct report_rows *rows, const struct campaign *campaign, const double *p,
                     double *sorted, struct error *err)
{
    size_t t = 0;
    for (size_t i = 0; i < rows->count; i++) {
        struct result_row *row = &rows->rows[i];
        bool is_analysed = campaign->target_analysed[i] != 0;
        result_row_clear(row);
        row->target = campaign->target_name[i];
        row->value[RESULT_N] = campaign->target_n[i];
        if (campaign->target_n_missing != NULL)
            row->value[RESULT_N_MISSING] = campaign->target_n_missing[i];
        for (int axis = 0; i < campaign->n_placed && axis < 3; axis++)
            row->value[RESULT_X_MM + axis] = campaign->target_mm[3 * i + (size_t)axis];
        if (is_analysed)
            fill_analysed(row, campaign, t, p, sorted);
        rows->texts[i] = report_notes_of(&rows->notes, i, t, row, err);
        if (rows->texts[i] == NULL)
            return err->code;
        row->note = rows->texts[i];
        t += is_analysed;
    }
    return 0;
}

int report_rows_compute(struct report_rows *rows, const struct campaign *campaign,
                        const struct campaign_units *units, const struct report_extent *extent,
                        struct error *err)
{
    *rows = (struct report_rows){.count = campaign->n_targets_all};
    rows->rows = memory_zeroed(rows->count, sizeof *rows->rows, "the results", err);
    rows->texts = memory_zeroed(rows->count, sizeof *rows->texts, "the results", err);
    double *sorted = memory_zeroed(campaign->n_outer, sizeof *sorted, "the results", err);
    double *p = err->code == 0 ? significance_of(campaign, units, extent, err) : NULL;
    if (p != NULL && report_notes_begin(&rows->notes, campaign, extent->n_permutations, err) == 0)
        fill_rows(rows, campaign, p, sorted, err);
    free(sorted);
    free(p);
    if (err->code != 0)
        report_rows_free(rows);
    return err->code;
}

void report_rows_free(struct report_rows *rows)
{
    for (size_t i = 0; rows->texts != NULL && i < rows->count; i++)
        free(rows->texts[i]);
    free(rows->texts);
    free(rows->rows);
    *rows = (struct report_rows){0};
}
