#include "report/sections.h"

#include "base/amount.h"
#include "report/html.h"

/* One list of filters: a row each, with a bar as long as what is left. */
static void write_flow(FILE *out, const char *what, const struct campaign_filter *filters, size_t count,
                       int64_t kept)
{
    char dropped[AMOUNT_BYTES], left[AMOUNT_BYTES];
    int64_t start = count > 0 ? filters[0].left + filters[0].dropped : kept;
    fprintf(
        out,
        "<table class=\"flow\"><caption>%s</caption>\n<thead><tr><th scope=\"col\" class=\"text\">step</th>"
        "<th scope=\"col\">dropped</th><th scope=\"col\">left</th><td></td></tr></thead>\n<tbody>"
        "<tr><th scope=\"row\" class=\"text\">read</th><td></td><td>%s</td><td class=\"bar\"><span style=\"width:100%%\"></span></td></tr>\n",
        what, amount_exact(start, left));
    for (size_t k = 0; k < count; k++) {
        fputs("<tr><th scope=\"row\" class=\"text\">", out);
        html_text(out, filters[k].why);
        fprintf(
            out,
            "</th><td>%s</td><td>%s</td><td class=\"bar\"><span style=\"width:%.2f%%\"></span></td></tr>\n",
            amount_exact(filters[k].dropped, dropped), amount_exact(filters[k].left, left),
            start > 0 ? 100.0 * (double)filters[k].left / (double)start : 0.0);
    }
    fprintf(
        out,
        "</tbody><tfoot><tr><th scope=\"row\" class=\"text\">analysed</th><td></td><td>%s</td><td></td></tr></tfoot></table>\n",
        amount_exact(kept, left));
}

int section_flow(struct page *page, struct error *err)
{
    const struct campaign *campaign = page->content->campaign;
    page_section(page, "flow", "Who was kept", NULL);
    write_flow(page->out, "People", campaign->subject_filter, campaign->n_subject_filters,
               (int64_t)campaign->n);
    write_flow(page->out, "SNPs", campaign->snp_filter, campaign->n_snp_filters, campaign->n_snps);
    return err->code;
}
