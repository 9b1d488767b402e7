/* A Manhattan plot from its picture: -log10 p of every SNP along the genome, as pixels that are marked. */
#ifndef ARETE_REPORT_MANHATTAN_PLOT_H
#define ARETE_REPORT_MANHATTAN_PLOT_H

#include "checkpoint/campaign.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Of the whole plot, pixels. */
enum { MANHATTAN_PLOT_WIDTH = 1000, MANHATTAN_PLOT_HEIGHT = 400 };

/* What a pixel of the picture is: nothing, a SNP of an odd or of an even chromosome, one over the first line.
 */
enum { MANHATTAN_NONE, MANHATTAN_ODD, MANHATTAN_EVEN, MANHATTAN_OVER, MANHATTAN_CLASSES };

/* As a campaign keeps it. Whoever makes it says who owns it. */
struct manhattan_picture {
    uint8_t *marks; /* CAMPAIGN_MANHATTAN_ROWS x CAMPAIGN_MANHATTAN_COLUMNS, the uppermost row first */
    double most;    /* -log10 p at its upper end; 0 is the lower */
    struct campaign_place *chromosome; /* names below it */
    size_t n_chromosomes;
    struct campaign_place *peak; /* names in it; up: -log10 p */
    size_t n_peaks;
};

/* A line across the plot. */
struct manhattan_line {
    double log10p; /* -log10 of p; not over 0, over the picture, or NaN: no line */
    const char *label;
};

enum { MANHATTAN_LINES = 3 };

/* The row of the picture that a value stands in. */
int manhattan_plot_row(double log10p, double most);

/* Draws it into a picture of its size that was begun. title: above it; or NULL. */
void manhattan_plot_draw(FILE *out, const struct manhattan_picture *picture, const char *title,
                         const struct manhattan_line lines[MANHATTAN_LINES]);

#endif
