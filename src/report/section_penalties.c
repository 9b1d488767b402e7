#include "report/sections.h"

#include "base/memory.h"
#include "report/axis.h"
#include "report/decimal.h"
#include "report/svg.h"

#include <math.h>
#include <stdlib.h>

enum { WIDTH = 720, LEFT = 56, RIGHT = 704, TOP = 30, BASE = 200, LABELS_MOST = 12, BAR_MOST = 60 };

/* Choices of a penalty: of everybody's targets and folds, and of those found. */
struct choices {
    size_t n_penalties;
    double *all, *found; /* n_penalties: shares */
    bool has_found;
};

static size_t penalty_index(const struct campaign *campaign, double lambda)
{
    size_t best = 0;
    for (size_t k = 1; k < campaign->n_penalties; k++)
        if (fabs(campaign->penalty[k] - lambda) < fabs(campaign->penalty[best] - lambda))
            best = k;
    return best;
}

static int count_choices(const struct page *page, struct choices *choices, struct error *err)
{
    const struct campaign *campaign = page->content->campaign;
    *choices = (struct choices){.n_penalties = campaign->n_penalties};
    choices->all = memory_zeroed(campaign->n_penalties, sizeof(double), "the report", err);
    choices->found = memory_zeroed(campaign->n_penalties, sizeof(double), "the report", err);
    double n_all = 0, n_found = 0;
    for (size_t k = 0; err->code == 0 && k < page->n_by_p; k++) {
        size_t t = page->by_row[page->by_p[k]];
        bool is_found = page->content->rows[page->by_p[k]].value[RESULT_P_FWER] < 0.05;
        for (size_t o = 0; o < campaign->n_outer; o++) {
            size_t at = penalty_index(campaign, campaign->penalty_by_fold[o * campaign->n_targets + t]);
            choices->all[at]++;
            choices->found[at] += is_found;
            n_all++;
            n_found += is_found;
        }
    }
    choices->has_found = n_found > 0;
    for (size_t k = 0; err->code == 0 && k < campaign->n_penalties; k++) {
        choices->all[k] /= fmax(n_all, 1);
        choices->found[k] /= fmax(n_found, 1);
    }
    return err->code;
}

static void draw(const struct page *page, const struct choices *choices)
{
    FILE *out = page->out;
    const struct campaign *campaign = page->content->campaign;
    size_t n = choices->n_penalties, every = (n + LABELS_MOST - 1) / LABELS_MOST;
    double most = 0, slot = (RIGHT - LEFT) / (double)n,
           width = fmin(slot * 0.7, BAR_MOST) / (choices->has_found ? 2 : 1);
    for (size_t k = 0; k < n; k++)
        most = fmax(most, fmax(choices->all[k], choices->found[k]));
    struct axis y = {0, 108 * most, BASE, TOP};
    svg_begin(out, WIDTH, BASE + 50, "How often each penalty was chosen");
    axis_left(out, &y, LEFT, RIGHT, "% of outer folds");
    for (size_t k = 0; k < n; k++) {
        double middle = LEFT + slot * ((double)k + 0.5),
               left = choices->has_found ? middle - width : middle - width / 2;
        double all = axis_at(&y, 100 * choices->all[k]), found = axis_at(&y, 100 * choices->found[k]);
        svg_rect(out, "bar", (double[]){left, all, width - 1, BASE - all}, NULL);
        if (choices->has_found)
            svg_rect(out, "bar found", (double[]){middle, found, width - 1, BASE - found}, NULL);
        if (k % every == 0 || k + 1 == n)
            svg_text(out, "tick", middle, BASE + 18, SVG_MIDDLE, "%.3g", campaign->penalty[k]);
    }
    svg_line(out, "axis", LEFT, BASE, RIGHT, BASE);
    svg_text(out, "label", (LEFT + RIGHT) / 2.0, BASE + 38, SVG_MIDDLE, "penalty \xCE\xBB");
    svg_end(out);
}

int section_penalties(struct page *page, struct error *err)
{
    struct choices choices = {0};
    const struct campaign *campaign = page->content->campaign;
    if (page->n_by_p == 0 || campaign->n_penalties < 2)
        return 0;
    if (count_choices(page, &choices, err) == 0) {
        size_t last = campaign->n_penalties - 1;
        page_section(page, "penalties", "Penalties", NULL);
        fputs("<figure>\n", page->out);
        draw(page, &choices);
        fprintf(
            page->out,
            "<figcaption>How often each penalty of the grid was chosen, over targets and outer folds%s. The ends of the "
            "grid: %.0f %% chose the smallest, %.0f %% the largest",
            choices.has_found ? " (strong: targets with p<sub>fwer</sub> &lt; .05)" : "",
            100 * choices.all[0], 100 * choices.all[last]);
        if (choices.has_found)
            fprintf(page->out, "; of those targets %.0f %% and %.0f %%", 100 * choices.found[0],
                    100 * choices.found[last]);
        fputs(". The largest is what a target without signal chooses.</figcaption>\n</figure>\n", page->out);
    }
    free(choices.all);
    free(choices.found);
    return err->code;
}
