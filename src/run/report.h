/* From a campaign's numbers to results.tsv and to what a user sees at the end. */
#ifndef ARETE_RUN_REPORT_H
#define ARETE_RUN_REPORT_H

#include "base/error.h"
#include "base/log.h"
#include "checkpoint/campaign.h"
#include "images/regions.h"
#include "run/report_rows.h"

#include <stdint.h>
#include <stdio.h>

/* What is told, and to whom. Nothing here is owned. */
struct report_request {
    const struct campaign *campaign;
    const struct campaign_units *units;
    struct report_extent extent;   /* which null scores count */
    const struct regions *regions; /* of a study of images: maps are written too; or NULL */
    const char *path;              /* of the table; maps stand in the folder `maps` beside it */
    const char *page;              /* of report.html, or NULL */
    struct log *log;               /* for warnings and the closing sentence */
    FILE *screen;                  /* for the most significant targets and that sentence; or NULL */
};

int report_write(const struct report_request *request, struct error *err);

/* Removes the results.partial.tsv that a whole table in the folder of `path` makes out of date. */
int report_remove_partial(const char *path, struct error *err);

#endif
