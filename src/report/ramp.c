#include "report/ramp.h"

#include <math.h>

enum { STOPS = 5 };

/* Equal steps of share; each next one is lighter. */
static const double stop[][STOPS][3] = {
    [RAMP_HEAT] = {{120, 10, 40}, {205, 35, 40}, {245, 110, 30}, {255, 185, 60}, {255, 245, 190}},
    [RAMP_COLD] = {{25, 45, 120}, {25, 100, 165}, {30, 155, 175}, {110, 205, 160}, {230, 245, 180}},
};

void ramp_color(enum ramp ramp, double share, uint8_t color[3])
{
    double at = fmin(fmax(share, 0), 1) * (STOPS - 1);
    int below = (int)fmin(floor(at), STOPS - 2);
    for (int k = 0; k < 3; k++)
        color[k] = (uint8_t)lround(stop[ramp][below][k] +
                                   (at - below) * (stop[ramp][below + 1][k] - stop[ramp][below][k]));
}

void ramp_bar(FILE *out, enum ramp ramp, const char *id, const double box[4])
{
    fprintf(out, "<linearGradient id=\"ramp-%s\">", id);
    for (int k = 0; k < STOPS; k++)
        fprintf(out, "<stop offset=\"%d%%\" stop-color=\"rgb(%.0f,%.0f,%.0f)\"/>", 100 * k / (STOPS - 1),
                stop[ramp][k][0], stop[ramp][k][1], stop[ramp][k][2]);
    fprintf(out,
            "</linearGradient>\n<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\" "
            "fill=\"url(#ramp-%s)\"/>\n",
            box[0], box[1], box[2], box[3], id);
}
