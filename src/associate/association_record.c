#include "associate/association_record.h"

#include "associate/manhattan.h"
#include "base/compare.h"
#include "base/memory.h"
#include "checkpoint/campaign_schema.h"
#include "model/univariate/student.h"
#include "report/association_plot.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char what[] = "the best SNPs";

double association_record_log10p(double r, double degrees)
{
    const double most = 1 - DBL_EPSILON / 2;
    return -student_log_p(fmin(r * r, most), degrees) / M_LN10;
}

double association_record_expected(double k, double count)
{
    return -log10((k + 0.5) / count);
}

static double log10p_of_hit(const struct association_tables *tables, size_t hit)
{
    return fmin(-tables->found->associations.hits[hit].log_p / M_LN10,
                association_record_log10p(1, tables->targets->view.degrees));
}

/* The smallest p of every SNP over all targets. A value in single precision is as exact as a picture. */
static void take_peaks(const struct association_tables *tables, double *log10p)
{
    const struct associations *found = &tables->found->associations;
    for (size_t v = 0; v < found->n_variants; v++)
        log10p[v] =
            tables->found->facts[v].length > 0
                ? association_record_log10p(fmin((double)found->peaks[v], 1), tables->targets->view.degrees)
                : NAN;
    for (size_t h = 0; h < found->n_kept; h++) /* these are exact */
        log10p[found->hits[h].variant] = fmax(log10p[found->hits[h].variant], log10p_of_hit(tables, h));
}

/* Room for both lines that do not depend on permutations; that of p_fwer is near the second. */
static int fill_manhattan(struct campaign *campaign, const struct association_tables *tables,
                          struct error *err)
{
    size_t n_variants = tables->found->associations.n_variants;
    double *log10p = memory_aligned(n_variants, sizeof *log10p, what, err);
    const double for_all = ASSOCIATION_PLOT_GENOME_WIDE + log10((double)campaign->n_targets);
    const struct manhattan plot = {.variants = &tables->analysis->cohort.genotypes.variants,
                                   .log10p = log10p,
                                   .lines = {{ASSOCIATION_PLOT_GENOME_WIDE, NULL}, {for_all, NULL}}};
    struct manhattan_picture picture = {0};
    if (log10p == NULL)
        return err->code;
    take_peaks(tables, log10p);
    if (manhattan_make(&picture, &plot, err) == 0) {
        campaign->manhattan = picture.marks;
        campaign->manhattan_most = picture.most;
        campaign->chromosome = picture.chromosome;
        campaign->n_chromosomes = picture.n_chromosomes;
        campaign->peak = picture.peak;
        campaign->n_peaks = picture.n_peaks;
    } else {
        manhattan_free(&picture);
    }
    free(log10p);
    return err->code;
}

/* Pairs that are kept, the smallest p first, then the rest by bins of the SNPs that count for lambda_GC.
 * Returns how many points. */
static size_t pool(const struct association_tables *tables, double n_tested, struct quantile_point *points)
{
    const struct associations *found = &tables->found->associations;
    double all = n_tested * (double)found->n_targets, sampled = 0, below = 0, n_hits = 0;
    double degrees = tables->targets->view.degrees, per_bin = 1 / associations_bins_per_r(degrees);
    size_t n = 0, bins[ASSOCIATIONS_BINS] = {0};
    for (; n < found->n_kept; n++)
        points[n] =
            (struct quantile_point){association_record_expected((double)n, all), log10p_of_hit(tables, n)};
    for (size_t t = 0; t < found->n_targets; t++) {
        n_hits += (double)found->n_hits[t];
        for (size_t b = 0; b < ASSOCIATIONS_BINS; b++)
            bins[b] += found->bins[t * ASSOCIATIONS_BINS + b];
    }
    for (size_t b = 0; b < ASSOCIATIONS_BINS; b++)
        sampled += (double)bins[b];
    for (size_t b = ASSOCIATIONS_BINS - 1; b > 0; b--) {
        below += (double)bins[b];
        double share = below / sampled;
        if (below > 0 && share * all > n_hits && (double)b * per_bin < 1)
            points[n++] = (struct quantile_point){-log10(share),
                                                  association_record_log10p((double)b * per_bin, degrees)};
    }
    return n;
}

static int fill_quantiles(struct campaign *campaign, const struct association_tables *tables,
                          struct error *err)
{
    size_t most = tables->found->associations.n_kept + ASSOCIATIONS_BINS;
    struct quantile_point *points = memory_zeroed(most, sizeof *points, what, err);
    size_t n = points != NULL ? pool(tables, (double)campaign->n_tested, points) : 0;
    if (points != NULL)
        n = quantile_plot_thin(points, n);
    campaign->quantile = memory_zeroed(2 * n, sizeof *campaign->quantile, what, err);
    campaign->n_quantiles = campaign->quantile != NULL ? n : 0;
    for (size_t k = 0; k < campaign->n_quantiles; k++) {
        campaign->quantile[2 * k] = points[k].expected;
        campaign->quantile[2 * k + 1] = points[k].observed;
    }
    free(points);
    return err->code;
}

static int fill_lambda(struct campaign *campaign, const struct association_tables *tables, struct error *err)
{
    size_t count = campaign->n_targets;
    double *sorted = memory_zeroed(count, sizeof *sorted, what, err);
    if (sorted == NULL)
        return err->code;
    for (size_t t = 0; t < count; t++)
        sorted[t] = campaign->lambda_gc[t] =
            associations_lambda(&tables->found->associations, t, tables->targets->view.degrees);
    qsort(sorted, count, sizeof *sorted, compare_doubles);
    campaign->lambda_median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
    free(sorted);
    return 0;
}

static int allocate(struct campaign *campaign, struct error *err)
{
    size_t t = campaign->n_targets;
    campaign->best_variant = memory_zeroed(t, sizeof *campaign->best_variant, what, err);
    campaign->best_chromosome = memory_zeroed(t, sizeof *campaign->best_chromosome, what, err);
    campaign->best_allele = memory_zeroed(t, sizeof *campaign->best_allele, what, err);
    campaign->best_position = memory_zeroed(t, sizeof *campaign->best_position, what, err);
    campaign->best_beta = memory_zeroed(t, sizeof *campaign->best_beta, what, err);
    campaign->best_error = memory_zeroed(t, sizeof *campaign->best_error, what, err);
    campaign->best_log_p = memory_zeroed(t, sizeof *campaign->best_log_p, what, err);
    campaign->n_hits = memory_zeroed(t, sizeof *campaign->n_hits, what, err);
    campaign->lambda_gc = memory_zeroed(t, sizeof *campaign->lambda_gc, what, err);
    return err->code;
}

static void fill_best(struct campaign *campaign, const struct association_tables *tables, struct error *err)
{
    const struct associations *found = &tables->found->associations;
    for (size_t t = 0; err->code == 0 && t < campaign->n_targets; t++) {
        struct association_row row =
            association_tables_row(tables, t, (size_t)found->best[t].variant, found->best[t].r);
        campaign->best_variant[t] = memory_string(row.variant_id, err);
        campaign->best_chromosome[t] = memory_string(row.chromosome, err);
        campaign->best_allele[t] = memory_string(row.effect_allele, err);
        campaign->best_position[t] = row.position;
        campaign->best_beta[t] = row.beta;
        campaign->best_error[t] = row.standard_error;
        campaign->best_log_p[t] = row.log_p;
        campaign->n_hits[t] = found->n_hits[t];
    }
}

static void forget(struct campaign *campaign)
{
    for (int f = 0; f < campaign_schema.n_fields; f++) {
        const struct schema_field *field = &campaign_schema.fields[f];
        if (field->path != NULL && field->attribute == NULL &&
            (strncmp(field->path, "/best/", 6) == 0 || strncmp(field->path, "/plots/", 7) == 0))
            schema_release(&campaign_schema, field, campaign);
    }
    campaign->n_chromosomes = campaign->n_peaks = campaign->n_quantiles = 0;
}

int association_record_fill(struct campaign *campaign, const struct association_tables *tables,
                            struct error *err)
{
    const struct snp_counts *counts = &tables->found->counts;
    forget(campaign);
    campaign->report_p = tables->analysis->study.associate.report_p;
    campaign->n_tested = (int64_t)(counts->filtered.n_kept - counts->n_explained);
    if (allocate(campaign, err) != 0)
        return err->code;
    fill_best(campaign, tables, err);
    if (err->code == 0 && fill_lambda(campaign, tables, err) == 0 &&
        fill_manhattan(campaign, tables, err) == 0)
        fill_quantiles(campaign, tables, err);
    return err->code;
}
