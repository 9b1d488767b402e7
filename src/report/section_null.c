#include "report/sections.h"

#include "base/amount.h"
#include "report/decimal.h"
#include "report/histogram.h"
#include "report/html.h"
#include "report/svg.h"

#include <math.h>

enum { WIDTH = 720, LEFT = 56, RIGHT = 704, BINS = 60, RUG_MOST = 400, LABELS_MOST = 5, LABEL_PIXELS = 110 };
#define FOUND 0.05

/* The score that p compares: of everybody, values that were filled in included. */
static double score_of(const struct page *page, size_t row)
{
    const struct campaign *campaign = page->content->campaign;
    const double *scores = campaign->r2_everybody != NULL ? campaign->r2_everybody : campaign->r2;
    return scores[page->by_row[row]];
}

/* Observed scores as marks above the plot, the largest with their names. */
static void draw_observed(const struct page *page, const struct axis *x, double y)
{
    double placed[LABELS_MOST];
    size_t n_placed = 0;
    FILE *out = page->out;
    for (size_t k = 0; k < page->n_by_p && k < RUG_MOST; k++) {
        const struct result_row *row = &page->content->rows[page->by_p[k]];
        double at = axis_at(x, score_of(page, page->by_p[k]));
        bool is_found = row->value[RESULT_P_FWER] < FOUND, has_room = n_placed < LABELS_MOST && is_found;
        svg_line(out, is_found ? "mark found" : "mark", at, y, at, y + 16);
        for (size_t j = 0; j < n_placed; j++)
            has_room &= fabs(placed[j] - at) > LABEL_PIXELS;
        if (!has_room)
            continue;
        placed[n_placed++] = at;
        const double place[2] = {fmin(fmax(at, LEFT + 20), RIGHT), y - 6};
        svg_name(out, "name", place, at > (LEFT + RIGHT) / 2.0 ? SVG_END : SVG_MIDDLE, row->target, 18);
    }
}

/* The score beyond which p_fwer is small. */
static void draw_limit(const struct page *page, const struct axis *x, double top, double base)
{
    double at = axis_at(x, page->content->limit);
    char number[DECIMAL_BYTES];
    bool is_right = at > RIGHT - 150;
    if (isnan(at))
        return;
    svg_line(page->out, "limit", at, top - 8, at, base);
    svg_text(page->out, "note", is_right ? at - 6 : at + 6, top + 6, is_right ? SVG_END : SVG_START,
             "p_fwer < .05 beyond %s", decimal_above(page->content->limit, 3, number));
}

static void add_to_bars(void *context, double value, double count)
{
    histogram_add(context, value, count);
}

static void draw_maxima(const struct page *page)
{
    enum { TOP = 62, BASE = 250, HEIGHT = 300 };
    const struct null_maxima *maxima = &page->content->null->maxima;
    double low = (double)maxima->smallest, high = (double)maxima->largest;
    double least = low, most = high;
    for (size_t k = 0; k < page->n_by_p && k < RUG_MOST; k++) {
        most = fmax(most, score_of(page, page->by_p[k]));
        least = fmin(least, score_of(page, page->by_p[k]));
    }
    double room = fmax(0.03 * (most - least), 1e-6);
    struct axis x = {least - room, most + room, LEFT, RIGHT}, y = {0, 1, BASE, TOP};
    struct histogram bars;
    histogram_init(&bars, low, high + 1e-9, BINS);
    null_maxima_each(maxima, add_to_bars, &bars);
    y.high = 1.08 * histogram_largest(&bars);
    FILE *out = page->out;
    svg_begin(out, WIDTH, HEIGHT,
              "Histogram of the largest score of each permutation, with the observed scores above it");
    axis_left(out, &y, LEFT, RIGHT, "permutations");
    histogram_draw(out, "bar", &bars, &x, &y);
    axis_bottom(out, &x, BASE, "score (r\xC2\xB2)");
    draw_limit(page, &x, TOP, BASE);
    draw_observed(page, &x, 24);
    svg_end(out);
}

static void write_maxima(const struct page *page)
{
    const struct page_content *content = page->content;
    char amount[AMOUNT_BYTES], number[DECIMAL_BYTES];
    fputs("<figure>\n", page->out);
    draw_maxima(page);
    fprintf(
        page->out,
        "<figcaption>The largest score of all targets in each of %s permutations (bars), and the observed scores "
        "(marks above; strong where p<sub>fwer</sub> &lt; .05).",
        amount_exact(content->null->maxima.count, amount));
    if (!isnan(content->limit))
        fprintf(page->out, " Fewer than one permutation in twenty goes beyond %s.",
                decimal_above(content->limit, 3, number));
    fputs("</figcaption>\n</figure>\n", page->out);
}

/* Where a chosen target's scores lie: bins with the first and the last of them. */
static void range_of(const uint32_t *counts, size_t *first, size_t *last)
{
    *first = 0;
    *last = NULL_SKETCH_BINS - 1;
    while (*first < *last && counts[*first] == 0)
        ++*first;
    while (*last > *first && counts[*last] == 0)
        --*last;
}

static void draw_own(const struct page *page, size_t chosen, const struct result_row *row, size_t i)
{
    enum { TOP = 30, BASE = 170, HEIGHT = 220 };
    const uint32_t *counts = page->content->null->counts + chosen * NULL_SKETCH_BINS;
    size_t first, last;
    range_of(counts, &first, &last);
    double half = 1.0 / NULL_SKETCH_BINS, low = null_sketch_middle(first) - half,
           high = null_sketch_middle(last) + half;
    double score = score_of(page, i), room = 0.03 * (fmax(high, score) - fmin(low, score));
    struct axis x = {fmin(low, score) - room, fmax(high, score) + room, LEFT, RIGHT}, y = {0, 1, BASE, TOP};
    struct histogram bars;
    /* bars of as many whole bins each */
    size_t span = last - first + 1, of_bar = (span + BINS - 1) / BINS, n_bars = (span + of_bar - 1) / of_bar;
    histogram_init(&bars, low, low + 2 * half * (double)(n_bars * of_bar), n_bars);
    for (size_t b = first; b <= last; b++)
        histogram_add(&bars, null_sketch_middle(b), counts[b]);
    y.high = 1.08 * histogram_largest(&bars);
    FILE *out = page->out;
    svg_begin(out, WIDTH, HEIGHT,
              "Histogram of this target's scores under permutation, with the observed score");
    axis_left(out, &y, LEFT, RIGHT, "permutations");
    histogram_draw(out, "bar", &bars, &x, &y);
    axis_bottom(out, &x, BASE, "score (r\xC2\xB2)");
    double at = axis_at(&x, score);
    char number[DECIMAL_BYTES], p[DECIMAL_BYTES];
    svg_line(out, "observed", at, TOP - 14, at, BASE);
    bool is_right = at > (LEFT + RIGHT) / 2.0;
    svg_text(out, "note found", is_right ? at - 6 : at + 6, TOP - 4, is_right ? SVG_END : SVG_START,
             "observed %s, p = %s", decimal_digits(score, 3, number), decimal_p(row->value[RESULT_P], p));
    svg_end(out);
}

/* The chosen targets, smallest p first. */
static void write_own(const struct page *page)
{
    const struct null_sketch *null = page->content->null;
    FILE *out = page->out;
    fputs("<h3>One target's own permutations</h3>\n<div class=\"choice\">\n", out);
    for (size_t k = 0; k < page->n_by_p; k++) {
        size_t i = page->by_p[k];
        for (size_t c = 0; c < null->n_chosen; c++) {
            if (null->chosen[c] != page->by_row[i])
                continue;
            const struct result_row *row = &page->content->rows[i];
            fputs("<figure data-name=\"", out);
            html_text(out, row->target);
            fputs("\">\n<p class=\"subject\">", out);
            html_text(out, row->target);
            fputs("</p>\n", out);
            draw_own(page, c, row, i);
            fputs("</figure>\n", out);
        }
    }
    fputs("</div>\n", out);
}

int section_null(struct page *page, struct error *err)
{
    const struct null_sketch *null = page->content->null;
    if (null == NULL || null->maxima.count == 0 || page->n_by_p == 0)
        return 0;
    page_section(page, "null", "Chance",
                 page_is_univariate(page)
                     ? "How much of a target the best of all SNPs explains where none has an effect."
                     : "What prediction looks like where there is nothing to predict.");
    write_maxima(page);
    if (null->n_chosen > 0)
        write_own(page);
    return err->code;
}
