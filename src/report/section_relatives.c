#include "report/sections.h"

#include "base/amount.h"
#include "report/axis.h"
#include "report/svg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 720, LEFT = 64, RIGHT = 704, TOP = 30, BASE = 190, HEIGHT = 240 };
enum { SIDE = 420, SIDE_RIGHT = 400, SIDE_BASE = 350, SIDE_HEIGHT = 400, PEOPLE_MOST = 3000 };
#define RELATED 0.1 /* as relatives are warned of */

/* The axis of counts: powers of ten, 1 a step above the ground, so that single pairs are to be seen. */
static double height_of(int64_t count)
{
    return count > 0 ? 1 + log10((double)count) : 0;
}

static void draw_counts(FILE *out, const struct axis *y)
{
    char text[AMOUNT_BYTES];
    int64_t count = 1;
    svg_text(out, "label", LEFT, TOP - 12, SVG_START, "pairs");
    for (int power = 0; 1 + power <= y->high; power++, count *= 10) {
        double at = axis_at(y, 1 + power);
        svg_line(out, "grid", LEFT, at, RIGHT, at);
        svg_text(out, "tick", LEFT - 8, at + 4, SVG_END, "%s", amount_exact(count, text));
    }
}

static void draw_pairs(FILE *out, const struct campaign *campaign, size_t first, size_t last)
{
    double step = campaign->related_step, low = campaign->related_low, tallest = 1;
    for (size_t b = first; b <= last; b++)
        tallest = fmax(tallest, height_of(campaign->related_pairs[b]));
    struct axis x = {fmin(low + step * (double)first, 0), fmax(low + step * (double)(last + 1), 0.15), LEFT,
                     RIGHT},
                y = {0, tallest * 1.04, BASE, TOP};
    svg_begin(out, WIDTH, HEIGHT, "Histogram of the relatedness of all pairs of people");
    draw_counts(out, &y);
    for (size_t b = first; b <= last; b++) {
        double from = axis_at(&x, low + step * (double)b), to = axis_at(&x, low + step * (double)(b + 1)),
               top = axis_at(&y, height_of(campaign->related_pairs[b]));
        bool is_related = low + step * (double)b >= RELATED - 1e-9;
        if (campaign->related_pairs[b] > 0)
            svg_rect(out, is_related ? "bar found" : "bar",
                     (const double[]){from, top, to - from, BASE - top}, NULL);
    }
    svg_line(out, "limit", axis_at(&x, RELATED), TOP - 8, axis_at(&x, RELATED), BASE);
    axis_bottom(out, &x, BASE, "relatedness (.5: siblings, parent and child; 1: the same genes)");
    svg_end(out);
}

static void write_pairs(FILE *out, const struct campaign *campaign)
{
    size_t first = 0, last = campaign->n_related_bins - 1;
    char text[AMOUNT_BYTES];
    int64_t n_related = 0;
    while (first < last && campaign->related_pairs[first] == 0)
        first++;
    while (last > first && campaign->related_pairs[last] == 0)
        last--;
    for (size_t b = first; b <= last; b++)
        if (campaign->related_low + campaign->related_step * (double)b >= RELATED - 1e-9)
            n_related += campaign->related_pairs[b];
    fputs("<figure>\n", out);
    draw_pairs(out, campaign, first, last);
    fprintf(
        out,
        "<figcaption>Relatedness of all pairs, whatever their ancestry: %s pairs beyond the dashed line at "
        ".1 (first cousins and closer; or chance, where SNPs are few).</figcaption>\n</figure>\n",
        amount_exact(n_related, text));
}

static const double *covariate(const struct campaign *campaign, const char *name)
{
    for (size_t k = 0; k < campaign->n_covariates; k++)
        if (strcmp(campaign->covariate_name[k], name) == 0)
            return campaign->covariates + k;
    return NULL;
}

static struct axis range_of(const struct campaign *campaign, const double *values, double from, double to)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < campaign->n; i++) {
        low = fmin(low, values[i * campaign->n_covariates]);
        high = fmax(high, values[i * campaign->n_covariates]);
    }
    double room = fmax(0.04 * (high - low), 1e-9);
    return (struct axis){low - room, high + room, from, to};
}

static void write_components(FILE *out, const struct campaign *campaign, const double *first,
                             const double *second)
{
    size_t step = (campaign->n + PEOPLE_MOST - 1) / PEOPLE_MOST, c = campaign->n_covariates;
    struct axis x = range_of(campaign, first, LEFT, SIDE_RIGHT),
                y = range_of(campaign, second, SIDE_BASE, TOP);
    fputs("<figure class=\"small\">\n", out);
    svg_begin(out, SIDE, SIDE_HEIGHT, "People by the first two genetic principal components");
    axis_left(out, &y, LEFT, SIDE_RIGHT, "PC2");
    axis_bottom(out, &x, SIDE_BASE, "PC1");
    svg_path_begin(out, "cloud");
    for (size_t i = 0; i < campaign->n; i += step) {
        svg_path_to(out, 'M', axis_at(&x, first[i * c]), axis_at(&y, second[i * c]));
        fputs("h0", out);
    }
    svg_path_end(out);
    svg_end(out);
    fputs(
        "<figcaption>People by the first two genetic principal components, which are covariates.</figcaption>\n"
        "</figure>\n",
        out);
}

int section_relatives(struct page *page, struct error *err)
{
    const struct campaign *campaign = page->content->campaign;
    const double *first = covariate(campaign, "genetic_pc1"), *second = covariate(campaign, "genetic_pc2");
    if (first == NULL || second == NULL) { /* of the covariates' table */
        first = covariate(campaign, "PC1");
        second = covariate(campaign, "PC2");
    }
    bool has_pairs = campaign->n_related_bins > 0 && campaign->related_step > 0,
         has_components = first != NULL && second != NULL;
    if (!has_pairs && !has_components)
        return 0;
    page_section(page, "relatives", "Relatives and ancestry", NULL);
    if (has_pairs)
        write_pairs(page->out, campaign);
    if (has_components)
        write_components(page->out, campaign, first, second);
    return err->code;
}
