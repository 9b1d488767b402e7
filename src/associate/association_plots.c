#include "associate/association_plots.h"

#include "associate/association_files.h"
#include "associate/manhattan.h"
#include "associate/plot_file.h"
#include "associate/quantile_plot.h"
#include "base/amount.h"
#include "base/compare.h"
#include "base/folder.h"
#include "base/memory.h"
#include "model/univariate/student.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

static const double genome_wide = 7.30103; /* -log10 of 5e-8 */

/* A SNP that is the target itself has p 0: it is drawn where the last correlation under 1 is. */
static double log10p_of(double r, double degrees)
{
    const double most = 1 - DBL_EPSILON / 2;
    return -student_log_p(fmin(r * r, most), degrees) / M_LN10;
}

static double log10p_of_hit(const struct association_tables *tables, size_t hit)
{
    return fmin(-tables->found->associations.hits[hit].log_p / M_LN10,
                log10p_of(1, tables->targets->most_degrees));
}

static const char *name_of(const struct association_tables *tables, size_t t)
{
    return tables->analysis->cohort.target_names.items[tables->analysis->target_column[t]];
}

/* "full/target_<name><ending>" in the output folder; the caller's. */
static char *named_path(const struct association_tables *tables, const char *name, const char *ending,
                        struct error *err)
{
    char *file = named_pairs_path(ASSOCIATION_FILES_FULL "/target", name, ending, err);
    char *path = file != NULL ? folder_path(tables->analysis->study.output, file, err) : NULL;
    free(file);
    return path;
}

/* The smallest p of every SNP over all targets. A value in single precision is as exact as a picture. */
static void take_peaks(const struct association_tables *tables, double *log10p)
{
    const struct associations *found = &tables->found->associations;
    for (size_t v = 0; v < found->n_variants; v++)
        log10p[v] = tables->found->facts[v].length > 0
                        ? log10p_of(fmin((double)found->peaks[v], 1), tables->targets->most_degrees)
                        : NAN;
    for (size_t h = 0; h < found->n_kept; h++) /* these are exact */
        log10p[found->hits[h].variant] = fmax(log10p[found->hits[h].variant], log10p_of_hit(tables, h));
}

static int draw_peaks(const struct association_tables *tables, double limit, double *log10p,
                      struct error *err)
{
    char title[256], count[AMOUNT_BYTES], shared[64];
    size_t n_targets = tables->analysis->n_targets;
    struct manhattan plot = {.variants = &tables->analysis->cohort.genotypes.variants,
                             .log10p = log10p,
                             .title = title,
                             .lines = {{genome_wide, "p = 5e-8"}, {limit, "p_fwer = .05"}}};
    amount_exact((int64_t)n_targets, count);
    snprintf(shared, sizeof shared, "5e-8 / %s targets", count);
    if (n_targets > 1) {
        snprintf(title, sizeof title, "The smallest p of each SNP over %s targets", count);
        plot.lines[2] = (struct manhattan_line){genome_wide + log10((double)n_targets), shared};
    } else {
        snprintf(title, sizeof title, "%s", name_of(tables, 0));
    }
    char *path = folder_path(tables->analysis->study.output, "manhattan.svg", err);
    take_peaks(tables, log10p);
    if (path != NULL)
        manhattan_write(&plot, path, err);
    free(path);
    return err->code;
}

/* Of the k-th smallest of `count`, k from 0. */
static double expected(double k, double count)
{
    return -log10((k + 0.5) / count);
}

/* Pairs that are kept, the smallest p first, then the rest by bins of the SNPs that count for lambda_GC.
 * Returns how many points. */
static size_t pool(const struct association_tables *tables, double n_tested, struct quantile_point *points)
{
    const struct associations *found = &tables->found->associations;
    double all = n_tested * (double)found->n_targets, sampled = 0, below = 0, n_hits = 0;
    double degrees = tables->targets->most_degrees, per_bin = 1 / associations_bins_per_r(degrees);
    size_t n = 0, bins[ASSOCIATIONS_BINS] = {0};
    for (; n < found->n_kept; n++)
        points[n] = (struct quantile_point){expected((double)n, all), log10p_of_hit(tables, n)};
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
            points[n++] = (struct quantile_point){-log10(share), log10p_of((double)b * per_bin, degrees)};
    }
    return n;
}

static double median_lambda(const struct association_tables *tables, double *memory)
{
    size_t count = tables->analysis->n_targets;
    for (size_t t = 0; t < count; t++)
        memory[t] = associations_lambda(&tables->found->associations, t, tables->targets->degrees[t]);
    qsort(memory, count, sizeof *memory, compare_doubles);
    return (memory[(count - 1) / 2] + memory[count / 2]) / 2;
}

static int draw_pooled(const struct association_tables *tables, double n_tested, struct error *err)
{
    const struct associations *found = &tables->found->associations;
    struct quantile_point *points =
        memory_zeroed(found->n_kept + ASSOCIATIONS_BINS, sizeof *points, "a plot", err);
    double *lambda = memory_zeroed(found->n_targets, sizeof *lambda, "a plot", err);
    char *path = folder_path(tables->analysis->study.output, "qq.svg", err);
    char what[128], pairs[AMOUNT_BYTES];
    if (err->code == 0) {
        snprintf(what, sizeof what, "%s pairs of a SNP and a target",
                 amount_exact((int64_t)(n_tested * (double)found->n_targets), pairs));
        const struct quantile_plot plot = {.points = points,
                                           .count = pool(tables, n_tested, points),
                                           .lambda = median_lambda(tables, lambda),
                                           .is_median = found->n_targets > 1,
                                           .title = found->n_targets > 1 ? "p-values of all targets"
                                                                         : name_of(tables, 0),
                                           .what = what};
        quantile_plot_write(&plot, path, err);
    }
    free(path);
    free(lambda);
    free(points);
    return err->code;
}

static int larger_first(const void *a, const void *b)
{
    return compare_doubles(b, a);
}

/* Sorts log10p, which holds no NaN. */
static int draw_quantiles(const struct association_tables *tables, size_t t, double *log10p, size_t count,
                          struct error *err)
{
    struct quantile_point *points = memory_zeroed(count, sizeof *points, "a plot", err);
    char *path = named_path(tables, name_of(tables, t), "_qq.svg", err);
    char what[128], snps[AMOUNT_BYTES];
    qsort(log10p, count, sizeof *log10p, larger_first);
    for (size_t k = 0; points != NULL && k < count; k++)
        points[k] = (struct quantile_point){expected((double)k, (double)count), log10p[k]};
    snprintf(what, sizeof what, "%s SNPs", amount_exact((int64_t)count, snps));
    const struct quantile_plot plot = {
        .points = points,
        .count = count,
        .lambda = associations_lambda(&tables->found->associations, t, tables->targets->degrees[t]),
        .title = name_of(tables, t),
        .what = what};
    if (err->code == 0)
        quantile_plot_write(&plot, path, err);
    free(path);
    free(points);
    return err->code;
}

static int draw_target(const struct association_tables *tables, const struct named_pairs *named, size_t k,
                       double *log10p, struct error *err)
{
    size_t n_variants = named->full.n_variants, t = named->target[k], count = 0;
    for (size_t v = 0; v < n_variants; v++)
        log10p[v] = tables->found->facts[v].length > 0
                        ? log10p_of(named->full.target_r[k * n_variants + v], tables->targets->degrees[t])
                        : NAN;
    const struct manhattan plot = {.variants = &tables->analysis->cohort.genotypes.variants,
                                   .log10p = log10p,
                                   .title = name_of(tables, t),
                                   .lines = {{genome_wide, "p = 5e-8"}}};
    char *path = named_path(tables, name_of(tables, t), "_manhattan.svg", err);
    if (path != NULL)
        manhattan_write(&plot, path, err);
    free(path);
    for (size_t v = 0; v < n_variants; v++)
        if (!isnan(log10p[v]))
            log10p[count++] = log10p[v];
    return err->code == 0 ? draw_quantiles(tables, t, log10p, count, err) : err->code;
}

int association_plots_write(const struct association_tables *tables, const struct named_pairs *named,
                            double limit_log_p, struct error *err)
{
    const struct snp_counts *counts = &tables->found->counts;
    double n_tested = (double)(counts->filtered.n_kept - counts->n_explained);
    double *log10p = memory_aligned(tables->found->associations.n_variants, sizeof *log10p, "a plot", err);
    double limit = -limit_log_p / M_LN10, most = log10p_of(1, tables->targets->most_degrees);
    if (limit > most) /* it is NaN without permutations */
        limit = most;
    if (log10p != NULL && draw_peaks(tables, limit, log10p, err) == 0)
        draw_pooled(tables, n_tested, err);
    for (size_t k = 0; err->code == 0 && k < named->full.n_targets; k++)
        draw_target(tables, named, k, log10p, err);
    free(log10p);
    return err->code;
}
