#include "report/sections.h"

#include "base/amount.h"
#include "report/html.h"

/* A filter, with a bar as long as what is left of `start`. */
static void write_filter(FILE *out, const char *why, int64_t dropped, int64_t left, int64_t start)
{
    char lost[AMOUNT_BYTES], rest[AMOUNT_BYTES];
    fputs("<tr><th scope=\"row\" class=\"text\">", out);
    html_text(out, why);
    fprintf(out,
            "</th><td>%s</td><td>%s</td><td class=\"bar\"><span style=\"width:%.2f%%\"></span></td></tr>\n",
            dropped >= 0 ? amount_exact(dropped, lost) : "", amount_exact(left, rest),
            start > 0 ? 100.0 * (double)left / (double)start : 0.0);
}

static int64_t start_of(const struct campaign_filter *filters, size_t count, int64_t kept)
{
    return count > 0 ? filters[0].left + filters[0].dropped : kept;
}

/* The head of a list of filters, and these. */
static void begin_flow(FILE *out, const char *what, const struct campaign_filter *filters, size_t count,
                       int64_t start)
{
    char left[AMOUNT_BYTES];
    fprintf(
        out,
        "<table class=\"flow\"><caption>%s</caption>\n<thead><tr><th scope=\"col\" class=\"text\">step</th>"
        "<th scope=\"col\">dropped</th><th scope=\"col\">left</th><td></td></tr></thead>\n<tbody>"
        "<tr><th scope=\"row\" class=\"text\">read</th><td></td><td>%s</td><td class=\"bar\"><span style=\"width:100%%\"></span></td></tr>\n",
        what, amount_exact(start, left));
    for (size_t k = 0; k < count; k++)
        write_filter(out, filters[k].why, filters[k].dropped, filters[k].left, start);
}

static void end_flow(FILE *out, int64_t kept)
{
    char left[AMOUNT_BYTES];
    fprintf(
        out,
        "</tbody><tfoot><tr><th scope=\"row\" class=\"text\">analysed</th><td></td><td>%s</td><td></td></tr></tfoot></table>\n",
        amount_exact(kept, left));
}

static void write_people(FILE *out, const struct campaign *campaign)
{
    int64_t n = (int64_t)campaign->n;
    begin_flow(out, "People", campaign->subject_filter, campaign->n_subject_filters,
               start_of(campaign->subject_filter, campaign->n_subject_filters, n));
    end_flow(out, n);
}

/* The filters are those of K. One by one SNPs are judged again among the people who stay, by which some may
 * come back too. */
static void write_snps(FILE *out, const struct campaign *campaign)
{
    int64_t start = start_of(campaign->snp_filter, campaign->n_snp_filters, campaign->n_snps),
            tested = page_snps(campaign);
    begin_flow(out, "SNPs", campaign->snp_filter, campaign->n_snp_filters, start);
    if (tested != campaign->n_snps)
        write_filter(out, "judged again among these people, and beyond the covariates",
                     campaign->n_snps - tested, tested, start);
    end_flow(out, tested);
}

int section_flow(struct page *page, struct error *err)
{
    page_section(page, "flow", "Who was kept", NULL);
    write_people(page->out, page->content->campaign);
    write_snps(page->out, page->content->campaign);
    return err->code;
}
