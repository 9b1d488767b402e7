#include "run/report_notes.h"

#include "base/memory.h"
#include "base/text.h"
#include "config/study_key.h"
#include "model/stats/permutation.h"
#include "report/decimal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Whether the exchangeability blocks allow fewer different permutations than these. */
static bool few_possible(const struct campaign *campaign, int64_t n_permutations, struct error *err)
{
    struct permutation_scheme scheme;
    if (permutation_scheme_init(&scheme, campaign->exchangeability, campaign->n, campaign->seed, err) != 0)
        return false;
    bool few = !permutation_allows(&scheme, n_permutations);
    permutation_scheme_free(&scheme);
    return few;
}

int report_notes_begin(struct report_notes *notes, const struct campaign *campaign, int64_t n_permutations,
                       struct error *err)
{
    *notes = (struct report_notes){
        .campaign = campaign,
        .few_possible = few_possible(campaign, n_permutations, err),
        .gives_penalties = study_key_is(campaign->yaml, "model", "penalties", NULL),
        .is_pooled = study_key_is(campaign->yaml, "model", "score", "pooled-r2"),
    };
    return err->code;
}

const char *report_notes_grid_key(const struct report_notes *notes)
{
    return notes->gives_penalties ? "model.penalties" : "model.heritability";
}

const char *report_notes_decimal(double value, char text[REPORT_NOTES_DECIMAL])
{
    char digits[DECIMAL_BYTES];
    if (fabs(value) < 1)
        snprintf(text, REPORT_NOTES_DECIMAL, "%s%s", value < 0 ? "-" : "",
                 decimal_digits(fabs(value), 3, digits));
    else
        snprintf(text, REPORT_NOTES_DECIMAL, "%.3g", value);
    return text;
}

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

/* Whether a smaller penalty than the smallest could not help: little is predicted, as of people who are
 * hardly related. Then all penalties predict alike but for the size, and the smallest one gives away at most
 * (lambda/(d + lambda))^2 of r2, d being the mean eigenvalue of K, near 1: 4 % at a heritability of .8. */
static bool is_near_enough(const struct campaign *campaign, double r2)
{
    const double little = 0.05;
    double lost = campaign->penalty[0] / (campaign->penalty[0] + 1);
    return r2 < little && lost * lost < little;
}

/* Adds a part that was made for it, which it frees too. */
static char *add_made(char *note, char *part, struct error *err)
{
    char *longer = part != NULL ? text_add_note(note, part, err) : NULL;
    if (part == NULL)
        free(note);
    free(part);
    return longer;
}

/* Test sets in which nothing varies: their r2 counts as 0, exactly (model/ridge/score.h). */
static char *add_constant(char *note, const struct report_notes *notes, size_t t, struct error *err)
{
    const struct campaign *campaign = notes->campaign;
    size_t count = 0;
    for (size_t o = 0; o < campaign->n_outer; o++)
        count += campaign->r2_by_fold[o * campaign->n_targets + t] == 0;
    if (isnan(campaign->r2[t])) /* of an older program */
        return text_add_note(note, "the baseline of a test set has no error: no r2", err);
    if (count == 0)
        return note;
    return add_made(note,
                    memory_format(err, "no variance in %zu of %zu test sets%s", count, campaign->n_outer,
                                  notes->is_pooled ? "" : ": r2 0 there"),
                    err);
}

/* Values that were filled in. Campaigns of older programs score them in the table as well. */
static char *add_filled(char *note, const struct campaign *campaign, size_t target, size_t t,
                        struct error *err)
{
    double share = 1 - campaign->target_n[target] / (double)campaign->n;
    char everybody[REPORT_NOTES_DECIMAL];
    if (share <= REPORT_NOTES_FILLED)
        return note;
    if (campaign->r2_everybody == NULL)
        return add_made(
            note,
            memory_format(err,
                          "%.0f %% of values filled in and scored: r2 and power are less than with "
                          "missing: drop-subject",
                          100 * share),
            err);
    return add_made(
        note,
        memory_format(err,
                      "%.0f %% of values filled in: r2 is that of the others, p compares that of all "
                      "(%s) and has less power than with missing: drop-subject",
                      100 * share, report_notes_decimal(campaign->r2_everybody[t], everybody)),
        err);
}

char *report_notes_of(struct report_notes *notes, size_t target, size_t t, const struct result_row *row,
                      struct error *err)
{
    const struct campaign *campaign = notes->campaign;
    char *note = memory_string(campaign->target_note[target], err);
    if (campaign->target_analysed[target] == 0)
        return note;
    if (notes->few_possible)
        note = text_add_note(note, "few permutations possible", err);
    if (campaign->model != NULL)
        return (size_t)campaign->target_n[target] < campaign->n
                   ? text_add_note(note, "missing values filled in: beta is scaled to those who have one",
                                   err)
                   : note;
    note = add_constant(note, notes, t, err);
    note = add_filled(note, campaign, target, t, err);
    enum report_edge edge =
        row->value[RESULT_P_FWER] < REPORT_NOTES_FOUND ? edge_of(campaign, t) : REPORT_EDGES;
    bool counts = edge != REPORT_EDGES &&
                  !(edge == REPORT_EDGE_SMALLEST && is_near_enough(campaign, row->value[RESULT_R2]));
    if (!counts)
        return note;
    notes->n_at_edge[edge]++;
    return add_made(
        note, memory_format(err, "penalty at the edge of the grid: widen %s", report_notes_grid_key(notes)),
        err);
}
