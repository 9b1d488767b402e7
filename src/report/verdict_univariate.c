#include "report/verdict_univariate.h"

#include "base/amount.h"
#include "output/association_rows.h"
#include "report/decimal.h"
#include "report/html.h"

#include <math.h>

#define FOUND 0.05

enum { NAME_CHARACTERS = 60 };

static void write_name(FILE *out, const char *name)
{
    fputs("<strong class=\"name\">", out);
    html_short(out, name, NAME_CHARACTERS);
    fputs("</strong>", out);
}

/* The target whose best SNP has the smallest p: a row. */
static size_t best_of(const struct page *page)
{
    const struct campaign *campaign = page->content->campaign;
    size_t best = page->by_p[0];
    for (size_t k = 1; k < page->n_by_p; k++)
        if (campaign->best_log_p[page->by_row[page->by_p[k]]] < campaign->best_log_p[page->by_row[best]])
            best = page->by_p[k];
    return best;
}

static int64_t count_hits(const struct campaign *campaign)
{
    int64_t count = 0;
    for (size_t t = 0; t < campaign->n_targets; t++)
        count += campaign->n_hits[t];
    return count;
}

/* "The smallest p is 3.2e-21 (rs123 and amygdala); 3,021 pairs of a SNP and a target have p <= 1e-05." */
static void write_pairs(const struct page *page)
{
    FILE *out = page->out;
    const struct campaign *campaign = page->content->campaign;
    char count[AMOUNT_BYTES], p[ASSOCIATION_P_BYTES];
    size_t best = best_of(page), t = page->by_row[best];
    int64_t n_hits = count_hits(campaign);
    fprintf(out, "The smallest p is <strong>%s</strong> (",
            association_rows_p(campaign->best_log_p[t], 3, p));
    write_name(out, campaign->best_variant[t]);
    fputs(" and ", out);
    write_name(out, page->content->rows[best].target);
    fprintf(out, "); <strong>%s</strong> pair%s of a SNP and a target %s p &le; %g.",
            amount_exact(n_hits, count), n_hits == 1 ? "" : "s", n_hits == 1 ? "has" : "have",
            campaign->report_p);
}

/* Of permutations. */
static void write_found(const struct page *page)
{
    FILE *out = page->out;
    const struct result_row *rows = page->content->rows;
    char found[AMOUNT_BYTES], tested[AMOUNT_BYTES], number[DECIMAL_BYTES];
    size_t n_found = 0;
    for (size_t k = 0; k < page->n_by_p; k++)
        n_found += rows[page->by_p[k]].value[RESULT_P_FWER] < FOUND;
    amount_exact((int64_t)page->n_by_p, tested);
    if (n_found == 0)
        fprintf(out,
                "<strong>None of %s</strong> target%s has a SNP that can be told from chance: the smallest "
                "p<sub>fwer</sub> is %s. ",
                tested, page->n_by_p == 1 ? "" : "s",
                decimal_p(rows[page->by_p[0]].value[RESULT_P_FWER], number));
    else
        fprintf(out,
                "<strong>%s of %s</strong> target%s %s a SNP that chance does not explain "
                "(p<sub>fwer</sub>&nbsp;&lt;&nbsp;.05). ",
                amount_exact((int64_t)n_found, found), tested, page->n_by_p == 1 ? "" : "s",
                n_found == 1 ? "has" : "have");
}

void verdict_univariate_write(const struct page *page)
{
    if (page->n_by_p == 0)
        fputs("<strong>No target</strong> has a p-value.", page->out);
    else if (page->content->null != NULL)
        write_found(page);
    if (page->n_by_p > 0 && page_has_associations(page))
        write_pairs(page);
    else if (page->n_by_p > 0)
        fputs(
            "The campaign does not keep each target's best SNP: it is of an older arete; targets.tsv has it.",
            page->out);
}
