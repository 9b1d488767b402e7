#include "report/map_look.h"

#include <math.h>

double map_look_value(const struct map_look *look, const struct result_row *row)
{
    double value = row->value[look->id];
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

size_t map_looks(const struct page *page, struct map_look looks[MAP_LOOKS])
{
    const struct campaign *campaign = page->content->campaign;
    size_t count = 0;
    struct map_look r2 = {RESULT_R2, RAMP_HEAT, true, 0, 0, "Prediction of each target", "r2"};
    r2.high = largest(page, &r2, 0);
    looks[count++] = r2;
    struct map_look p = {RESULT_P_FWER,
                         RAMP_HEAT,
                         true,
                         0,
                         0,
                         "p, corrected for all targets",
                         "\xE2\x88\x92log10 p_fwer (1.3 is .05)"};
    p.high = largest(page, &p, 1.3);
    if (page->content->null != NULL)
        looks[count++] = p;
    if (campaign->n_penalties > 1)
        looks[count++] = (struct map_look){RESULT_PENALTY,
                                           RAMP_COLD,
                                           false,
                                           log10(fmax(campaign->penalty[0], 1e-300)),
                                           log10(fmax(campaign->penalty[campaign->n_penalties - 1], 1e-300)),
                                           "Penalty",
                                           "\xCE\xBB, median over outer folds"};
    return count;
}
