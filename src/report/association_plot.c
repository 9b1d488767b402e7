#include "report/association_plot.h"

#include "base/amount.h"

#include <math.h>

_Static_assert(sizeof(struct quantile_point) == 2 * sizeof(double), "a row of /plots/quantile");

struct manhattan_picture association_plot_picture(const struct campaign *campaign)
{
    return (struct manhattan_picture){.marks = campaign->manhattan,
                                      .most = campaign->manhattan_most,
                                      .chromosome = campaign->chromosome,
                                      .n_chromosomes = campaign->n_chromosomes,
                                      .peak = campaign->peak,
                                      .n_peaks = campaign->n_peaks};
}

void association_plot_lines(struct manhattan_line lines[MANHATTAN_LINES], size_t n_targets, double limit,
                            char text[ASSOCIATION_PLOT_LABEL])
{
    char count[AMOUNT_BYTES];
    snprintf(text, ASSOCIATION_PLOT_LABEL, "5e-8 / %s targets", amount_exact((int64_t)n_targets, count));
    lines[0] = (struct manhattan_line){ASSOCIATION_PLOT_GENOME_WIDE, "p = 5e-8"};
    lines[1] = (struct manhattan_line){limit, "p_fwer = .05"};
    lines[2] = (struct manhattan_line){
        n_targets > 1 ? ASSOCIATION_PLOT_GENOME_WIDE + log10((double)n_targets) : NAN, text};
}

struct quantile_plot association_plot_quantiles(const struct campaign *campaign,
                                                char text[ASSOCIATION_PLOT_LABEL])
{
    char pairs[AMOUNT_BYTES];
    snprintf(text, ASSOCIATION_PLOT_LABEL, "%s pairs of a SNP and a target",
             amount_exact(campaign->n_tested * (int64_t)campaign->n_targets, pairs));
    return (struct quantile_plot){.points = (const struct quantile_point *)campaign->quantile,
                                  .count = campaign->n_quantiles,
                                  .lambda = campaign->lambda_median,
                                  .is_median = campaign->n_targets > 1,
                                  .what = text};
}
