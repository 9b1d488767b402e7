#include "model/kinship/relatives.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

double relatives_between(const struct relatives *relatives, size_t i, size_t j)
{
    size_t n = relatives->n;
    const double *k = relatives->gram, *h = relatives->heterozygosity;
    if (h == NULL)
        return k[i * n + j];
    double distance = k[i * n + i] + k[j * n + j] - 2 * k[i * n + j];
    return 1 - distance / (2 * fmin(h[i], h[j]));
}

void relatives_count(const struct relatives *relatives, double low, double step, size_t n_bins,
                     int64_t *count)
{
    for (size_t i = 0; i < relatives->n; i++)
        for (size_t j = 0; j < i; j++) {
            double bin = floor((relatives_between(relatives, i, j) - low) / step);
            count[bin >= (double)n_bins ? n_bins - 1 : bin > 0 ? (size_t)bin : 0]++;
        }
}

int relatives_pairs(const struct relatives *relatives, double threshold, struct relative_pair **pairs,
                    size_t *count, struct error *err)
{
    size_t room = 0;
    *pairs = NULL;
    *count = 0;
    for (size_t i = 0; i < relatives->n; i++)
        for (size_t j = i + 1; j < relatives->n; j++) {
            double r = relatives_between(relatives, i, j);
            if (!(r > threshold))
                continue;
            struct relative_pair *larger =
                memory_grow(*pairs, &room, *count + 1, sizeof **pairs, "pairs of relatives", err);
            if (larger == NULL) {
                free(*pairs);
                *pairs = NULL;
                return err->code;
            }
            *pairs = larger;
            (*pairs)[(*count)++] = (struct relative_pair){(uint32_t)i, (uint32_t)j, (float)r};
        }
    return 0;
}

double relatives_least(const struct relatives *relatives, size_t n_snps, double threshold)
{
    const double variance = relatives->heterozygosity != NULL ? 3 : 1;
    const double longer_tails = relatives->heterozygosity != NULL ? 0 : 1.5;
    double n = (double)relatives->n, pairs = n * (n - 1) / 2;
    double largest = pairs > 1 ? sqrt(2 * log(pairs)) + longer_tails : 0;
    return fmax(threshold, largest * sqrt(variance / (double)n_snps));
}

enum { STEPS = 4500 };
static const double LOWEST = -1, STEP = 1.0 / 2000;

/* The r_ij under which `share` of the pairs lie. */
static double quantile(const int64_t *count, double pairs, double share)
{
    double under = 0;
    size_t bin = 0;
    while (bin < STEPS - 1 && under + (double)count[bin] < share * pairs)
        under += (double)count[bin++];
    double inside = count[bin] > 0 ? (share * pairs - under) / (double)count[bin] : 0;
    return LOWEST + STEP * ((double)bin + inside);
}

int relatives_chance(const struct relatives *relatives, struct relatives_chance *chance, struct error *err)
{
    double n = (double)relatives->n, pairs = n * (n - 1) / 2;
    int64_t *count = memory_zeroed(STEPS, sizeof *count, "pairs by relatedness", err);
    if (count == NULL)
        return err->code;
    relatives_count(relatives, LOWEST, STEP, STEPS, count);
    double spread = quantile(count, pairs, .977) - quantile(count, pairs, .841);
    chance->reach = pairs > 1 ? spread * sqrt(2 * log(pairs)) : 0;
    chance->effective_snps = 3 / (spread * spread);
    free(count);
    return 0;
}

/* Everybody's relatives in one array: those of i stand at other[start[i]] ... other[start[i + 1] - 1]. */
struct neighbours {
    size_t *start;
    uint32_t *other;
    size_t *left; /* n: relatives that are still there */
};

static void neighbours_free(struct neighbours *neighbours)
{
    free(neighbours->start);
    free(neighbours->other);
    free(neighbours->left);
}

static int neighbours_init(struct neighbours *neighbours, const struct relative_pair *pairs, size_t count,
                           size_t n, struct error *err)
{
    static const char what[] = "pairs of relatives";
    neighbours->start = memory_zeroed(n + 2, sizeof *neighbours->start, what, err);
    neighbours->other = memory_zeroed(2 * count, sizeof *neighbours->other, what, err);
    neighbours->left = memory_zeroed(n, sizeof *neighbours->left, what, err);
    if (err->code != 0)
        return err->code;
    for (size_t k = 0; k < count; k++) {
        neighbours->left[pairs[k].first]++;
        neighbours->left[pairs[k].second]++;
    }
    for (size_t i = 0; i < n; i++) /* one place late: filling moves each start to its right place */
        neighbours->start[i + 2] = neighbours->start[i + 1] + neighbours->left[i];
    for (size_t k = 0; k < count; k++) {
        neighbours->other[neighbours->start[pairs[k].first + 1]++] = pairs[k].second;
        neighbours->other[neighbours->start[pairs[k].second + 1]++] = pairs[k].first;
    }
    return 0;
}

/* Who has most relatives left, the last of several; n when nobody has any. */
static size_t most_related(const struct neighbours *neighbours, size_t n)
{
    size_t found = n, most = 1;
    for (size_t i = 0; i < n; i++)
        if (neighbours->left[i] >= most) {
            most = neighbours->left[i];
            found = i;
        }
    return found;
}

int relatives_unrelated(const struct relative_pair *pairs, size_t count, size_t n, bool *kept,
                        size_t *n_dropped, struct error *err)
{
    struct neighbours neighbours = {0};
    *n_dropped = 0;
    for (size_t i = 0; i < n; i++)
        kept[i] = true;
    if (neighbours_init(&neighbours, pairs, count, n, err) == 0)
        for (size_t i = most_related(&neighbours, n); i < n; i = most_related(&neighbours, n)) {
            kept[i] = false;
            ++*n_dropped;
            neighbours.left[i] = 0;
            for (size_t k = neighbours.start[i]; k < neighbours.start[i + 1]; k++)
                if (kept[neighbours.other[k]])
                    neighbours.left[neighbours.other[k]]--;
        }
    neighbours_free(&neighbours);
    return err->code;
}
