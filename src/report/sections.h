/* The sections of the report, one file each, in the order in which they stand. Each looks at the page's
 * content alone and leaves itself out where the campaign has nothing for it. */
#ifndef ARETE_REPORT_SECTIONS_H
#define ARETE_REPORT_SECTIONS_H

#include "base/error.h"
#include "report/page.h"

/* Warnings, one sentence of verdict, and the study's counts. */
int section_verdict(struct page *page, struct error *err);
/* Brain maps: slices of r2, p_fwer and penalty, where targets are images. */
int section_maps(struct page *page, struct error *err);
/* The table to sort, filter and copy; notes below it. */
int section_targets(struct page *page, struct error *err);
/* Manhattan and QQ plots of a univariate model. */
int section_snps(struct page *page, struct error *err);
/* The maximum of each permutation with the observed scores; and single targets' own nulls. */
int section_null(struct page *page, struct error *err);
/* Observed p against those of no effect. */
int section_quantiles(struct page *page, struct error *err);
/* r2 beside what a study of its size can expect. */
int section_power(struct page *page, struct error *err);
/* What was predicted of people beside what was observed, of a few targets. */
int section_predictions(struct page *page, struct error *err);
/* Which penalties were chosen, and how often the ends of the grid. */
int section_penalties(struct page *page, struct error *err);
/* People and SNPs that were kept and dropped. */
int section_flow(struct page *page, struct error *err);
/* How related people are, and the principal components that are covariates. */
int section_relatives(struct page *page, struct error *err);
/* Outer folds and exchangeability blocks. */
int section_folds(struct page *page, struct error *err);
/* What the workers did when, and the memory: where the run's trace lies beside the report. */
int section_timeline(struct page *page, struct error *err);
/* The study file and the files that were read. */
int section_study(struct page *page, struct error *err);
/* A paragraph to paste, with its references. */
int section_methods(struct page *page, struct error *err);
/* That paragraph of a univariate model, and sentences that both have: which covariates; which permutations,
 * without its end. */
void section_methods_univariate(const struct page *page);
void section_methods_covariates(FILE *out, const struct campaign *campaign);
void section_methods_permutations(FILE *out, const struct page_content *content);

#endif
