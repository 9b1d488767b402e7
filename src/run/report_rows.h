/* The rows of the results, computed from a campaign: the numbers of every column of
 * output/result_columns.h. */
#ifndef ARETE_RUN_REPORT_ROWS_H
#define ARETE_RUN_REPORT_ROWS_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "output/result_columns.h"
#include "report/null_sketch.h"
#include "run/report_notes.h"
#include "run/report_watch.h"

#include <stddef.h>
#include <stdint.h>

/* One row a target of the campaign, analysed or not, in table order. Names point into the campaign. */
struct report_rows {
    struct result_row *rows;
    char **texts; /* owned; rows[i].note is texts[i] */
    size_t count;
    struct report_notes notes;
};

/* Which permutations count: the first n_permutations; with orbits, of the orbits that these take, those that
 * are done (done: which units; NULL: all of them). sketch: gathers them for the report too; or NULL. watch:
 * where a run counts; or NULL. counted: p, p_fwer, q, and the standard errors of p and of p_fwer, T each,
 * where they have been counted before, sketch included; or NULL. */
struct report_extent {
    int64_t n_permutations;
    const bool *done;
    struct null_sketch *sketch;
    struct report_watch *watch;
    const double *counted;
};

/* A campaign that has no permutation to count yet: n_permutations 0, and rows without p. */
int report_rows_compute(struct report_rows *rows, const struct campaign *campaign,
                        const struct campaign_units *units, const struct report_extent *extent,
                        struct error *err);
void report_rows_free(struct report_rows *rows);

#endif
