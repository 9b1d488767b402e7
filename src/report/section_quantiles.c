#include "report/sections.h"

#include "base/memory.h"
#include "report/axis.h"
#include "report/decimal.h"
#include "report/svg.h"

#include <math.h>
#include <stdlib.h>

/* As many points as a plot can show: of more targets all of the smallest p, and of the others those that are
 * a pixel and a half apart. */
enum { LEAST_TARGETS = 10, WIDTH = 420, HEIGHT = 400, LEFT = 56, RIGHT = 404, TOP = 30, BASE = 346 };
static const double pixels_apart = 1.5;

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* p of all targets that have one, ascending; the caller's. */
static double *sorted_p(const struct page *page, size_t *count, struct error *err)
{
    double *p = memory_zeroed(page->n_by_p, sizeof *p, "the report", err);
    *count = 0;
    for (size_t k = 0; p != NULL && k < page->n_by_p; k++) {
        double value = page->content->rows[page->by_p[k]].value[RESULT_P];
        if (!isnan(value))
            p[(*count)++] = value;
    }
    if (p != NULL)
        qsort(p, *count, sizeof *p, compare);
    return p;
}

static void draw_points(FILE *out, const double *p, size_t count, const struct axis *x, const struct axis *y)
{
    double last_x = -HUGE_VAL, last_y = -HUGE_VAL;
    for (size_t k = 0; k < count; k++) {
        double at_x = axis_at(x, -log10(((double)k + 0.5) / (double)count)), at_y = axis_at(y, -log10(p[k]));
        if (fabs(at_x - last_x) < pixels_apart && fabs(at_y - last_y) < pixels_apart)
            continue;
        svg_dot(out, "point", at_x, at_y, 2.5, NULL);
        last_x = at_x;
        last_y = at_y;
    }
}

static void draw(FILE *out, const double *p, size_t count, double least_p)
{
    double most_x = -log10(0.5 / (double)count), most_y = fmax(-log10(least_p), most_x);
    struct axis x = {0, fmax(1.06 * most_x, 0.5), LEFT, RIGHT}, y = {0, fmax(1.06 * most_y, 0.5), BASE, TOP};
    double both = fmin(x.high, y.high);
    char number[DECIMAL_BYTES];
    svg_begin(out, WIDTH, HEIGHT, "Observed against expected p-values, as minus their logarithms");
    axis_left(out, &y, LEFT, RIGHT, "observed \xE2\x88\x92log\xE2\x82\x81\xE2\x82\x80 p");
    svg_line(out, "reference", axis_at(&x, 0), axis_at(&y, 0), axis_at(&x, both), axis_at(&y, both));
    double floor_y = axis_at(&y, -log10(least_p));
    svg_line(out, "limit", LEFT, floor_y, RIGHT, floor_y);
    svg_text(out, "note", RIGHT, floor_y - 6, SVG_END, "smallest possible p, %s", decimal_p(least_p, number));
    draw_points(out, p, count, &x, &y);
    axis_bottom(out, &x, BASE, "\xE2\x88\x92log\xE2\x82\x81\xE2\x82\x80 p expected without any effect");
    svg_end(out);
}

int section_quantiles(struct page *page, struct error *err)
{
    size_t count = 0;
    double *p = sorted_p(page, &count, err);
    if (err->code == 0 && count >= LEAST_TARGETS) {
        /* The observed score is one of those counted: of permutations in orbits it is among them. */
        double extra = campaign_has_orbits(page->content->campaign) ? 0 : 1;
        page_section(page, "quantiles", "p-values", NULL);
        fputs("<figure class=\"small\">\n", page->out);
        draw(page->out, p, count, 1 / ((double)page->content->n_permutations + extra));
        fputs(
            "<figcaption>Each point is a target. Without any effect they follow the line; targets of one person move "
            "together, so that all of them may leave it a little at once.</figcaption>\n</figure>\n",
            page->out);
    }
    free(p);
    return err->code;
}
