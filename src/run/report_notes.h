/* What the notes of the results add to those that a campaign keeps: what only a target's numbers, or the
 * number of permutations, can tell. */
#ifndef ARETE_RUN_REPORT_NOTES_H
#define ARETE_RUN_REPORT_NOTES_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "output/result_columns.h"

#include <stdbool.h>
#include <stddef.h>

/* A target with a p_fwer below this can be predicted. */
#define REPORT_NOTES_FOUND 0.05
/* More of a target's values than this, filled in, are worth a note. */
#define REPORT_NOTES_FILLED 0.05

enum report_edge { REPORT_EDGE_SMALLEST, REPORT_EDGE_LARGEST, REPORT_EDGES };

struct report_notes {
    const struct campaign *campaign;
    bool few_possible;              /* fewer different permutations than were made */
    bool gives_penalties;           /* the study names penalties, not heritabilities */
    bool is_pooled;                 /* its score is pooled-r2 */
    size_t n_at_edge[REPORT_EDGES]; /* targets found whose penalty is nearly always that end of the grid */
};

int report_notes_begin(struct report_notes *notes, const struct campaign *campaign, int64_t n_permutations,
                       struct error *err);

/* The whole note of a target, to be freed. target: among all; t: among the analysed; row: its numbers. */
char *report_notes_of(struct report_notes *notes, size_t target, size_t t, const struct result_row *row,
                      struct error *err);

/* The study file's key of the grid of penalties. */
const char *report_notes_grid_key(const struct report_notes *notes);

/* Three decimals of a number, of a small one two digits, one below 1 as the field writes it: ".061",
 * "-.0004". Returns text. */
enum { REPORT_NOTES_DECIMAL = 64 };
const char *report_notes_decimal(double value, char text[REPORT_NOTES_DECIMAL]);

#endif
