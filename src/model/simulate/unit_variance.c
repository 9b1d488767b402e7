#include "model/simulate/unit_variance.h"

#include <math.h>

bool unit_variance_scale(double *values, size_t count, size_t stride)
{
    static const double ROUNDING = 1e-18; /* of a squared number near 1, and room */
    double mean = 0, squares = 0;
    for (size_t i = 0; i < count; i++)
        mean += values[i * stride] / (double)count;
    for (size_t i = 0; i < count; i++)
        squares += (values[i * stride] - mean) * (values[i * stride] - mean);
    double variance = squares / (double)count;
    bool varies = variance > ROUNDING * (1 + mean * mean);
    for (size_t i = 0; i < count; i++)
        values[i * stride] = varies ? (values[i * stride] - mean) / sqrt(variance) : 0;
    return varies;
}
