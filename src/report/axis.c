#include "report/axis.h"

#include "report/svg.h"

#include <math.h>

enum { PIXELS_A_TICK_ACROSS = 70, PIXELS_A_TICK_UP = 34 };

double axis_at(const struct axis *axis, double value)
{
    return axis->from + (value - axis->low) / (axis->high - axis->low) * (axis->to - axis->from);
}

struct axis_ticks axis_ticks(double low, double high, int most)
{
    static const double round[] = {1, 2, 5, 10};
    double least = (high - low) / (most > 1 ? most : 1), power = pow(10, floor(log10(least))),
           step = 10 * power;
    for (int k = 3; k >= 0; k--)
        if (round[k] * power >= least * (1 - 1e-9))
            step = round[k] * power;
    struct axis_ticks ticks = {.first = ceil(low / step - 1e-9) * step, .step = step};
    double count = floor((high - ticks.first) / step + 1e-9) + 1;
    if (!(count >= 0 && count <= 2.0 * most + 2)) /* not between numbers, or too close to each other */
        return (struct axis_ticks){0};
    ticks.count = (int)count;
    ticks.decimals = (int)fmax(0, -floor(log10(step) + 1e-9));
    return ticks;
}

const char *axis_text(double value, int decimals, char text[AXIS_TEXT_BYTES])
{
    double shown = fabs(value) < 0.5 * pow(10, -decimals) ? 0 : value;
    snprintf(text, AXIS_TEXT_BYTES, "%s%.*f", shown < 0 ? "\xE2\x88\x92" : "", decimals, fabs(shown));
    return text;
}

void axis_bottom(FILE *out, const struct axis *axis, double y, const char *label)
{
    struct axis_ticks ticks =
        axis_ticks(axis->low, axis->high, (int)fabs(axis->to - axis->from) / PIXELS_A_TICK_ACROSS);
    char text[AXIS_TEXT_BYTES];
    svg_line(out, "axis", axis->from, y, axis->to, y);
    for (int k = 0; k < ticks.count; k++) {
        double value = ticks.first + k * ticks.step, x = axis_at(axis, value);
        svg_line(out, "axis", x, y, x, y + 4);
        svg_text(out, "tick", x, y + 18, SVG_MIDDLE, "%s", axis_text(value, ticks.decimals, text));
    }
    svg_text(out, "label", (axis->from + axis->to) / 2, y + 38, SVG_MIDDLE, "%s", label);
}

void axis_left(FILE *out, const struct axis *axis, double x, double x_right, const char *label)
{
    struct axis_ticks ticks =
        axis_ticks(axis->low, axis->high, (int)fabs(axis->to - axis->from) / PIXELS_A_TICK_UP);
    char text[AXIS_TEXT_BYTES];
    for (int k = 0; k < ticks.count; k++) {
        double value = ticks.first + k * ticks.step, y = axis_at(axis, value);
        svg_line(out, "grid", x, y, x_right, y);
        svg_text(out, "tick", x - 8, y + 4, SVG_END, "%s", axis_text(value, ticks.decimals, text));
    }
    svg_text(out, "label", x, fmin(axis->from, axis->to) - 10, SVG_START, "%s", label);
}
