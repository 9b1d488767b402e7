#include "model/kinship/relatedness.h"

#include "base/compare.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The root of subject i's tree, in a union-find forest; halves the path on the way. */
static uint32_t root_of(uint32_t *parent, uint32_t i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

int relatedness_groups(const struct relatives *relatives, double threshold, int32_t *group, struct error *err)
{
    size_t n = relatives->n;
    uint32_t *parent = memory_zeroed(n, sizeof *parent, "groups of relatives", err);
    if (parent == NULL)
        return err->code;
    for (size_t i = 0; i < n; i++)
        parent[i] = (uint32_t)i;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            if (relatives_between(relatives, i, j) > threshold) {
                uint32_t a = root_of(parent, (uint32_t)i), b = root_of(parent, (uint32_t)j);
                parent[a > b ? a : b] = a > b ? b : a; /* the smaller subject is the root */
            }
    for (size_t i = 0; i < n; i++)
        group[i] = (int32_t)root_of(parent, (uint32_t)i);
    free(parent);
    return 0;
}

size_t relatedness_pairs(const struct relatives *relatives, double threshold, const int32_t *outer_fold,
                         size_t *split)
{
    size_t pairs = 0;
    *split = 0;
    for (size_t i = 0; i < relatives->n; i++)
        for (size_t j = 0; j < i; j++)
            if (relatives_between(relatives, i, j) > threshold) {
                pairs++;
                *split += outer_fold[i] != outer_fold[j];
            }
    return pairs;
}

bool relatedness_strata_are_families(const struct relatives *relatives, double threshold,
                                     const int32_t *stratum)
{
    size_t pairs = 0, related = 0;
    for (size_t i = 0; i < relatives->n; i++)
        for (size_t j = 0; j < i; j++)
            if (stratum[i] == stratum[j]) {
                pairs++;
                related += relatives_between(relatives, i, j) > threshold;
            }
    return 2 * related > pairs;
}

int relatedness_largest_group(const int32_t *group, size_t n, size_t *largest, struct error *err)
{
    int32_t *sorted = memory_zeroed(n, sizeof *sorted, "group sizes", err);
    if (sorted == NULL)
        return err->code;
    memcpy(sorted, group, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, compare_int32);
    size_t run = 0;
    *largest = 0;
    for (size_t i = 0; i < n; i++) {
        run = i > 0 && sorted[i] == sorted[i - 1] ? run + 1 : 1;
        *largest = run > *largest ? run : *largest;
    }
    free(sorted);
    return 0;
}

/* Copies eigenvector `vector` (n) to column k of components, its largest entry made positive. */
static void store_component(const double *vector, size_t n, size_t k, size_t count, double *components)
{
    size_t largest = 0;
    for (size_t i = 1; i < n; i++)
        if (fabs(vector[i]) > fabs(vector[largest]))
            largest = i;
    double sign = vector[largest] < 0 ? -1 : 1;
    for (size_t i = 0; i < n; i++)
        components[i * count + k] = sign * vector[i];
}

void relatedness_components(const double *vectors, size_t n, size_t count, double *components)
{
    for (size_t k = 0; k < count; k++)
        store_component(vectors + k * n, n, k, count, components);
}

double relatedness_spread(const double *gram, size_t n)
{
    double sum = 0, squares = 0, pairs = (double)n * ((double)n - 1) / 2;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            sum += gram[i * n + j];
    double mean = sum / pairs;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            squares += (gram[i * n + j] - mean) * (gram[i * n + j] - mean);
    return sqrt(squares / pairs);
}

double relatedness_heritability_error(double spread, size_t n)
{
    return sqrt(2) / ((double)n * spread);
}

double relatedness_expected_r2(double h2, double spread, size_t n_train)
{
    double segments = 1 / (spread * spread), signal = (double)n_train * h2, sum = signal + segments;
    return 2 * h2 * signal / (sum + sqrt(sum * sum - 4 * segments * signal * h2));
}
