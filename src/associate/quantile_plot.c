#include "associate/quantile_plot.h"

#include "associate/plot_file.h"
#include "report/axis.h"
#include "report/svg.h"

#include <math.h>

enum { WIDTH = 440, HEIGHT = 440, LEFT = 56, RIGHT = 424, TOP = 56, BASE = 382 };

static void draw_points(FILE *out, const struct quantile_plot *plot, const struct axis *x,
                        const struct axis *y)
{
    const double apart = 1.5;
    double last_x = -HUGE_VAL, last_y = -HUGE_VAL;
    for (size_t k = 0; k < plot->count; k++) {
        double at_x = axis_at(x, plot->points[k].expected), at_y = axis_at(y, plot->points[k].observed);
        if (fabs(at_x - last_x) < apart && fabs(at_y - last_y) < apart)
            continue;
        svg_dot(out, "point", at_x, at_y, 2, NULL);
        last_x = at_x;
        last_y = at_y;
    }
}

int quantile_plot_write(const struct quantile_plot *plot, const char *path, struct error *err)
{
    static const double size[2] = {WIDTH, HEIGHT};
    struct replace replace;
    if (plot_file_open(&replace, path, size, plot->title, err) != 0)
        return err->code;
    FILE *out = replace.file;
    double most_x = plot->count > 0 ? plot->points[0].expected : 1,
           most_y = fmax(plot->count > 0 ? plot->points[0].observed : 1, most_x);
    struct axis x = {0, 1.06 * most_x, LEFT, RIGHT}, y = {0, 1.06 * most_y, BASE, TOP};
    double both = fmin(x.high, y.high);
    svg_text(out, "title", LEFT, 22, SVG_START, "%s", plot->title);
    axis_left(out, &y, LEFT, RIGHT, "observed \xE2\x88\x92log\xE2\x82\x81\xE2\x82\x80 p");
    svg_line(out, "reference", axis_at(&x, 0), axis_at(&y, 0), axis_at(&x, both), axis_at(&y, both));
    draw_points(out, plot, &x, &y);
    svg_text(out, "label", LEFT + 12, TOP + 18, SVG_START, "%s", plot->what);
    if (!isnan(plot->lambda))
        svg_text(out, "label", LEFT + 12, TOP + 36, SVG_START, "\xCE\xBB GC = %.3f%s", plot->lambda,
                 plot->is_median ? ", the median over targets" : "");
    axis_bottom(out, &x, BASE, "\xE2\x88\x92log\xE2\x82\x81\xE2\x82\x80 p expected without any effect");
    return plot_file_close(&replace, err);
}
