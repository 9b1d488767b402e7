/* The picture of a Manhattan plot: which of its pixels have a SNP. */
#ifndef ARETE_ASSOCIATE_MANHATTAN_H
#define ARETE_ASSOCIATE_MANHATTAN_H

#include "base/error.h"
#include "input/genotypes/variants.h"
#include "report/manhattan_plot.h"

struct manhattan {
    const struct variants *variants;
    const double *log10p; /* of every variant: -log10 p; NaN: not tested */
    const char *title;
    struct manhattan_line lines[MANHATTAN_LINES]; /* what is over the first is a peak, with its name */
};

/* Room for all of its values and lines. However many SNPs there are, a place of the picture is marked once.
 * Freed by manhattan_free, also after an error. */
int manhattan_make(struct manhattan_picture *picture, const struct manhattan *manhattan, struct error *err);
void manhattan_free(struct manhattan_picture *picture);

/* Draws a picture into a file, which is replaced; it stays under a few hundred kB. */
int manhattan_write_picture(const struct manhattan_picture *picture, const char *title,
                            const struct manhattan_line lines[MANHATTAN_LINES], const char *path,
                            struct error *err);
/* Both. */
int manhattan_write(const struct manhattan *manhattan, const char *path, struct error *err);

#endif
