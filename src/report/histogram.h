/* Counts in bins of equal width, and their bars. */
#ifndef ARETE_REPORT_HISTOGRAM_H
#define ARETE_REPORT_HISTOGRAM_H

#include "report/axis.h"

#include <stddef.h>
#include <stdio.h>

enum { HISTOGRAM_MOST_BINS = 80 };

struct histogram {
    double low, width; /* bin k is low + k width ... */
    size_t n_bins;
    double count[HISTOGRAM_MOST_BINS];
};

/* Empty, over low ... high. */
void histogram_init(struct histogram *histogram, double low, double high, size_t n_bins);
/* What lies outside counts in the first or the last bin. */
void histogram_add(struct histogram *histogram, double value, double count);
double histogram_largest(const struct histogram *histogram);
/* One shape, standing on y's low end. */
void histogram_draw(FILE *out, const char *class, const struct histogram *histogram, const struct axis *x,
                    const struct axis *y);

#endif
