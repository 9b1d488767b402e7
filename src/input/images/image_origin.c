#include "input/images/image_origin.h"

#include "base/compare.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { SAMPLE = 1001, OUTLYING = 20 /* at either end one in so many, and one more, does not count */ };

/* Whether float32 loses over a thousandth of what sorted numbers differ by, counted from `origin`: an origin
 * as good as another must stay, or last digits of trees would change. */
static bool loses(const double *sorted, size_t count, double origin)
{
    const double most = 1e-3;
    size_t first = count / OUTLYING + (count > 3), last = count - 1 - first;
    double lost = 0;
    for (size_t k = first; k < last; k++) {
        float low = (float)(sorted[k] - origin), high = (float)(sorted[k + 1] - origin);
        lost += fabs((double)high - (double)low - (sorted[k + 1] - sorted[k]));
    }
    return lost > most * (sorted[last] - sorted[first]);
}

double image_origin_of(const double *numbers, size_t count)
{
    double sample[SAMPLE];
    size_t n = count < SAMPLE ? count : SAMPLE;
    for (size_t k = 0; k < n; k++)
        sample[k] = numbers[k * count / n];
    qsort(sample, n, sizeof *sample, compare_doubles);
    return loses(sample, n, numbers[0]) ? sample[n / 2] : numbers[0];
}
