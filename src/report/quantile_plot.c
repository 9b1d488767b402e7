#include "report/quantile_plot.h"

#include "report/axis.h"
#include "report/svg.h"

#include <math.h>

enum { LEFT = 56, RIGHT = 424, TOP = 56, BASE = 382 };

static void place(const struct quantile_point *points, size_t count, struct axis *x, struct axis *y)
{
    double most_x = count > 0 ? points[0].expected : 1,
           most_y = fmax(count > 0 ? points[0].observed : 1, most_x);
    *x = (struct axis){0, 1.06 * most_x, LEFT, RIGHT};
    *y = (struct axis){0, 1.06 * most_y, BASE, TOP};
}

size_t quantile_plot_thin(struct quantile_point *points, size_t count)
{
    const double apart = 1.5;
    double last_x = -HUGE_VAL, last_y = -HUGE_VAL;
    struct axis x, y;
    size_t n = 0;
    place(points, count, &x, &y);
    for (size_t k = 0; k < count; k++) {
        double at_x = axis_at(&x, points[k].expected), at_y = axis_at(&y, points[k].observed);
        if (fabs(at_x - last_x) < apart && fabs(at_y - last_y) < apart)
            continue;
        points[n++] = points[k];
        last_x = at_x;
        last_y = at_y;
    }
    return n;
}

void quantile_plot_draw(FILE *out, const struct quantile_plot *plot)
{
    struct axis x, y;
    place(plot->points, plot->count, &x, &y);
    double both = fmin(x.high, y.high);
    if (plot->title != NULL)
        svg_text(out, "title", LEFT, 22, SVG_START, "%s", plot->title);
    axis_left(out, &y, LEFT, RIGHT, "observed \xE2\x88\x92log\xE2\x82\x81\xE2\x82\x80 p");
    svg_line(out, "reference", axis_at(&x, 0), axis_at(&y, 0), axis_at(&x, both), axis_at(&y, both));
    for (size_t k = 0; k < plot->count; k++)
        svg_dot(out, "point", axis_at(&x, plot->points[k].expected), axis_at(&y, plot->points[k].observed), 2,
                NULL);
    svg_text(out, "label", RIGHT - 4, BASE - 28, SVG_END, "%s", plot->what);
    if (!isnan(plot->lambda))
        svg_text(out, "label", RIGHT - 4, BASE - 10, SVG_END, "\xCE\xBB GC = %.3g%s", plot->lambda,
                 plot->is_median ? ", the median over targets" : "");
    axis_bottom(out, &x, BASE, "\xE2\x88\x92log\xE2\x82\x81\xE2\x82\x80 p expected without any effect");
}
