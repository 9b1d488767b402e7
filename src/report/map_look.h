/* Which maps a report shows, and how. */
#ifndef ARETE_REPORT_MAP_LOOK_H
#define ARETE_REPORT_MAP_LOOK_H

#include "output/result_columns.h"
#include "report/page.h"
#include "report/ramp.h"

#include <stdbool.h>

enum { MAP_LOOKS = 3 };

struct map_look {
    enum result_id id;
    const struct page *page;
    bool is_best_p; /* of a univariate model: the smallest p of any SNP, in the place of r2 */
    enum ramp ramp;
    bool fades;              /* the smaller the value, the fainter */
    double low, high;        /* values that the ramp begins and ends with */
    const char *title, *bar; /* of the map, of its bar */
};

/* Those that the page's content has numbers for; returns how many. */
size_t map_looks(const struct page *page, struct map_look looks[MAP_LOOKS]);

/* The name of its numbers. */
const char *map_look_name(const struct map_look *look);

/* What the color of one of the page's rows stands for: r2, -log10 p, -log10 p_fwer, log10 lambda; NaN: it has
 * no color. */
double map_look_value(const struct map_look *look, const struct result_row *row);

#endif
