#include "report/map_look.h"

#include <math.h>

const char *map_look_name(const struct map_look *look)
{
    return look->is_best_p ? "p_value" : result_column(look->id)->name;
}

static double best_log10p(const struct page *page, const struct result_row *row)
{
    const struct campaign *campaign = page->content->campaign;
    size_t i = (size_t)(row - page->content->rows);
    return campaign->target_analysed[i] != 0 ? -campaign->best_log_p[page->by_row[i]] / M_LN10 : NAN;
}

double map_look_value(const struct map_look *look, const struct result_row *row)
{
    double value = look->is_best_p ? best_log10p(look->page, row) : row->value[look->id];
    if (look->id == RESULT_P_FWER)
        value = -log10(value);
    if (look->id == RESULT_PENALTY)
        return log10(value);
    return value > 0 ? value : NAN;
}

static double largest(const struct page *page, const struct map_look *look, double least)
{
    for (size_t k = 0; k < page->n_by_p; k++) {
        double value = map_look_value(look, &page->content->rows[page->by_p[k]]);
        least = value > least && isfinite(value) ? value : least;
    }
    return least;
}

static double smallest(const struct page *page, const struct map_look *look)
{
    double least = look->high;
    for (size_t k = 0; k < page->n_by_p; k++)
        least = fmin(least, map_look_value(look, &page->content->rows[page->by_p[k]])); /* NaN leaves it */
    return least;
}

size_t map_looks(const struct page *page, struct map_look looks[MAP_LOOKS])
{
    const struct campaign *campaign = page->content->campaign;
    size_t count = 0;
    struct map_look first = {.id = RESULT_R2,
                             .page = page,
                             .ramp = RAMP_HEAT,
                             .fades = true,
                             .title = "Prediction of each target",
                             .bar = "r2"};
    if (page_has_associations(page)) {
        first.is_best_p = true;
        first.title = "p of each target's best SNP";
        first.bar = "\xE2\x88\x92log10 p of one SNP alone";
    }
    first.high = largest(page, &first, 0);
    if (first.is_best_p) /* the best of many SNPs is far from p = 1 everywhere */
        first.low = smallest(page, &first);
    looks[count++] = first;
    struct map_look p = {.id = RESULT_P_FWER,
                         .page = page,
                         .ramp = RAMP_HEAT,
                         .fades = true,
                         .title = page_is_univariate(page) ? "p, corrected for all SNPs and targets"
                                                           : "p, corrected for all targets",
                         .bar = "\xE2\x88\x92log10 p_fwer (1.3 is .05)"};
    p.high = largest(page, &p, 1.3);
    if (page->content->null != NULL)
        looks[count++] = p;
    if (campaign->n_penalties > 1 && !page_is_univariate(page))
        looks[count++] =
            (struct map_look){.id = RESULT_PENALTY,
                              .page = page,
                              .ramp = RAMP_COLD,
                              .low = log10(fmax(campaign->penalty[0], 1e-300)),
                              .high = log10(fmax(campaign->penalty[campaign->n_penalties - 1], 1e-300)),
                              .title = "Penalty",
                              .bar = "\xCE\xBB, median over outer folds"};
    return count;
}
