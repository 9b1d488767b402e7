/* results.tsv: one row a target, in the order of the targets table, a target that could not be analysed with
 * NA and the reason. */
#ifndef ARETE_OUTPUT_RESULTS_H
#define ARETE_OUTPUT_RESULTS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct result_row {
    const char *target;
    int32_t n;        /* subjects with a value */
    bool analysed;    /* else every number below is NA */
    double r2, r2_sd; /* mean over outer folds (float64 path), sd over them; NaN = NA */
    double r;         /* pooled correlation of target and prediction beyond the covariates */
    double penalty;   /* median over outer folds */
    double at_edge;   /* share of outer folds that chose the smallest or the largest penalty */
    double p, p_fwer, q_fdr;
    const char *note; /* "" = nothing to say */
};

/* Writes <path>.tmp, fsyncs, renames it to path, fsyncs the folder. */
int results_write(const char *path, const struct result_row *rows, size_t count, struct error *err);

/* Prints at most `limit` rows for people: aligned columns, smallest p_fwer first. */
void results_print(FILE *out, const struct result_row *rows, size_t count, size_t limit);

#endif
