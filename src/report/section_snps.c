#include "report/sections.h"

#include "base/amount.h"
#include "output/association_rows.h"
#include "report/association_plot.h"
#include "report/svg.h"

#include <math.h>

static void write_manhattan(const struct page *page)
{
    const struct campaign *campaign = page->content->campaign;
    const struct manhattan_picture picture = association_plot_picture(campaign);
    struct manhattan_line lines[MANHATTAN_LINES];
    char shared[ASSOCIATION_PLOT_LABEL], count[AMOUNT_BYTES], limit[ASSOCIATION_P_BYTES];
    FILE *out = page->out;
    association_plot_lines(lines, campaign->n_targets, page->content->limit_log10p, shared);
    fputs("<figure class=\"untitled\">\n", out);
    svg_begin(out, MANHATTAN_PLOT_WIDTH, MANHATTAN_PLOT_HEIGHT,
              "Manhattan plot: the smallest p of each SNP along the genome");
    manhattan_plot_draw(out, &picture, NULL, lines);
    svg_end(out);
    if (campaign->n_targets > 1)
        fprintf(out, "<figcaption>The smallest p of each SNP over %s targets",
                amount_exact((int64_t)campaign->n_targets, count));
    else
        fputs("<figcaption>p of each SNP", out);
    if (!isnan(page->content->limit_log10p))
        fprintf(out, "; p<sub>fwer</sub> is under .05 where p is under %s",
                association_rows_limit(-M_LN10 * page->content->limit_log10p, limit));
    fputs(". A SNP over p = 5e-8 that has no larger one near has its name.</figcaption>\n</figure>\n", out);
}

static void write_quantiles(const struct page *page)
{
    char what[ASSOCIATION_PLOT_LABEL];
    const struct quantile_plot plot = association_plot_quantiles(page->content->campaign, what);
    FILE *out = page->out;
    fputs("<figure class=\"small untitled\">\n", out);
    svg_begin(out, QUANTILE_PLOT_WIDTH, QUANTILE_PLOT_HEIGHT,
              "Observed against expected p-values of all pairs, as minus their logarithms");
    quantile_plot_draw(out, &plot);
    svg_end(out);
    fputs(
        "<figcaption>Without any effect the points follow the line. A curve that leaves it early means that "
        "people are related or of several ancestries, or that very many SNPs have an effect.</figcaption>\n"
        "</figure>\n",
        out);
}

int section_snps(struct page *page, struct error *err)
{
    if (!page_has_associations(page))
        return 0;
    page_section(page, "snps", "SNPs", NULL);
    write_manhattan(page);
    write_quantiles(page);
    return err->code;
}
