#include "report/sections.h"

#include "report/decimal.h"
#include "report/histogram.h"
#include "report/svg.h"

#include <math.h>

/* Few targets have a line each, many are counted. */
enum { WIDTH = 720, RIGHT = 704, TOP = 40, LINES_MOST = 30, LINE = 22, BINS = 60, NAME_CHARACTERS = 22 };

static double r2_of(const struct page *page, size_t k)
{
    return page->content->rows[page->by_p[k]].value[RESULT_R2];
}

/* The axis that holds every r2 and what can be expected. */
static struct axis axis_of(const struct page *page, double from)
{
    const struct campaign *campaign = page->content->campaign;
    double low = 0, high = 0;
    for (size_t k = 0; k < page->n_by_p; k++) {
        low = fmin(low, r2_of(page, k));
        high = fmax(high, r2_of(page, k));
    }
    for (size_t k = 0; k < campaign->n_power; k++)
        high = fmax(high, campaign->expected_r2[k]);
    double room = fmax(0.04 * (high - low), 1e-4);
    return (struct axis){low - room, high + room, from, RIGHT};
}

static void draw_expected(FILE *out, const struct campaign *campaign, const struct axis *x, double base)
{
    double last = -HUGE_VAL;
    for (size_t k = 0; k < campaign->n_power; k++) {
        double at = axis_at(x, campaign->expected_r2[k]);
        char number[DECIMAL_BYTES];
        svg_line(out, "limit", at, TOP - 8, at, base);
        if (at - last > 46)
            svg_text(out, "note", at, TOP - 14, SVG_MIDDLE,
                     k == 0 || campaign->n_power == 1 ? "h\xC2\xB2 = %s" : "%s",
                     decimal_fixed(campaign->power_heritability[k], 1, number));
        last = at;
    }
}

/* A line a target, largest r2 first as the rows are sorted by p. */
static void draw_lines(const struct page *page)
{
    enum { LEFT = 176 };
    const struct campaign *campaign = page->content->campaign;
    FILE *out = page->out;
    struct axis x = axis_of(page, LEFT);
    double base = TOP + LINE * (double)page->n_by_p + 6;
    svg_begin(out, WIDTH, base + 50, "r2 of each target, with the r2 to expect at three heritabilities");
    draw_expected(out, campaign, &x, base);
    svg_line(out, "reference", axis_at(&x, 0), TOP - 8, axis_at(&x, 0), base);
    for (size_t k = 0; k < page->n_by_p; k++) {
        const struct result_row *row = &page->content->rows[page->by_p[k]];
        double y = TOP + LINE * ((double)k + 0.5), r2 = row->value[RESULT_R2], sd = row->value[RESULT_R2_SD];
        bool is_found = row->value[RESULT_P_FWER] < 0.05;
        const double place[2] = {LEFT - 12, y + 4};
        svg_name(out, "name", place, SVG_END, row->target, NAME_CHARACTERS);
        svg_line(out, "grid", LEFT, y, RIGHT, y);
        if (!isnan(sd))
            svg_line(out, "spread", axis_at(&x, fmax(r2 - sd, x.low)), y, axis_at(&x, fmin(r2 + sd, x.high)),
                     y);
        svg_dot(out, is_found ? "point found" : "point", axis_at(&x, r2), y, 4.5, NULL);
    }
    axis_bottom(out, &x, base, "r\xC2\xB2");
    svg_end(out);
}

static void draw_many(const struct page *page)
{
    enum { LEFT = 56, BASE = 250 };
    FILE *out = page->out;
    struct axis x = axis_of(page, LEFT), y = {0, 1, BASE, TOP};
    struct histogram all, found;
    histogram_init(&all, x.low, x.high, BINS);
    found = all;
    for (size_t k = 0; k < page->n_by_p; k++) {
        histogram_add(&all, r2_of(page, k), 1);
        if (page->content->rows[page->by_p[k]].value[RESULT_P_FWER] < 0.05)
            histogram_add(&found, r2_of(page, k), 1);
    }
    y.high = 1.08 * histogram_largest(&all);
    svg_begin(out, WIDTH, BASE + 50,
              "Histogram of r2 over targets, with the r2 to expect at three heritabilities");
    axis_left(out, &y, LEFT, RIGHT, "targets");
    histogram_draw(out, "bar", &all, &x, &y);
    histogram_draw(out, "bar found", &found, &x, &y);
    draw_expected(out, page->content->campaign, &x, BASE);
    axis_bottom(out, &x, BASE, "r\xC2\xB2");
    svg_end(out);
}

static void write_caption(const struct page *page)
{
    const struct campaign *campaign = page->content->campaign;
    bool has_lines = page->n_by_p <= LINES_MOST;
    char number[DECIMAL_BYTES];
    fprintf(
        page->out, "<figcaption>%s%s",
        has_lines
            ? "Out-of-sample r<sup>2</sup> of each target, and its standard deviation over the outer folds"
            : "Out-of-sample r<sup>2</sup> of the targets",
        page->content->null != NULL ? "; strong where p<sub>fwer</sub> &lt; .05." : ".");
    for (size_t k = 0; k < campaign->n_power; k++)
        fprintf(page->out, "%s%s",
                k == 0                      ? " A study of this size can expect r<sup>2</sup> = "
                : k + 1 < campaign->n_power ? ", "
                                            : " and ",
                decimal_digits(campaign->expected_r2[k], 3, number));
    for (size_t k = 0; k < campaign->n_power; k++)
        fprintf(page->out, "%s%s",
                k == 0 ? ", in people related as these, of targets whose SNP heritability is "
                : k + 1 < campaign->n_power ? ", "
                                            : " and ",
                decimal_fixed(campaign->power_heritability[k], 1, number));
    if (campaign->n_power > 0)
        fprintf(page->out, " (lines); a heritability could be estimated here with a standard error of %s.",
                decimal_digits(campaign->heritability_error, 2, number));
    fputs("</figcaption>\n", page->out);
}

int section_power(struct page *page, struct error *err)
{
    if (page->n_by_p == 0)
        return 0;
    page_section(page, "power", "How much is predicted",
                 "r\xC2\xB2 is no heritability: it grows with the number of people, towards it.");
    fputs("<figure>\n", page->out);
    if (page->n_by_p <= LINES_MOST)
        draw_lines(page);
    else
        draw_many(page);
    write_caption(page);
    fputs("</figure>\n", page->out);
    return err->code;
}
