/* Axes of a plot: where a value stands, round numbers to name, and the lines and labels. */
#ifndef ARETE_REPORT_AXIS_H
#define ARETE_REPORT_AXIS_H

#include <stdio.h>

/* Values low ... high stand at pixels from ... to. low < high. */
struct axis {
    double low, high, from, to;
};

double axis_at(const struct axis *axis, double value);

/* Round numbers inside low ... high: first + k step, k < count <= most, with so many decimals. None where low
 * and high are no numbers, or no step lies between them. */
struct axis_ticks {
    double first, step;
    int count, decimals;
};
struct axis_ticks axis_ticks(double low, double high, int most);

/* A number of an axis as text, with a true minus sign. */
enum { AXIS_TEXT_BYTES = 48 };
const char *axis_text(double value, int decimals, char text[AXIS_TEXT_BYTES]);

/* The axis below a plot, whose lower edge is y, with ticks and a label. */
void axis_bottom(FILE *out, const struct axis *axis, double y, const char *label);
/* The axis at the left, with grid lines to x_right. The label stands above it. */
void axis_left(FILE *out, const struct axis *axis, double x, double x_right, const char *label);

#endif
