/* Colours for values, and the bar that tells which is which. */
#ifndef ARETE_REPORT_RAMP_H
#define ARETE_REPORT_RAMP_H

#include <stdint.h>
#include <stdio.h>

enum ramp { RAMP_HEAT, RAMP_COLD };

/* share: 0 to 1; red, green, blue. */
void ramp_color(enum ramp ramp, double share, uint8_t color[3]);

/* A bar of an SVG picture, from the color of `from` at its left to that of 1. box: left, top, width, height.
 * id: of the picture, once in a page. */
void ramp_bar(FILE *out, enum ramp ramp, const char *id, const double box[4]);

#endif
