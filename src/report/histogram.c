#include "report/histogram.h"

#include "report/svg.h"

#include <math.h>

void histogram_init(struct histogram *histogram, double low, double high, size_t n_bins)
{
    double width = (high - low) / (double)n_bins;
    *histogram = (struct histogram){.low = low, .width = width > 0 ? width : 1, .n_bins = n_bins};
}

void histogram_add(struct histogram *histogram, double value, double count)
{
    double bin = floor((value - histogram->low) / histogram->width), last = (double)histogram->n_bins - 1;
    histogram->count[(size_t)fmin(fmax(bin, 0), last)] += count;
}

double histogram_largest(const struct histogram *histogram)
{
    double largest = 0;
    for (size_t k = 0; k < histogram->n_bins; k++)
        largest = fmax(largest, histogram->count[k]);
    return largest;
}

void histogram_draw(FILE *out, const char *class, const struct histogram *histogram, const struct axis *x,
                    const struct axis *y)
{
    svg_path_begin(out, class);
    for (size_t k = 0; k < histogram->n_bins; k++) {
        if (histogram->count[k] <= 0)
            continue;
        double left = axis_at(x, histogram->low + (double)k * histogram->width);
        double right = axis_at(x, histogram->low + (double)(k + 1) * histogram->width);
        double gap = right - left > 4 ? 1 : 0, top = axis_at(y, histogram->count[k]);
        svg_path_to(out, 'M', left, axis_at(y, 0));
        svg_path_to(out, 'L', left, top);
        svg_path_to(out, 'L', right - gap, top);
        svg_path_to(out, 'L', right - gap, axis_at(y, 0));
    }
    svg_path_end(out);
}
