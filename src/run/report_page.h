/* report.html of a campaign, or associations.html of one of arete associate, from the rows of its table. */
#ifndef ARETE_RUN_REPORT_PAGE_H
#define ARETE_RUN_REPORT_PAGE_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "report/null_sketch.h"
#include "run/report_rows.h"

#include <stdint.h>

/* Of a univariate model: both commands may have one output folder. */
#define REPORT_PAGE_ASSOCIATIONS "associations.html"

/* Its name in the folder of `beside`; the caller's to free. model: the campaign's. */
char *report_page_path(const char *beside, const char *model, struct error *err);

/* Replaces `path`. The study is called after its own output folder, wherever the campaign is. null: of a
 * finished campaign; else NULL, and rows have no p. n_done of n_permutations are done. */
int report_page_write(const char *path, const struct campaign *campaign, const struct report_rows *rows,
                      const struct null_sketch *null, int64_t n_done, int64_t n_permutations,
                      struct error *err);

#endif
