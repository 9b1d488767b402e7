#include "model/ridge/flat_folds.h"

#include "base/compare.h"
#include "base/memory.h"
#include "model/ridge/score.h"
#include "model/ridge/targets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The mean square of a test set, and whether all of it was filled in. */
static double mean_square(const struct fold_rows *rows, const double *y, size_t stride, bool around_mean,
                          bool *all_filled)
{
    double sum = 0, squares = 0, n = (double)rows->n_test;
    *all_filled = true;
    for (size_t k = 0; k < rows->n_test; k++)
        sum += y[(rows->first_test + k) * stride];
    double centre = around_mean ? sum / n : 0;
    for (size_t k = 0; k < rows->n_test; k++) {
        double value = y[(rows->first_test + k) * stride];
        squares += (value - centre) * (value - centre);
        *all_filled = *all_filled && targets_is_filled(value);
    }
    return squares / n;
}

/* Who has one of the values that are looked at, and what a block's people have been dealt to a test set. */
struct deal {
    const struct folds *folds;
    const struct permutation_scheme *scheme;
    bool *has;                      /* n */
    uint32_t *block, *held, *dealt; /* n: of each person; n_blocks: how many have it; n_blocks */
    double *sorted;                 /* n */
};

static void deal_free(struct deal *deal)
{
    free(deal->has);
    free(deal->block);
    free(deal->held);
    free(deal->dealt);
    free(deal->sorted);
}

static int deal_init(struct deal *deal, const struct folds *folds, const struct permutation_scheme *scheme,
                     struct error *err)
{
    static const char what[] = "test sets without variance";
    *deal = (struct deal){.folds = folds, .scheme = scheme};
    deal->has = memory_zeroed(scheme->n, sizeof *deal->has, what, err);
    deal->block = memory_zeroed(scheme->n, sizeof *deal->block, what, err);
    deal->held = memory_zeroed(scheme->n_blocks, sizeof *deal->held, what, err);
    deal->dealt = memory_zeroed(scheme->n_blocks, sizeof *deal->dealt, what, err);
    deal->sorted = memory_zeroed(scheme->n, sizeof *deal->sorted, what, err);
    if (err->code != 0) {
        deal_free(deal);
        return err->code;
    }
    for (size_t b = 0; b < scheme->n_blocks; b++)
        for (size_t k = scheme->start[b]; k < scheme->start[b + 1]; k++)
            deal->block[scheme->members[k]] = (uint32_t)b;
    return 0;
}

/* The chance that everybody in a test set is dealt one of the values, without replacement in each block. */
static double chance_of_all(struct deal *deal, const struct fold_rows *rows)
{
    double chance = 1;
    for (size_t k = 0; k < rows->n_test; k++) {
        uint32_t b = deal->block[rows->first_test + k], dealt = deal->dealt[b]++;
        size_t size = deal->scheme->start[b + 1] - deal->scheme->start[b];
        chance *= deal->held[b] > dealt ? (double)(deal->held[b] - dealt) / (double)(size - dealt) : 0;
    }
    for (size_t k = 0; k < rows->n_test; k++)
        deal->dealt[deal->block[rows->first_test + k]] = 0;
    return chance;
}

/* Test sets of which everybody has one of the values, on average: of `has`. */
static double expect(struct deal *deal)
{
    double sum = 0;
    for (size_t b = 0; b < deal->scheme->n_blocks; b++) {
        deal->held[b] = 0;
        for (size_t k = deal->scheme->start[b]; k < deal->scheme->start[b + 1]; k++)
            deal->held[b] += deal->has[deal->scheme->members[k]];
    }
    for (size_t o = 0; o < deal->folds->n_outer; o++)
        sum += chance_of_all(deal, &deal->folds->rows[o]);
    return sum;
}

/* The same, of everybody having equal values: over all values that are as many as the smallest test set. */
static double expect_equal(struct deal *deal, const double *y, size_t stride)
{
    const double apart = sqrt(SCORE_ZERO_BASELINE);
    size_t n = deal->scheme->n, least = n;
    double sum = 0;
    for (size_t o = 0; o < deal->folds->n_outer; o++)
        least = deal->folds->rows[o].n_test < least ? deal->folds->rows[o].n_test : least;
    for (size_t i = 0; i < n; i++)
        deal->sorted[i] = y[i * stride];
    qsort(deal->sorted, n, sizeof *deal->sorted, compare_doubles);
    for (size_t first = 0, end; first < n; first = end) {
        double low = deal->sorted[first];
        for (end = first + 1; end < n && deal->sorted[end] - low <= apart;)
            end++;
        if (end - first < least)
            continue;
        for (size_t i = 0; i < n; i++)
            deal->has[i] = y[i * stride] >= low && y[i * stride] - low <= apart;
        sum += expect(deal);
    }
    return sum;
}

static int fill_expected(struct flat_folds *flat, const struct folds *folds,
                         const struct permutation_scheme *scheme, const double *y, size_t stride,
                         struct error *err)
{
    struct deal deal;
    if (flat->n_filled + flat->n_other == 0)
        return 0;
    if (deal_init(&deal, folds, scheme, err) != 0)
        return err->code;
    for (size_t i = 0; i < scheme->n; i++)
        deal.has[i] = targets_is_filled(y[i * stride]);
    flat->expected_filled = expect(&deal);
    flat->expected_equal = expect_equal(&deal, y, stride);
    deal_free(&deal);
    return 0;
}

int flat_folds_count(struct flat_folds *flat, const struct folds *folds,
                     const struct permutation_scheme *scheme, const double *y, size_t stride,
                     bool around_mean, struct error *err)
{
    double sum = 0, least = INFINITY;
    *flat = (struct flat_folds){0};
    for (size_t o = 0; o < folds->n_outer; o++) {
        bool all_filled;
        double square = mean_square(&folds->rows[o], y, stride, around_mean, &all_filled);
        bool is_flat = square <= SCORE_ZERO_BASELINE;
        sum += square / (double)folds->n_outer;
        flat->n_filled += all_filled;
        flat->n_other += is_flat && !all_filled;
        least = !is_flat && square < least ? square : least;
    }
    flat->least = isfinite(least) ? least / sum : 1;
    return fill_expected(flat, folds, scheme, y, stride, err);
}

double flat_folds_chance(const struct flat_folds *flat)
{
    double term = exp(-flat->expected_filled), below = 0; /* Poisson's */
    for (size_t k = 0; k < flat->n_filled; k++) {
        below += term;
        term *= flat->expected_filled / (double)(k + 1);
    }
    return 1 - below;
}
