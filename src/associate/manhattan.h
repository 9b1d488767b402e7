/* A Manhattan plot: -log10 p of every SNP along the genome. */
#ifndef ARETE_ASSOCIATE_MANHATTAN_H
#define ARETE_ASSOCIATE_MANHATTAN_H

#include "base/error.h"
#include "input/genotypes/variants.h"

/* A line across the plot. */
struct manhattan_line {
    double log10p; /* -log10 of p; not over 0, or NaN: no line */
    const char *label;
};

enum { MANHATTAN_LINES = 3 };

struct manhattan {
    const struct variants *variants;
    const double *log10p; /* of every variant: -log10 p; NaN: not tested */
    const char *title;
    struct manhattan_line lines[MANHATTAN_LINES]; /* what is over the first is a peak, with its name */
};

/* Replaces the file. However many SNPs there are, it stays under a few hundred kB: a place of the picture is
 * drawn once, a column of them in one stroke. */
int manhattan_write(const struct manhattan *manhattan, const char *path, struct error *err);

#endif
