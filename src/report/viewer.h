/* What the viewer of brain maps needs: its program, the mean image, whose each voxel is, and the maps'
 * values. */
#ifndef ARETE_REPORT_VIEWER_H
#define ARETE_REPORT_VIEWER_H

#include "base/error.h"
#include "report/map_look.h"
#include "report/page.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether arete was built with it. */
bool viewer_is_there(void);

/* Writes it into the section of the maps, or a sentence on why there is none. peak: the place in mm that
 * it opens at, or NaN. */
int viewer_write(const struct page *page, const struct map_look *looks, size_t n_looks, const double peak[3],
                 struct error *err);

#endif
