#include "report/sections.h"

#include "base/amount.h"
#include "output/association_rows.h"
#include "report/decimal.h"
#include "report/html.h"

#include <math.h>

static void write_model(FILE *out, const struct campaign *campaign)
{
    char n[AMOUNT_BYTES], p[AMOUNT_BYTES], t[AMOUNT_BYTES];
    html_print(
        out,
        "Each of %s SNPs was tested for association with each of %s target%s in %s people, one by one, by "
        "linear regression with arete %s: allele counts, a missing call being its SNP's mean",
        amount_exact(page_snps(campaign), p), amount_exact((int64_t)campaign->n_targets, t),
        campaign->n_targets == 1 ? "" : "s", amount_exact((int64_t)campaign->n, n), campaign->arete_version);
}

static void write_test(FILE *out, const struct campaign *campaign)
{
    html_print(
        out,
        "SNPs and targets were residualised on these (Frisch and Waugh, 1933); p-values are two-sided, of "
        "Student's t. ");
    if (campaign->best_variant != NULL && !isnan(campaign->lambda_median))
        html_print(out, "The genomic inflation factor (Devlin and Roeder, 1999) was %.3g%s. ",
                   campaign->lambda_median, campaign->n_targets > 1 ? ", the median over targets" : "");
}

static void write_found(const struct page *page)
{
    FILE *out = page->out;
    char limit[ASSOCIATION_P_BYTES];
    size_t n_found = 0;
    for (size_t k = 0; k < page->n_by_p; k++)
        n_found += page->content->rows[page->by_p[k]].value[RESULT_P_FWER] < 0.05;
    html_print(out, "%zu of %zu target%s had a SNP with family-wise p < .05", n_found, page->n_by_p,
               page->n_by_p == 1 ? "" : "s");
    if (!isnan(page->content->limit_log10p))
        html_print(out, ", which is p < %s of Student's t",
                   association_rows_limit(-M_LN10 * page->content->limit_log10p, limit));
    fputs(".", out);
}

void section_methods_univariate(const struct page *page)
{
    FILE *out = page->out;
    write_model(out, page->content->campaign);
    section_methods_covariates(out, page->content->campaign);
    write_test(out, page->content->campaign);
    if (page->content->n_permutations == 0)
        return;
    section_methods_permutations(out, page->content);
    html_print(
        out,
        "; in each permutation the largest r\xC2\xB2 of any SNP was kept for every target. p-values count the data "
        "as they are (Phipson and Smyth, 2010); family-wise ones compare with the best pair of all SNPs and "
        "targets in each permutation (Westfall and Young, 1993). ");
    if (page->content->n_done < page->content->n_permutations)
        fputs("(The permutations of this run are not finished.)", out);
    else
        write_found(page);
}
