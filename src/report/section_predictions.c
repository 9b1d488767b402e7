#include "report/sections.h"

#include "base/amount.h"
#include "report/axis.h"
#include "report/decimal.h"
#include "report/html.h"
#include "report/svg.h"

#include <math.h>

/* Of each target so many people; without permutations of so many targets. */
enum {
    WIDTH = 420,
    HEIGHT = 400,
    LEFT = 48,
    RIGHT = 400,
    TOP = 24,
    BASE = 350,
    PEOPLE_MOST = 500,
    TARGETS_MOST = 24
};

/* Every so manyth person is drawn: they are sorted by fold, so that all folds are. */
static size_t step_of(const struct campaign *campaign)
{
    return (campaign->n_predicted + PEOPLE_MOST - 1) / PEOPLE_MOST;
}

/* A range that holds the values drawn, and 0. */
static struct axis range_of(const struct campaign *campaign, const float *values, size_t t, double from,
                            double to)
{
    double low = 0, high = 0;
    for (size_t i = 0; i < campaign->n_predicted; i += step_of(campaign)) {
        double value = (double)values[i * campaign->n_targets + t];
        low = isfinite(value) ? fmin(low, value) : low;
        high = isfinite(value) ? fmax(high, value) : high;
    }
    double room = fmax(0.04 * (high - low), 1e-3);
    return (struct axis){low - room, high + room, from, to};
}

static void draw_people(FILE *out, const struct campaign *campaign, size_t t, const struct axis *x,
                        const struct axis *y)
{
    svg_path_begin(out, "cloud");
    for (size_t i = 0; i < campaign->n_predicted; i += step_of(campaign)) {
        double predicted = (double)campaign->predicted[i * campaign->n_targets + t],
               observed = (double)campaign->beyond[i * campaign->n_targets + t];
        if (!isfinite(predicted) || !isfinite(observed))
            continue;
        svg_path_to(out, 'M', axis_at(x, predicted), axis_at(y, observed));
        fputs("h0", out);
    }
    svg_path_end(out);
}

/* Where prediction is as large as what is predicted. */
static void draw_identity(FILE *out, const struct axis *x, const struct axis *y)
{
    double low = fmax(x->low, y->low), high = fmin(x->high, y->high);
    if (low < high)
        svg_line(out, "limit", axis_at(x, low), axis_at(y, low), axis_at(x, high), axis_at(y, high));
}

static void draw(const struct page *page, size_t i)
{
    const struct campaign *campaign = page->content->campaign;
    const struct result_row *row = &page->content->rows[i];
    size_t t = page->by_row[i];
    char r[DECIMAL_BYTES], r2[DECIMAL_BYTES];
    struct axis x = range_of(campaign, campaign->predicted, t, LEFT, RIGHT),
                y = range_of(campaign, campaign->beyond, t, BASE, TOP);
    FILE *out = page->out;
    fputs("<figure class=\"small\" data-name=\"", out);
    html_text(out, row->target);
    fputs("\">\n<p class=\"subject\">", out);
    html_text(out, row->target);
    fputs("</p>\n", out);
    svg_begin(out, WIDTH, HEIGHT,
              "Observed against predicted values of this target, a point for each person");
    axis_left(out, &y, LEFT, RIGHT, "observed, beyond the covariates");
    axis_bottom(out, &x, BASE, "predicted (standard deviations)");
    draw_people(out, campaign, t, &x, &y);
    draw_identity(out, &x, &y);
    svg_text(out, "name", RIGHT, TOP - 8, SVG_END, "r = %s, r\xC2\xB2 = %s",
             decimal_digits(row->value[RESULT_R], 3, r), decimal_digits(row->value[RESULT_R2], 3, r2));
    svg_end(out);
    fputs("</figure>\n", out);
}

/* The targets that have their own permutations drawn, or the first ones. */
static bool is_chosen(const struct page *page, size_t k)
{
    const struct null_sketch *null = page->content->null;
    bool found = null == NULL && k < TARGETS_MOST;
    for (size_t c = 0; null != NULL && c < null->n_chosen; c++)
        found |= null->chosen[c] == page->by_row[page->by_p[k]];
    return found;
}

int section_predictions(struct page *page, struct error *err)
{
    const struct campaign *campaign = page->content->campaign;
    char shown[AMOUNT_BYTES], all[AMOUNT_BYTES];
    if (campaign->n_predicted == 0 || campaign->beyond == NULL || campaign->predicted == NULL ||
        page->n_by_p == 0)
        return 0;
    page_section(page, "predictions", "Predicted and observed", NULL);
    size_t n_shown = (campaign->n_predicted - 1) / step_of(campaign) + 1;
    fprintf(
        page->out,
        "<p class=\"lead\">Each person as the others predict them; on the dashed line the two are equal. ");
    if (n_shown < campaign->n_predicted)
        fprintf(page->out, "%s of %s people are drawn. ", amount_exact((int64_t)n_shown, shown),
                amount_exact((int64_t)campaign->n_predicted, all));
    fputs("All of them are in predictions.tsv.</p>\n<div class=\"choice\">\n", page->out);
    for (size_t k = 0; k < page->n_by_p; k++)
        if (is_chosen(page, k))
            draw(page, page->by_p[k]);
    fputs("</div>\n", page->out);
    return err->code;
}
