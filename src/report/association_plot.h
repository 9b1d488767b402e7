/* Both plots of a univariate model's campaign: of all targets in one. */
#ifndef ARETE_REPORT_ASSOCIATION_PLOT_H
#define ARETE_REPORT_ASSOCIATION_PLOT_H

#include "checkpoint/campaign.h"
#include "report/manhattan_plot.h"
#include "report/quantile_plot.h"

#define ASSOCIATION_PLOT_GENOME_WIDE 7.30103 /* -log10 of 5e-8 */
enum { ASSOCIATION_PLOT_LABEL = 96 };

/* Points into the campaign. */
struct manhattan_picture association_plot_picture(const struct campaign *campaign);

/* Its lines: 5e-8, the same shared among the targets, and where p_fwer is .05 (limit: its -log10; NaN: not
 * permuted). text: holds a label. */
void association_plot_lines(struct manhattan_line lines[MANHATTAN_LINES], size_t n_targets, double limit,
                            char text[ASSOCIATION_PLOT_LABEL]);

/* Without a title. Points into the campaign; text: holds its label. */
struct quantile_plot association_plot_quantiles(const struct campaign *campaign,
                                                char text[ASSOCIATION_PLOT_LABEL]);

#endif
