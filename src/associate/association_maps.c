#include "associate/association_maps.h"

#include "associate/association_files.h"
#include "base/folder.h"
#include "base/memory.h"
#include "output/maps.h"

#include <math.h>
#include <stdlib.h>

/* values: of the analysed targets. */
static int write_values(const struct association_tables *tables, const double *values, const char *path,
                        const struct maps_meaning *meaning, struct error *err)
{
    const struct analysis *analysis = tables->analysis;
    double *all = memory_aligned(analysis->cohort.n_targets, sizeof *all, "a map", err);
    if (all == NULL)
        return err->code;
    for (size_t column = 0; column < analysis->cohort.n_targets; column++)
        all[column] = NAN;
    for (size_t t = 0; t < analysis->n_targets; t++)
        all[analysis->target_column[t]] = values[t];
    maps_write_values(path, analysis->cohort.regions, all, meaning, err);
    free(all);
    return err->code;
}

int association_maps_write_snp(const struct association_tables *tables, size_t variant, const double *r,
                               const char *path, struct error *err)
{
    static const struct maps_meaning t_of_snp = {"arete: t of one SNP (0: also background, NA)",
                                                 IMAGE_MEANING_NONE};
    size_t count = tables->analysis->n_targets;
    double *values = memory_aligned(count, sizeof *values, "a map", err);
    if (values == NULL)
        return err->code;
    for (size_t t = 0; t < count; t++)
        values[t] = association_tables_row(tables, t, variant, r[t]).t;
    write_values(tables, values, path, &t_of_snp, err);
    free(values);
    return err->code;
}

enum best_map { BEST_T, BEST_LOGP, BEST_LOGP_SNPS, BEST_LOGP_FWER, BEST_MAPS };

static const struct {
    const char *name;
    struct maps_meaning meaning;
} best_maps[BEST_MAPS] = {
    [BEST_T] = {"best_t", {"arete: t of the best SNP (0: also background, NA)", IMAGE_MEANING_NONE}},
    [BEST_LOGP] = {"best_logp",
                   {"arete: -log10 p of the best SNP, Student (0: also background, NA)",
                    IMAGE_MEANING_LOG10P}},
    [BEST_LOGP_SNPS] = {"best_logp_snps",
                        {"arete: -log10 p over all SNPs (0: also background, NA)", IMAGE_MEANING_LOG10P}},
    [BEST_LOGP_FWER] = {"best_logp_fwer",
                        {"arete: -log10 p over SNPs and targets (0: also background, NA)",
                         IMAGE_MEANING_LOG10P}},
};

static double value_of(const struct association_tables *tables, enum best_map map, size_t t)
{
    const struct association_best *best = &tables->found->associations.best[t];
    struct association_row row = association_tables_row(tables, t, (size_t)best->variant, best->r);
    if (map == BEST_T)
        return row.t;
    if (map == BEST_LOGP)
        return -row.log_p / M_LN10;
    return -log10(map == BEST_LOGP_SNPS ? tables->p_snps[t] : tables->p_fwer[t]);
}

static int write_best(const struct association_tables *tables, enum best_map map, const char *folder,
                      double *values, struct error *err)
{
    for (size_t t = 0; t < tables->analysis->n_targets; t++)
        values[t] = value_of(tables, map, t);
    char *path = memory_format(err, "%s/%s.nii.gz", folder, best_maps[map].name);
    if (path != NULL)
        write_values(tables, values, path, &best_maps[map].meaning, err);
    free(path);
    return err->code;
}

int association_maps_write(const struct association_tables *tables, struct error *err)
{
    if (tables->analysis->cohort.regions == NULL)
        return 0;
    int n_maps = tables->p_snps != NULL ? BEST_MAPS : BEST_LOGP_SNPS;
    char *folder = folder_path(tables->analysis->study.output, ASSOCIATION_FILES_MAPS, err);
    double *values = memory_aligned(tables->analysis->n_targets, sizeof *values, "a map", err);
    if (err->code == 0)
        folder_make(folder, err);
    for (int map = 0; err->code == 0 && map < n_maps; map++)
        write_best(tables, (enum best_map)map, folder, values, err);
    free(values);
    free(folder);
    return err->code;
}
