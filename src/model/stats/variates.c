#include "model/stats/variates.h"

#include <math.h>

double variates_uniform(struct random_stream *stream)
{
    return ((double)random_word(stream) + 0.5) * 0x1p-32;
}

/* 53 bits, so that the tails reach as far as doubles do. */
static double fine_uniform(struct random_stream *stream)
{
    uint64_t high = random_word(stream), low = random_word(stream);
    return ((double)(high << 20 | low >> 12) + 0.5) * 0x1p-52;
}

static void normal_pair(struct random_stream *stream, double pair[2])
{
    static const double TWO_PI = 6.283185307179586;
    double radius = sqrt(-2 * log(fine_uniform(stream))), angle = TWO_PI * variates_uniform(stream);
    pair[0] = radius * cos(angle);
    pair[1] = radius * sin(angle);
}

void variates_normals(struct random_stream *stream, double *values, size_t count)
{
    double pair[2] = {0, 0};
    for (size_t k = 0; k < count; k++) {
        if (k % 2 == 0)
            normal_pair(stream, pair);
        values[k] = pair[k % 2];
    }
}

uint32_t variates_geometric(struct random_stream *stream, double log_failure)
{
    if (isinf(log_failure))
        return 1;
    double trials = 1 + floor(log(variates_uniform(stream)) / log_failure);
    return trials < (double)UINT32_MAX ? (uint32_t)trials : UINT32_MAX;
}

/* Gamma with parameter a > 0 and scale 1. */
static double gamma_variate(struct random_stream *stream, double a)
{
    double boost = a < 1 ? pow(variates_uniform(stream), 1 / a) : 1;
    double d = (a < 1 ? a + 1 : a) - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double pair[2];
        normal_pair(stream, pair);
        double v = 1 + c * pair[0];
        v = v * v * v;
        if (v > 0 && log(variates_uniform(stream)) < pair[0] * pair[0] / 2 + d * (1 - v + log(v)))
            return boost * d * v;
    }
}

double variates_beta(struct random_stream *stream, double a, double b)
{
    double x = gamma_variate(stream, a), y = gamma_variate(stream, b);
    return x + y > 0 ? x / (x + y) : a / (a + b);
}
