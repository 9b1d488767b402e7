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
    null_maxima_init(&sketch->maxima, campaign_has_orbits(campaign) ? 0 : 1);
    choose(sketch, err);
    sketch->counts = memory_zeroed(sketch->n_chosen * NULL_SKETCH_BINS, sizeof *sketch->counts, what, err);
    return err->code;
}

void null_sketch_free(struct null_sketch *sketch)
{
    free(sketch->counts);
    null_maxima_free(&sketch->maxima);
    *sketch = (struct null_sketch){0};
}

int null_sketch_add_maxima(struct null_sketch *sketch, const float *maximum, size_t count, struct error *err)
{
    return null_maxima_add(&sketch->maxima, maximum, count, err);
}

static size_t bin_of(float score)
{
    double bin = floor(((double)score + 1) * (NULL_SKETCH_BINS / 2));
    return bin < 0 ? 0 : bin >= NULL_SKETCH_BINS ? NULL_SKETCH_BINS - 1 : (size_t)bin;
}

void null_sketch_add_scores(struct null_sketch *sketch, size_t t, const float *scores, size_t count,
                            size_t stride)
{
    for (size_t c = 0; c < sketch->n_chosen && sketch->maxima.again == NULL; c++)
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

int null_sketch_finish(struct null_sketch *sketch, bool *again, struct error *err)
{
    *again = false;
    return sketch != NULL ? null_maxima_finish(&sketch->maxima, again, err) : 0;
}

double null_sketch_middle(size_t bin)
{
    return ((double)bin + 0.5) / (NULL_SKETCH_BINS / 2) - 1;
}
