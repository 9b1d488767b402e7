#include "model/stats/null_maxima.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char what[] = "the report's null distribution";

enum { BIN_BITS = 12 };

void null_maxima_init(struct null_maxima *maxima, size_t n_data)
{
    *maxima = (struct null_maxima){
        .n_data = n_data, .limit = NAN, .low = -INFINITY, .high = INFINITY, .most = NULL_MAXIMA_KEPT};
}

void null_maxima_free(struct null_maxima *maxima)
{
    free(maxima->kept);
    free(maxima->bins);
    free(maxima->again);
    *maxima = (struct null_maxima){0};
}

/* Numbers in their order: a larger float has a larger key. */
static uint32_t key_of(float value)
{
    const uint32_t sign = 0x80000000U;
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (bits & sign) != 0 ? ~bits : bits | sign;
}

static float value_of(uint32_t key)
{
    const uint32_t sign = 0x80000000U;
    uint32_t bits = (key & sign) != 0 ? key & ~sign : ~key;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static int compare_floats(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void sort_kept(struct null_maxima *maxima)
{
    if (maxima->n_kept > 0)
        qsort(maxima->kept, maxima->n_kept, sizeof *maxima->kept, compare_floats);
}

/* Of sorted numbers those as large as number k: first ... end-1. */
static void equals_of(const float *sorted, size_t n, size_t k, size_t *first, size_t *end)
{
    for (*first = k; *first > 0 && sorted[*first - 1] >= sorted[k];)
        --*first;
    for (*end = k; *end < n && sorted[*end] <= sorted[k];)
        ++*end;
}

/* Number k of the sorted ones becomes the upper edge. */
static void lower_the_high(struct null_maxima *maxima, size_t k)
{
    size_t first, end;
    equals_of(maxima->kept, maxima->n_kept, k, &first, &end);
    maxima->n_above += maxima->n_high + (int64_t)(maxima->n_kept - end);
    maxima->n_high = (int64_t)(end - first);
    maxima->high = maxima->kept[k];
    maxima->n_kept = first;
}

static void raise_the_low(struct null_maxima *maxima, size_t k)
{
    size_t first, end;
    equals_of(maxima->kept, maxima->n_kept, k, &first, &end);
    maxima->n_low = (int64_t)(end - first);
    maxima->low = maxima->kept[k];
    maxima->n_kept -= end;
    memmove(maxima->kept, maxima->kept + end, maxima->n_kept * sizeof *maxima->kept);
}

/* The edges meet: nothing is left between them. */
static void meet(struct null_maxima *maxima)
{
    maxima->n_low = 0;
    maxima->low = maxima->high;
    maxima->n_kept = 0;
}

/* Keeps half of what is kept at most: as many on either side of the limit of what has come so far. */
static int narrow(struct null_maxima *maxima, struct error *err)
{
    if (maxima->bins == NULL) {
        maxima->bins = memory_zeroed(NULL_MAXIMA_BINS, sizeof *maxima->bins, what, err);
        if (maxima->bins == NULL)
            return err->code;
        for (size_t k = 0; k < maxima->n_kept; k++)
            maxima->bins[key_of(maxima->kept[k]) >> BIN_BITS]++;
    }
    sort_kept(maxima);
    int64_t from_top = (int64_t)(NULL_MAXIMA_LEVEL * (double)maxima->count),
            at = (int64_t)maxima->n_kept - 1 - (from_top - maxima->n_above - maxima->n_high);
    int64_t quarter = (int64_t)maxima->most / 4, low = at - quarter,
            high = at + quarter > 0 ? at + quarter : 0;
    if (high < (int64_t)maxima->n_kept)
        lower_the_high(maxima, (size_t)high);
    if (low >= (int64_t)maxima->n_kept)
        meet(maxima);
    else if (low >= 0)
        raise_the_low(maxima, (size_t)low);
    return 0;
}

static int keep(struct null_maxima *maxima, float value, struct error *err)
{
    if (maxima->n_kept == maxima->capacity) {
        float *grown =
            memory_grow(maxima->kept, &maxima->capacity, maxima->n_kept + 1, sizeof *grown, what, err);
        if (grown == NULL)
            return err->code;
        maxima->kept = grown;
    }
    maxima->kept[maxima->n_kept++] = value;
    return 0;
}

static int add_one(struct null_maxima *maxima, float value, struct error *err)
{
    if (maxima->n_kept == maxima->most && narrow(maxima, err) != 0)
        return err->code;
    maxima->smallest = maxima->count == 0 || value < maxima->smallest ? value : maxima->smallest;
    maxima->largest = maxima->count == 0 || value > maxima->largest ? value : maxima->largest;
    maxima->count++;
    if (maxima->bins != NULL)
        maxima->bins[key_of(value) >> BIN_BITS]++;
    if (value < maxima->low)
        return 0;
    if (value > maxima->high)
        maxima->n_above++;
    else if (value >= maxima->high)
        maxima->n_high++;
    else if (value <= maxima->low)
        maxima->n_low++;
    else
        return keep(maxima, value, err);
    return 0;
}

int null_maxima_add(struct null_maxima *maxima, const float *maximum, size_t count, struct error *err)
{
    for (size_t k = 0; k < count; k++) {
        if (!isfinite(maximum[k]))
            continue;
        uint32_t key = key_of(maximum[k]);
        if (maxima->again == NULL && add_one(maxima, maximum[k], err) != 0)
            return err->code;
        if (maxima->again != NULL && key >> BIN_BITS == maxima->again_bin)
            maxima->again[key % NULL_MAXIMA_IN_BIN]++;
    }
    return 0;
}

/* The number that so many are larger than, or as large as and counted before it. False: it is not known. */
static bool find(struct null_maxima *maxima, int64_t n_larger, double *value)
{
    int64_t left = n_larger - maxima->n_above, n_kept = (int64_t)maxima->n_kept;
    if (left < 0 || left >= maxima->n_high + n_kept + maxima->n_low)
        return false;
    sort_kept(maxima);
    if (left < maxima->n_high)
        *value = (double)maxima->high;
    else if (left < maxima->n_high + n_kept)
        *value = (double)maxima->kept[n_kept - 1 - (left - maxima->n_high)];
    else
        *value = (double)maxima->low;
    return true;
}

/* Counts from the largest: the bin of that number; *n_larger: of that bin alone. */
static size_t bin_of_rank(const uint32_t *bins, size_t n_bins, int64_t *n_larger)
{
    size_t bin = n_bins - 1;
    for (; bin > 0 && *n_larger >= (int64_t)bins[bin]; bin--)
        *n_larger -= (int64_t)bins[bin];
    return bin;
}

int null_maxima_finish(struct null_maxima *maxima, bool *again, struct error *err)
{
    /* so many may still be as large as what is found */
    double n_data = (double)maxima->n_data,
           allowed = ceil(NULL_MAXIMA_LEVEL * ((double)maxima->count + n_data) - 1e-9) - 1 - n_data;
    *again = false;
    if (allowed < 0 || maxima->count == 0)
        return 0;
    int64_t n_larger = (int64_t)allowed;
    if (maxima->again == NULL && find(maxima, n_larger, &maxima->limit))
        return 0;
    size_t bin = bin_of_rank(maxima->bins, NULL_MAXIMA_BINS, &n_larger);
    if (maxima->again != NULL) {
        size_t in_bin = bin_of_rank(maxima->again, NULL_MAXIMA_IN_BIN, &n_larger);
        maxima->limit = (double)value_of((uint32_t)(bin * NULL_MAXIMA_IN_BIN + in_bin));
        return 0;
    }
    maxima->again = memory_zeroed(NULL_MAXIMA_IN_BIN, sizeof *maxima->again, what, err);
    maxima->again_bin = bin;
    *again = maxima->again != NULL;
    return err->code;
}

void null_maxima_each(const struct null_maxima *maxima,
                      void (*use)(void *context, double value, double count), void *context)
{
    for (size_t k = 0; maxima->bins == NULL && k < maxima->n_kept; k++)
        use(context, (double)maxima->kept[k], 1);
    for (size_t bin = 0; maxima->bins != NULL && bin < NULL_MAXIMA_BINS; bin++)
        if (maxima->bins[bin] > 0)
            use(context, (double)value_of((uint32_t)(bin * NULL_MAXIMA_IN_BIN + NULL_MAXIMA_IN_BIN / 2)),
                (double)maxima->bins[bin]);
}

double null_maxima_bytes(double count)
{
    double sorted = 2 * fmin(count, NULL_MAXIMA_KEPT) * sizeof(float); /* qsort takes as much again */
    return sorted + (count > NULL_MAXIMA_KEPT ? (double)NULL_MAXIMA_BINS * sizeof(uint32_t) : 0);
}
