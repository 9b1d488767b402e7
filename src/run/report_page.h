/* report.html of a campaign, from the rows of its table. */
#ifndef ARETE_RUN_REPORT_PAGE_H
#define ARETE_RUN_REPORT_PAGE_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "report/null_sketch.h"
#include "run/report_rows.h"

#include <stdint.h>

/* "report.html" in the folder of `beside`; the caller's to free. */
char *report_page_path(const char *beside, struct error *err);

/* Replaces `path`. The study is called after the campaign's folder. null: of a finished campaign; else NULL,
 * and rows have no p. n_done of n_permutations are done. */
int report_page_write(const char *path, const struct campaign *campaign, const struct report_rows *rows,
                      struct null_sketch *null, int64_t n_done, int64_t n_permutations, struct error *err);

#endif
