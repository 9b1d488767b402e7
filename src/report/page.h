/* The report: one HTML file that needs nothing else. */
#ifndef ARETE_REPORT_PAGE_H
#define ARETE_REPORT_PAGE_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "output/result_columns.h"
#include "report/null_sketch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What the report is of. Nothing is owned, and no input file is read again. */
struct page_content {
    const struct campaign *campaign; /* gram and residual are not looked at */
    const struct result_row *rows;   /* n_targets_all, in table order */
    int64_t n_permutations,
        n_done; /* of the whole study; fewer done: then rows have no p, and null is NULL */
    const struct null_sketch *null; /* finished */
    double limit;                   /* the score beyond which p_fwer < .05; NaN: no score is */
    double limit_log10p;            /* of a univariate model: -log10 p of that score; NaN: it has none */
    const char *name;               /* of the study */
    const char *folder;             /* where campaign and results are */
};

enum { PAGE_SECTIONS = 20 };

/* A page while its sections are written (sections.h). */
struct page {
    FILE *out;
    const struct page_content *content;
    size_t *by_p; /* rows with an r2: smallest p_fwer first, of equal ones smallest p, then largest r2 */
    size_t n_by_p;
    size_t *by_row; /* n_targets_all: the row's number among analysed targets */
    struct page_heading {
        const char *id, *title;
    } headings[PAGE_SECTIONS];
    size_t n_headings;
};

/* Whether it is of a univariate model, and whether that campaign keeps what only its report shows. */
bool page_is_univariate(const struct page *page);
bool page_has_associations(const struct page *page);

/* SNPs that the results are of: of a univariate model those that were tested, which are not quite those of K.
 */
int64_t page_snps(const struct campaign *campaign);

/* Begins a section, which ends with the next one or page_end. lead: one sentence below its title; or NULL. */
void page_section(struct page *page, const char *id, const char *title, const char *lead);

/* Whether what stands under the name, if anything, is a report: nothing else is replaced. */
int page_check(const char *path, struct error *err);

/* Replaces the file `path` (base/replace.h). */
int page_write(const char *path, const struct page_content *content, struct error *err);

#endif
