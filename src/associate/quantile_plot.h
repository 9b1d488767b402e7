/* A QQ plot: -log10 p as observed against what is expected without any effect. */
#ifndef ARETE_ASSOCIATE_QUANTILE_PLOT_H
#define ARETE_ASSOCIATE_QUANTILE_PLOT_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct quantile_point {
    double expected, observed; /* -log10 p */
};

struct quantile_plot {
    const struct quantile_point *points; /* the largest first */
    size_t count;
    double lambda;
    bool is_median;           /* lambda: over several targets */
    const char *title, *what; /* what a point is */
};

/* Replaces the file. Of points that are no more than a pixel and a half apart one is drawn. */
int quantile_plot_write(const struct quantile_plot *plot, const char *path, struct error *err);

#endif
