#include "report/sections.h"

#include "base/amount.h"
#include "config/study_key.h"
#include "report/decimal.h"
#include "report/html.h"

#include <math.h>
#include <string.h>

/* What the paragraph may cite, in the order in which it does. */
enum reference {
    GRM,
    RIDGE,
    FRISCH,
    DEVLIN,
    FREEDMAN,
    WINKLER,
    ORBITS,
    PHIPSON,
    WESTFALL,
    NICHOLS,
    BENJAMINI,
    REFERENCES
};
static const char *const references[REFERENCES] = {
    [GRM] =
        "Yang J et al. (2010). Common SNPs explain a large proportion of the heritability for human height. Nature Genetics 42:565.",
    [RIDGE] =
        "Hoerl AE, Kennard RW (1970). Ridge regression: biased estimation for nonorthogonal problems. Technometrics 12:55.",
    [FRISCH] =
        "Frisch R, Waugh FV (1933). Partial time regressions as compared with individual trends. Econometrica 1:387.",
    [DEVLIN] = "Devlin B, Roeder K (1999). Genomic control for association studies. Biometrics 55:997.",
    [FREEDMAN] =
        "Freedman D, Lane D (1983). A nonstochastic interpretation of reported significance levels. Journal of Business & Economic Statistics 1:292.",
    [WINKLER] =
        "Winkler AM et al. (2014). Permutation inference for the general linear model. NeuroImage 92:381.",
    [ORBITS] = "Hemerik J, Goeman J (2018). Exact testing with random permutations. TEST 27:811.",
    [PHIPSON] =
        "Phipson B, Smyth GK (2010). Permutation P-values should never be zero. Statistical Applications in Genetics and Molecular Biology 9:39.",
    [WESTFALL] = "Westfall PH, Young SS (1993). Resampling-Based Multiple Testing. Wiley.",
    [NICHOLS] =
        "Nichols TE, Holmes AP (2002). Nonparametric permutation tests for functional neuroimaging. Human Brain Mapping 15:1.",
    [BENJAMINI] =
        "Benjamini Y, Hochberg Y (1995). Controlling the false discovery rate. Journal of the Royal Statistical Society B 57:289.",
};

static bool is_set(const struct campaign *campaign, const char *key, const char *value)
{
    return study_key_is(campaign->yaml, "model", key, value);
}

static void write_model(FILE *out, const struct campaign *campaign)
{
    char n[AMOUNT_BYTES], p[AMOUNT_BYTES], t[AMOUNT_BYTES];
    const char *scale =
        is_set(campaign, "scale", "sample") || study_key_is(campaign->yaml, "genotypes", "scale", "sample")
            ? "its sample standard deviation"
        : study_key_is(campaign->yaml, "genotypes", "scale", "none")
            ? NULL
            : "the standard deviation expected from its allele frequency";
    html_print(out,
               "How much %s SNPs together predict of %s target%s was measured in %s people with arete %s. "
               "Allele counts of each SNP were centred%s%s, a missing call being its mean. ",
               amount_exact(campaign->n_snps, p), amount_exact((int64_t)campaign->n_targets, t),
               campaign->n_targets == 1 ? "" : "s", amount_exact((int64_t)campaign->n, n),
               campaign->arete_version, scale != NULL ? " and divided by " : "", scale != NULL ? scale : "");
    html_print(
        out,
        "Each target was fitted by ridge regression (Hoerl and Kennard, 1970) on all SNPs at once, in its dual form on the "
        "genetic relationship matrix (Yang et al., 2010)");
}

void section_methods_covariates(FILE *out, const struct campaign *campaign)
{
    const char *unpenalised = campaign->model == NULL ? "unpenalised " : "";
    size_t count = campaign->n_covariates - 1;
    if (count == 0) {
        fprintf(out, ", with an %sintercept. ", unpenalised);
        return;
    }
    fprintf(out, ", with an intercept and %zu %scovariate%s", count, unpenalised, count == 1 ? "" : "s");
    for (size_t k = 1; count <= 12 && k < campaign->n_covariates; k++) {
        fputs(k == 1 ? " (" : ", ", out);
        html_text(out, campaign->covariate_name[k]);
    }
    fputs(count <= 12 ? "). " : ". ", out);
}

static void write_validation(FILE *out, const struct campaign *campaign)
{
    bool pooled = is_set(campaign, "score", "pooled-r2"),
         test_mean = is_set(campaign, "baseline", "test-mean");
    html_print(
        out,
        "Prediction was measured by nested cross-validation: %zu outer folds, and inside each training set %d inner folds in which "
        "the penalty with the smallest mean squared error was chosen for each target",
        campaign->n_outer, (int)campaign->n_inner);
    if (campaign->n_penalties > 1)
        html_print(out, ", among %zu from \xCE\xBB = %.3g to %.3g", campaign->n_penalties,
                   campaign->penalty[0], campaign->penalty[campaign->n_penalties - 1]);
    html_print(
        out,
        ". The score is out-of-sample r\xC2\xB2 (%s), one minus the squared error of the fit with SNPs over that of %s. ",
        pooled ? "all outer folds together" : "the mean over outer folds",
        test_mean ? "the mean of the test set" : "the covariates alone, fitted in the same training set");
}

static size_t count_blocks(const struct campaign *campaign)
{
    int32_t most = 0;
    for (size_t i = 0; i < campaign->n; i++)
        most = campaign->exchangeability[i] > most ? campaign->exchangeability[i] : most;
    return (size_t)most + 1;
}

void section_methods_permutations(FILE *out, const struct page_content *content)
{
    const struct campaign *campaign = content->campaign;
    size_t n_blocks = count_blocks(campaign);
    char amount[AMOUNT_BYTES], orbits[AMOUNT_BYTES], blocks[AMOUNT_BYTES];
    amount_exact(content->n_permutations, amount);
    html_print(
        out,
        "%s tested by %s permutations of the targets beyond the covariates (Freedman and Lane, 1983; Winkler et al., 2014)",
        campaign->model != NULL ? "The best SNPs were" : "It was", amount);
    if (campaign_has_orbits(campaign) && campaign->n_shifts > 1)
        html_print(
            out,
            ", made as %s orbits of %zu cyclic shifts of random arrangements (after Hemerik and Goeman, 2018)",
            amount_exact(campaign_orbits(campaign, content->n_permutations), orbits), campaign->n_shifts);
    if (n_blocks > 1)
        html_print(out, ", people changing places only inside %s exchangeability blocks",
                   amount_exact((int64_t)n_blocks, blocks));
}

static void write_scores(FILE *out)
{
    html_print(
        out,
        "; each permutation repeats the choice of the penalty, the fit and the score. p-values count the data as they are "
        "(Phipson and Smyth, 2010); family-wise ones compare with the largest score of all targets in each permutation "
        "(Westfall and Young, 1993; Nichols and Holmes, 2002); false discovery rates are those of Benjamini and Hochberg (1995). ");
}

static void write_found(FILE *out, const struct page *page)
{
    size_t n_found = 0;
    double best = -INFINITY;
    char number[DECIMAL_BYTES];
    for (size_t k = 0; k < page->n_by_p; k++) {
        const double *value = page->content->rows[page->by_p[k]].value;
        if (!(value[RESULT_P_FWER] < 0.05))
            continue;
        n_found++;
        best = fmax(best, value[RESULT_R2]);
    }
    if (page->content->n_done < page->content->n_permutations)
        fputs("(The permutations of this run are not finished.)", out);
    else if (n_found == 0)
        html_print(out, "No target was predicted at family-wise p < .05.");
    else
        html_print(out, "%zu target%s predicted at family-wise p < .05, with r\xC2\xB2 up to %s.", n_found,
                   n_found == 1 ? " was" : "s were", decimal_digits(best, 3, number));
}

static void write_ridge(struct page *page)
{
    FILE *out = page->out;
    const struct campaign *campaign = page->content->campaign;
    write_model(out, campaign);
    section_methods_covariates(out, campaign);
    write_validation(out, campaign);
    section_methods_permutations(out, page->content);
    write_scores(out);
    write_found(out, page);
}

/* Whether the paragraph cites it. */
static bool is_cited(const struct page *page, int reference)
{
    const struct campaign *campaign = page->content->campaign;
    switch (reference) {
    case GRM:
    case RIDGE:
    case NICHOLS:
    case BENJAMINI:
        return !page_is_univariate(page);
    case FRISCH:
        return page_is_univariate(page);
    case DEVLIN:
        return page_has_associations(page) && !isnan(campaign->lambda_median);
    case ORBITS:
        return campaign_has_orbits(campaign) && campaign->n_shifts > 1 && page->content->n_permutations > 0;
    default:
        return page->content->n_permutations > 0;
    }
}

int section_methods(struct page *page, struct error *err)
{
    FILE *out = page->out;
    page_section(page, "methods", "Methods", "To paste, with this study's numbers.");
    fputs("<div class=\"paste\" id=\"paragraph\"><p>", out);
    if (page_is_univariate(page))
        section_methods_univariate(page);
    else
        write_ridge(page);
    fputs("</p>\n<ul class=\"references\">\n", out);
    for (int k = 0; k < REFERENCES; k++) {
        if (!is_cited(page, k))
            continue;
        fputs("<li>", out);
        html_text(out, references[k]);
        fputs("</li>\n", out);
    }
    fputs(
        "</ul></div>\n<p><button type=\"button\" class=\"copy\" data-copies=\"paragraph\" hidden>Copy the paragraph</button></p>\n",
        out);
    return err->code;
}
