#include "model/univariate/associations.h"

#include "base/memory.h"
#include "model/univariate/student.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int associations_init(struct associations *associations, size_t n_targets, size_t n_variants,
                      size_t most_hits, struct error *err)
{
    *associations =
        (struct associations){.n_targets = n_targets, .n_variants = n_variants, .most_hits = most_hits};
    associations->peaks = memory_zeroed(n_variants, sizeof *associations->peaks, "associations", err);
    associations->best = memory_zeroed(n_targets, sizeof *associations->best, "associations", err);
    associations->n_hits = memory_zeroed(n_targets, sizeof *associations->n_hits, "associations", err);
    associations->bins =
        memory_zeroed(n_targets * ASSOCIATIONS_BINS, sizeof *associations->bins, "associations", err);
    for (size_t t = 0; err->code == 0 && t < n_targets; t++)
        associations->best[t].variant = ASSOCIATIONS_NO_VARIANT;
    return err->code;
}

void associations_free(struct associations *associations)
{
    free(associations->best);
    free(associations->n_hits);
    free(associations->bins);
    free(associations->peaks);
    free(associations->hits);
    *associations = (struct associations){0};
}

/* By p, then by the order of variants and of targets: no two pairs are equal. */
static int compare_hits(const void *a, const void *b)
{
    const struct association *one = a, *other = b;
    if (one->log_p != other->log_p)
        return one->log_p < other->log_p ? -1 : 1;
    if (one->variant != other->variant)
        return one->variant < other->variant ? -1 : 1;
    return (one->target > other->target) - (one->target < other->target);
}

void associations_finish(struct associations *associations)
{
    if (associations->n_kept > 0)
        qsort(associations->hits, associations->n_kept, sizeof *associations->hits, compare_hits);
    if (associations->n_kept > associations->most_hits)
        associations->n_kept = associations->most_hits;
}

static int keep_hit(struct associations *associations, const struct association *hit, struct error *err)
{
    struct association *hits = memory_grow(associations->hits, &associations->capacity,
                                           associations->n_kept + 1, sizeof *hits, "associations", err);
    if (hits == NULL)
        return err->code;
    associations->hits = hits;
    hits[associations->n_kept++] = *hit;
    if (associations->n_kept >= 2 * associations->most_hits) /* sorting is rare: as often as it halves */
        associations_finish(associations);
    return 0;
}

int associations_add_hit(struct associations *associations, const struct association *hit, struct error *err)
{
    associations->n_hits[hit->target]++;
    return keep_hit(associations, hit, err);
}

void associations_offer(struct associations *associations, size_t target, uint32_t variant, double r)
{
    struct association_best *best = &associations->best[target];
    double gain = fabs(r) - fabs(best->r);
    if (best->variant == ASSOCIATIONS_NO_VARIANT || gain > 0 || (gain == 0 && variant < best->variant))
        *best = (struct association_best){variant, r};
}

int associations_merge(struct associations *total, struct associations *part, struct error *err)
{
    for (size_t t = 0; t < total->n_targets; t++) {
        if (part->best[t].variant != ASSOCIATIONS_NO_VARIANT)
            associations_offer(total, t, (uint32_t)part->best[t].variant, part->best[t].r);
        total->n_hits[t] += part->n_hits[t];
    }
    for (size_t k = 0; k < total->n_targets * ASSOCIATIONS_BINS; k++)
        total->bins[k] += part->bins[k];
    for (size_t v = 0; v < part->n_variants; v++)
        total->peaks[v] = part->peaks[v] > total->peaks[v] ? part->peaks[v] : total->peaks[v];
    for (size_t h = 0; h < part->n_kept; h++)
        if (keep_hit(total, &part->hits[h], err) != 0)
            return err->code;
    associations_free(part);
    return 0;
}

double associations_bins_per_r(double degrees)
{
    const double largest = 8 * 0.67448975019608171; /* sqrt of a median chi-square with lambda_GC 64 */
    return ASSOCIATIONS_BINS * sqrt(degrees) / largest;
}

double associations_lambda(const struct associations *associations, size_t target, double degrees)
{
    const uint32_t *bins = associations->bins + target * ASSOCIATIONS_BINS;
    double total = 0, below = 0;
    for (size_t b = 0; b < ASSOCIATIONS_BINS; b++)
        total += bins[b];
    for (size_t b = 0; b < ASSOCIATIONS_BINS; b++) {
        if (bins[b] > 0 && below + bins[b] >= total / 2) {
            double r = ((double)b + (total / 2 - below) / bins[b]) / associations_bins_per_r(degrees);
            double r_squared = r < 1 ? r * r : 1;
            return student_chi_square(student_log_p(r_squared, degrees)) / student_chi_square(-M_LN2);
        }
        below += bins[b];
    }
    return NAN;
}
