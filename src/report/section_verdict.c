#include "report/sections.h"

#include "base/amount.h"
#include "report/decimal.h"
#include "report/html.h"
#include "report/verdict_univariate.h"

#include <math.h>

/* A target with a p_fwer below this can be predicted (run/report_notes.h). */
#define FOUND 0.05

static void write_warnings(FILE *out, const struct campaign *campaign)
{
    if (campaign->n_warnings == 0)
        return;
    fprintf(out, "<div class=\"warnings\" role=\"note\"><h2>%zu warning%s to read first</h2>\n<ul>\n",
            campaign->n_warnings, campaign->n_warnings == 1 ? "" : "s");
    for (size_t k = 0; k < campaign->n_warnings; k++) {
        fputs("<li>", out);
        html_text(out, campaign->warning[k]);
        fputs("</li>\n", out);
    }
    fputs("</ul></div>\n", out);
}

static void write_target(FILE *out, const char *name)
{
    fputs(" (<strong class=\"name\">", out);
    html_short(out, name, 60);
    fputs("</strong>)", out);
}

static void write_unfinished(FILE *out, const struct page_content *content)
{
    char done[AMOUNT_BYTES], all[AMOUNT_BYTES];
    fprintf(out,
            "<strong>Not finished:</strong> %s of %s permutations are done. The scores below are final; "
            "%s come with the last permutation.",
            amount_exact(content->n_done, done), amount_exact(content->n_permutations, all),
            content->campaign->model == NULL ? "p&#8209;values" : "p&#8209;values of permutations");
}

static void write_found(FILE *out, const struct page *page)
{
    const struct result_row *rows = page->content->rows;
    size_t n_tested = 0, n_found = 0, best = page->n_by_p;
    for (size_t k = 0; k < page->n_by_p; k++) {
        const double *value = rows[page->by_p[k]].value;
        n_tested += isnan(value[RESULT_P_FWER]) ? 0 : 1;
        if (!(value[RESULT_P_FWER] < FOUND))
            continue;
        n_found++;
        if (best == page->n_by_p || value[RESULT_R2] > rows[page->by_p[best]].value[RESULT_R2])
            best = k;
    }
    char found[AMOUNT_BYTES], tested[AMOUNT_BYTES], number[DECIMAL_BYTES];
    amount_exact((int64_t)n_tested, tested);
    if (n_tested == 0) {
        fputs("<strong>No target</strong> has a p-value.", out);
    } else if (n_found == 0) {
        const struct result_row *first = &rows[page->by_p[0]];
        fprintf(
            out,
            "<strong>None of %s</strong> target%s can be told from chance: the smallest p<sub>fwer</sub> is %s",
            tested, n_tested == 1 ? "" : "s", decimal_p(first->value[RESULT_P_FWER], number));
        write_target(out, first->target);
        fputs(".", out);
    } else {
        const struct result_row *row = &rows[page->by_p[best]];
        fprintf(out,
                "SNPs predict <strong>%s of %s</strong> target%s in people who were not used for fitting "
                "(p<sub>fwer</sub>&nbsp;&lt;&nbsp;.05), with r<sup>2</sup> up to <strong>%s</strong>",
                amount_exact((int64_t)n_found, found), tested, n_tested == 1 ? "" : "s",
                decimal_digits(row->value[RESULT_R2], 3, number));
        write_target(out, row->target);
        fputs(".", out);
    }
}

static void write_fact(FILE *out, const char *name, int64_t value, const char *more)
{
    char text[AMOUNT_BYTES];
    fprintf(out, "<div><dt>%s</dt><dd>%s%s%s%s</dd></div>\n", name, amount_exact(value, text),
            more[0] != '\0' ? " <small>" : "", more, more[0] != '\0' ? "</small>" : "");
}

static void write_facts(FILE *out, const struct page_content *content)
{
    const struct campaign *campaign = content->campaign;
    char more[80], text[AMOUNT_BYTES];
    fputs("<dl class=\"facts\">\n", out);
    write_fact(out, "people", (int64_t)campaign->n, "");
    write_fact(out, "SNPs", page_snps(campaign), "");
    snprintf(more, sizeof more, "of %s", amount_exact((int64_t)campaign->n_targets_all, text));
    write_fact(out, "targets", (int64_t)campaign->n_targets,
               campaign->n_targets < campaign->n_targets_all ? more : "");
    write_fact(out, "covariates", (int64_t)campaign->n_covariates - 1, "");
    if (campaign->model == NULL) {
        snprintf(more, sizeof more, "outer, %d inner", (int)campaign->n_inner);
        write_fact(out, "folds", (int64_t)campaign->n_outer, more);
    }
    snprintf(more, sizeof more, "of %s", amount_exact(content->n_permutations, text));
    write_fact(out, "permutations", content->n_done, content->n_done < content->n_permutations ? more : "");
    fputs("</dl>\n", out);
}

int section_verdict(struct page *page, struct error *err)
{
    FILE *out = page->out;
    const struct page_content *content = page->content;
    fputs("<header>\n<h1>", out);
    html_text(out, content->name);
    fprintf(out, " <small>%s</small></h1>\n",
            page_is_univariate(page) ? "every SNP by every target"
                                     : "which parts of the brain can our genes predict?");
    write_warnings(out, content->campaign);
    fputs("<p class=\"verdict\">", out);
    if (content->n_done < content->n_permutations)
        write_unfinished(out, content);
    else if (page_is_univariate(page))
        verdict_univariate_write(page);
    else
        write_found(out, page);
    fputs("</p>\n", out);
    write_facts(out, content);
    fputs("</header>\n", out);
    return err->code;
}
