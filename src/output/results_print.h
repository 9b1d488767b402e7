/* The results for people: the most significant targets as a table that fits a terminal, their notes below. */
#ifndef ARETE_OUTPUT_RESULTS_PRINT_H
#define ARETE_OUTPUT_RESULTS_PRINT_H

#include "base/error.h"
#include "output/result_columns.h"

#include <stddef.h>
#include <stdio.h>

/* Prints at most `limit` rows, smallest p_fwer first. With `columns` > 0 no row of the table is wider:
 * columns of little weight are left out, then names are cut. A note stands once, below the table, and the
 * rows that it concerns have its letter. */
int results_print(FILE *out, const struct result_row *rows, size_t count, size_t limit, int columns,
                  struct error *err);

#endif
