#include "report/null_sketch.h"

#include "base/memory.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static const char what[] = "the report's null distribution";

/* The NULL_SKETCH_TARGETS largest r2, found one by one: there are few. */
static void choose(struct null_sketch *sketch, struct error *err)
{
    bool *taken = memory_zeroed(sketch->n_targets, sizeof *taken, what, err);
    for (size_t k = 0; taken != NULL && k < NULL_SKETCH_TARGETS; k++) {
        size_t best = sketch->n_targets;
        for (size_t t = 0; t < sketch->n_targets; t++)
            if (!taken[t] && !isnan(sketch->r2[t]) &&
                (best == sketch->n_targets || sketch->r2[t] > sketch->r2[best]))
                best = t;
        if (best == sketch->n_targets)
            break;
        taken[best] = true;
    }
    for (size_t t = 0; taken != NULL && t < sketch->n_targets; t++)
        if (taken[t])
            sketch->chosen[sketch->n_chosen++] = t;
    free(taken);
}

int null_sketch_init(struct null_sketch *sketch, const struct campaign *campaign, struct error *err)
{
    *sketch = (struct null_sketch){.r2 = campaign->r2, .n_targets = campaign->n_targets};
    choose(sketch, err);
    sketch->counts = memory_zeroed(sketch->n_chosen * NULL_SKETCH_BINS, sizeof *sketch->counts, what, err);
    return err->code;
}

void null_sketch_free(struct null_sketch *sketch)
{
    free(sketch->counts);
    free(sketch->maximum);
    *sketch = (struct null_sketch){0};
}

int null_sketch_add_maxima(struct null_sketch *sketch, const float *maximum, size_t count, struct error *err)
{
    float *grown =
        memory_grow(sketch->maximum, &sketch->capacity, sketch->n_maxima + count, sizeof *grown, what, err);
    if (grown == NULL)
        return err->code;
    sketch->maximum = grown;
    for (size_t k = 0; k < count; k++)
        if (isfinite(maximum[k]))
            sketch->maximum[sketch->n_maxima++] = maximum[k];
    return 0;
}

static size_t bin_of(float score)
{
    double bin = floor(((double)score + 1) * (NULL_SKETCH_BINS / 2));
    return bin < 0 ? 0 : bin >= NULL_SKETCH_BINS ? NULL_SKETCH_BINS - 1 : (size_t)bin;
}

void null_sketch_add_scores(struct null_sketch *sketch, size_t t, const float *scores, size_t count,
                            size_t stride)
{
    for (size_t c = 0; c < sketch->n_chosen; c++)
        for (size_t k = 0; sketch->chosen[c] == t && k < count; k++)
            if (!isnan(scores[k * stride]))
                sketch->counts[c * NULL_SKETCH_BINS + bin_of(scores[k * stride])]++;
}

int null_sketch_add_rows(struct null_sketch *sketch, const float *rows, size_t count, struct error *err)
{
    size_t n = sketch->n_targets;
    for (size_t c = 0; c < sketch->n_chosen; c++)
        null_sketch_add_scores(sketch, sketch->chosen[c], rows + sketch->chosen[c], count, n);
    for (size_t k = 0; k < count && err->code == 0; k++) {
        float maximum = -INFINITY;
        for (size_t t = 0; t < n; t++)
            if (!isnan(sketch->r2[t]) && rows[k * n + t] > maximum)
                maximum = rows[k * n + t];
        null_sketch_add_maxima(sketch, &maximum, 1, err);
    }
    return err->code;
}

static int compare_floats(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

double null_sketch_limit(struct null_sketch *sketch, double level, size_t n_data)
{
    if (sketch->n_maxima > 0)
        qsort(sketch->maximum, sketch->n_maxima, sizeof *sketch->maximum, compare_floats);
    /* so many maxima may still be as large */
    double allowed = ceil(level * (double)(sketch->n_maxima + n_data) - 1e-9) - 1 - (double)n_data;
    return allowed < 0 || sketch->n_maxima == 0
               ? NAN
               : (double)sketch->maximum[sketch->n_maxima - 1 - (size_t)allowed];
}

double null_sketch_middle(size_t bin)
{
    return ((double)bin + 0.5) / (NULL_SKETCH_BINS / 2) - 1;
}
