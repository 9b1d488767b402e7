/* Tables and report of a campaign that is there, finished or not, also while a run is saving. Only reads it.
 */
#ifndef ARETE_RUN_CAMPAIGN_RESULTS_H
#define ARETE_RUN_CAMPAIGN_RESULTS_H

#include "base/error.h"

#include <stdio.h>

/* What `arete results` does: a table of what is finished, under the name given, or beside the campaign
 * (NULL). Says on `screen` what it found; warnings go to `warnings`. */
int campaign_results_table(const char *campaign_path, const char *given, FILE *screen, FILE *warnings,
                           struct error *err);

/* What `arete report` does: the report, under the name given, or report.html beside the campaign (NULL). One
 * that is not finished has no p-values. */
int campaign_results_page(const char *campaign_path, const char *given, FILE *screen, struct error *err);

#endif
