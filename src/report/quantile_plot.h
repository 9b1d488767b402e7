/* A QQ plot: -log10 p as observed against what is expected without any effect. */
#ifndef ARETE_REPORT_QUANTILE_PLOT_H
#define ARETE_REPORT_QUANTILE_PLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Of the whole plot, pixels. */
enum { QUANTILE_PLOT_WIDTH = 440, QUANTILE_PLOT_HEIGHT = 440 };

struct quantile_point {
    double expected, observed; /* -log10 p */
};

struct quantile_plot {
    const struct quantile_point *points; /* the largest first */
    size_t count;
    double lambda;
    bool is_median;    /* lambda: over several targets */
    const char *title; /* above it; or NULL */
    const char *what;  /* a point is */
};

/* Keeps of points that are no more than a pixel and a half apart the first; returns how many are left. */
size_t quantile_plot_thin(struct quantile_point *points, size_t count);

/* Draws it into a picture of its size that was begun. */
void quantile_plot_draw(FILE *out, const struct quantile_plot *plot);

#endif
