/* The rows of the results, computed from a campaign: the numbers of every column of
 * output/result_columns.h. */
#ifndef ARETE_RUN_REPORT_ROWS_H
#define ARETE_RUN_REPORT_ROWS_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "output/result_columns.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A target with a p_fwer below this can be predicted. */
#define REPORT_ROWS_FOUND 0.05

enum report_edge { REPORT_EDGE_SMALLEST, REPORT_EDGE_LARGEST, REPORT_EDGES };

/* One row a target of the campaign, analysed or not, in table order. Names point into the campaign. */
struct report_rows {
    struct result_row *rows;
    char **notes; /* owned; rows[i].note is notes[i] */
    size_t count;
    size_t n_at_edge[REPORT_EDGES]; /* targets found whose penalty is nearly always that end of the grid */
    bool gives_penalties;           /* whether the study names penalties, not heritabilities */
};

/* Which permutations count: the first n_permutations; with orbits, of the orbits that these take, those that
 * are done (done: which units; NULL: all of them). */
struct report_extent {
    int64_t n_permutations;
    const bool *done;
};

int report_rows_compute(struct report_rows *rows, const struct campaign *campaign,
                        const struct campaign_units *units, const struct report_extent *extent,
                        struct error *err);
void report_rows_free(struct report_rows *rows);

/* The study file's key of the grid of penalties. */
const char *report_rows_grid_key(const struct report_rows *rows);

#endif
