/* The columns of the results, in one table: results.tsv, the table on the screen, the maps and `arete results
 * --help` follow from it. A new column is an id here, its line in result_columns.c, and its computation in
 * run/report_rows.c. */
#ifndef ARETE_OUTPUT_RESULT_COLUMNS_H
#define ARETE_OUTPUT_RESULT_COLUMNS_H

#include "images/image_write.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum result_id { /* in the order of results.tsv */
                 RESULT_TARGET,
                 RESULT_N,
                 RESULT_N_MISSING,
                 RESULT_R2,
                 RESULT_R2_SD,
                 RESULT_R,
                 RESULT_PENALTY,
                 RESULT_AT_EDGE,
                 RESULT_P,
                 RESULT_P_SE,
                 RESULT_P_FWER,
                 RESULT_Q_FDR,
                 RESULT_X_MM,
                 RESULT_Y_MM,
                 RESULT_Z_MM,
                 RESULT_NOTE,
                 RESULT_COLUMNS
};

/* One target. */
struct result_row {
    const char *target;
    const char *note;             /* "" = nothing to say */
    double value[RESULT_COLUMNS]; /* of the columns of numbers; NaN = NA */
};

enum result_format {
    RESULT_TEXT,
    RESULT_COUNT,  /* a whole number */
    RESULT_SCORE,  /* six decimals are more than any sample settles, and the same in every row */
    RESULT_NUMBER, /* of any size */
    RESULT_SMALL   /* a number whose size says it all: a p-value; fewer digits on the screen */
};

/* A brain map of a column. */
struct result_map {
    const char *name; /* of the file, without .nii.gz; NULL = no map */
    const char *description;
    enum image_meaning meaning;
    bool minus_log10; /* of the value */
};

enum { RESULT_HEAVIEST = 9 }; /* the weight of a column that stays on the narrowest screen */

struct result_column {
    const char *name;
    enum result_format format;
    int screen_weight; /* 0: never on a screen; 1: the first to go where a screen is narrow */
    bool optional;     /* left out where no row has a number */
    struct result_map map;
    const char *recorded; /* the campaign's dataset that keeps this very number; NULL = computed */
    const char *meaning;  /* one line */
};

const struct result_column *result_column(enum result_id id);

/* Whether a table of these rows has the column. */
bool result_column_is_there(enum result_id id, const struct result_row *rows, size_t count);

/* NaN in every column. */
void result_row_clear(struct result_row *row);

/* What a column of texts has. */
const char *result_text(const struct result_row *row, enum result_id id);

/* A number of a row as text: as in results.tsv, or shorter for a screen. "NA" where it is NaN. */
enum { RESULT_CELL_BYTES = 352 }; /* %f of the largest double */
void result_cell(char cell[RESULT_CELL_BYTES], const struct result_row *row, enum result_id id,
                 bool for_screen);

/* What a map has of a row: 0 for NA. */
double result_map_value(const struct result_row *row, enum result_id id);

/* Name, meaning, dataset and map of every column, a line each. */
void result_columns_print(FILE *out);

#endif
