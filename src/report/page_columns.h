/* The columns of the report's table: those of the results that have a number somewhere, and of a univariate
 * model those of each target's best SNP. */
#ifndef ARETE_REPORT_PAGE_COLUMNS_H
#define ARETE_REPORT_PAGE_COLUMNS_H

#include "output/result_columns.h"
#include "report/page.h"

#include <stdbool.h>
#include <stddef.h>

/* Of the best SNP; numbers go on after those of enum result_id. */
enum page_column {
    PAGE_VARIANT = RESULT_COLUMNS,
    PAGE_POSITION,
    PAGE_ALLELE,
    PAGE_BETA,
    PAGE_ERROR,
    PAGE_P_VALUE,
    PAGE_HITS,
    PAGE_LAMBDA,
    PAGE_COLUMNS
};

struct page_columns {
    int id[PAGE_COLUMNS]; /* enum result_id or page_column, in the order of the table */
    size_t count;
};

struct page_columns page_columns_of(const struct page *page);

const char *page_columns_name(const struct page *page, int id);
const char *page_columns_meaning(const struct page *page, int id);
bool page_columns_is_text(int id);

/* What row i of the page's content has in a column that is neither its name nor its note. The text is valid
 * as long as `cell` and the campaign. */
const char *page_columns_cell(const struct page *page, int id, size_t i, char cell[RESULT_CELL_BYTES]);

#endif
