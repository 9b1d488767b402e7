#include "associate/association_plots.h"

#include "associate/association_files.h"
#include "associate/association_record.h"
#include "associate/manhattan.h"
#include "associate/plot_file.h"
#include "base/amount.h"
#include "base/compare.h"
#include "base/folder.h"
#include "base/memory.h"
#include "report/association_plot.h"

#include <math.h>
#include <stdlib.h>

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

/* All targets in one, as the campaign keeps it. */
static int draw_peaks(const struct association_tables *tables, const struct campaign *campaign, double limit,
                      struct error *err)
{
    const struct manhattan_picture picture = association_plot_picture(campaign);
    struct manhattan_line lines[MANHATTAN_LINES];
    char title[256], count[AMOUNT_BYTES], shared[ASSOCIATION_PLOT_LABEL];
    association_plot_lines(lines, campaign->n_targets, limit, shared);
    if (campaign->n_targets > 1)
        snprintf(title, sizeof title, "The smallest p of each SNP over %s targets",
                 amount_exact((int64_t)campaign->n_targets, count));
    else
        snprintf(title, sizeof title, "%s", name_of(tables, 0));
    char *path = folder_path(tables->analysis->study.output, "manhattan.svg", err);
    if (path != NULL)
        manhattan_write_picture(&picture, title, lines, path, err);
    free(path);
    return err->code;
}

static int write_quantiles(const struct quantile_plot *plot, const char *path, struct error *err)
{
    static const double size[2] = {QUANTILE_PLOT_WIDTH, QUANTILE_PLOT_HEIGHT};
    struct replace replace;
    if (plot_file_open(&replace, path, size, plot->title, err) != 0)
        return err->code;
    quantile_plot_draw(replace.file, plot);
    return plot_file_close(&replace, err);
}

static int draw_pooled(const struct association_tables *tables, const struct campaign *campaign,
                       struct error *err)
{
    char *path = folder_path(tables->analysis->study.output, "qq.svg", err);
    char what[ASSOCIATION_PLOT_LABEL];
    struct quantile_plot plot = association_plot_quantiles(campaign, what);
    plot.title = campaign->n_targets > 1 ? "p-values of all targets" : name_of(tables, 0);
    if (path != NULL)
        write_quantiles(&plot, path, err);
    free(path);
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
        points[k] = (struct quantile_point){association_record_expected((double)k, (double)count), log10p[k]};
    snprintf(what, sizeof what, "%s SNPs", amount_exact((int64_t)count, snps));
    const struct quantile_plot plot = {
        .points = points,
        .count = points != NULL ? quantile_plot_thin(points, count) : 0,
        .lambda = associations_lambda(&tables->found->associations, t, tables->targets->view.degrees),
        .title = name_of(tables, t),
        .what = what};
    if (err->code == 0)
        write_quantiles(&plot, path, err);
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
                        ? association_record_log10p(named->full.target_r[k * n_variants + v],
                                                    tables->targets->view.degrees)
                        : NAN;
    const struct manhattan plot = {.variants = &tables->analysis->cohort.genotypes.variants,
                                   .log10p = log10p,
                                   .title = name_of(tables, t),
                                   .lines = {{ASSOCIATION_PLOT_GENOME_WIDE, "p = 5e-8"}}};
    char *path = named_path(tables, name_of(tables, t), "_manhattan.svg", err);
    if (path != NULL)
        manhattan_write(&plot, path, err);
    free(path);
    for (size_t v = 0; v < n_variants; v++)
        if (!isnan(log10p[v]))
            log10p[count++] = log10p[v];
    return err->code == 0 ? draw_quantiles(tables, t, log10p, count, err) : err->code;
}

int association_plots_write(const struct association_tables *tables, const struct campaign *campaign,
                            const struct named_pairs *named, double limit_log_p, struct error *err)
{
    double *log10p = memory_aligned(tables->found->associations.n_variants, sizeof *log10p, "a plot", err);
    if (log10p != NULL && draw_peaks(tables, campaign, -limit_log_p / M_LN10, err) == 0)
        draw_pooled(tables, campaign, err);
    for (size_t k = 0; err->code == 0 && k < named->full.n_targets; k++)
        draw_target(tables, named, k, log10p, err);
    free(log10p);
    return err->code;
}
