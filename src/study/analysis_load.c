#include "study/analysis.h"

#include "base/memory.h"
#include "study/choices.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct cohort_images images_of(const struct study_targets *targets)
{
    return (struct cohort_images){
        .images = targets->images,
        .ids = targets->ids,
        .mask = targets->mask,
        .atlas = targets->atlas,
        .label_names = targets->atlas_names,
        .grid_tolerance_mm = targets->grid_tolerance_mm,
        .resample = targets->resample,
    };
}

static struct cohort_request request_of(const struct study *study, const struct cohort_images *images,
                                        bool headers_only, const struct cohort_known *known)
{
    return (struct cohort_request){
        .genotypes = &study->genotypes.plink,
        .selection = {.all_chromosomes = study->genotypes.all_chromosomes,
                      .extract = study->genotypes.extract,
                      .exclude = study->genotypes.exclude},
        .keep = study->genotypes.keep,
        .remove = study->genotypes.remove,
        .max_missing_per_subject = study->genotypes.max_missing_per_subject,
        .targets_table = study->targets.table,
        .images = images->images != NULL ? images : NULL,
        .target_columns = &study->targets.columns,
        .fam_names = &study->targets.fam_names,
        .fam_columns = study->targets.fam_columns,
        .missing = choices_missing(study->targets.missing),
        .max_missing_per_target = study->targets.max_missing_per_target,
        .missing_codes = &study->targets.missing_codes,
        .target_values = {study->targets.not_missing, study->targets.n_not_missing},
        .covariate_values = {study->covariates.not_missing, study->covariates.n_not_missing},
        .covariates_table = study->covariates.table,
        .quantitative = &study->covariates.columns,
        .categorical = &study->covariates.categorical,
        .within = study->permutations.within,
        .keep_together = study->model.keep_together,
        .folds_table = study->model.folds_table,
        .folds_column = study->model.folds_column,
        .targets_id = study->targets.id_column,
        .covariates_id = study->covariates.id_column,
        .folds_id = study->model.folds_id_column,
        .covariates_missing = choices_missing(study->covariates.missing),
        .lists_folder = headers_only ? NULL : study->output, /* arete plan writes nothing */
        .headers_only = headers_only,
        .known = known,
    };
}

int analysis_load_study(struct analysis *analysis, const char *study_path, const struct text_list *sets,
                        struct log *log, struct error *err)
{
    *analysis = (struct analysis){.log = log};
    return study_load(&analysis->study, study_path, sets, err);
}

/* From the sizes of the exchangeability blocks, whatever the order of subjects. */
static int choose_orbits(struct analysis *analysis, struct error *err)
{
    struct permutation_scheme blocks;
    if (permutation_scheme_init(&blocks, analysis->cohort.within.level, analysis->cohort.n, 0, err) != 0)
        return err->code;
    orbit_choose_blocks(&blocks, &analysis->orbit_choice, err);
    permutation_scheme_free(&blocks);
    return err->code;
}

/* Whether a path that is not there from here is there from the study file's folder; `ending` belongs to it.
 */
static bool is_beside(const char *path, const char *ending, int folder_length, const char *folder)
{
    struct error ignored = {0};
    if (path == NULL || *path == '/')
        return false;
    char *here = memory_format(&ignored, "%s%s", path, ending),
         *there = memory_format(&ignored, "%.*s/%s%s", folder_length, folder, path, ending);
    bool is_there = here != NULL && there != NULL && access(here, F_OK) != 0 && access(there, F_OK) == 0;
    free(here);
    free(there);
    return is_there;
}

/* The commonest first mistake: paths that were written as seen from the study file. */
static void tell_of_paths(const struct study *study, struct error *err)
{
    const char *slash = strrchr(study->path, '/');
    if (slash == NULL || strstr(err->message, strerror(ENOENT)) == NULL)
        return;
    int length = (int)(slash - study->path);
    if (is_beside(study->genotypes.plink.items[0], ".bed", length, study->path) ||
        is_beside(study->targets.table, "", length, study->path) ||
        is_beside(study->covariates.table, "", length, study->path))
        error_add_line(err, err->code,
                       "%s: its paths begin where arete is started, not at the study file, beside which they "
                       "lead to files; expected arete to be started in %.*s, or %.*s/ before each path",
                       study->path, length, study->path, length, study->path);
}

int analysis_load_cohort(struct analysis *analysis, bool headers_only, const struct cohort_known *known,
                         struct error *err)
{
    struct cohort_images images = images_of(&analysis->study.targets);
    struct cohort_request request = request_of(&analysis->study, &images, headers_only, known);
    if (cohort_load(&analysis->cohort, &request, analysis->log, err) == 0)
        return choose_orbits(analysis, err);
    tell_of_paths(&analysis->study, err);
    return err->code;
}

void analysis_free(struct analysis *analysis)
{
    for (size_t t = 0; analysis->target_notes != NULL && t < analysis->cohort.n_targets; t++)
        free(analysis->target_notes[t]);
    free(analysis->target_notes);
    free(analysis->target_n);
    free(analysis->target_cases);
    free(analysis->target_column);
    free(analysis->targets);
    free(analysis->target_scale);
    free(analysis->target_rank);
    free(analysis->penalties);
    free(analysis->group);
    free(analysis->gram);
    free(analysis->heterozygosity);
    free(analysis->components);
    text_list_free(&analysis->relatives.pairs);
    text_list_free(&analysis->relatives.dropped);
    folds_free(&analysis->folds);
    covariates_free(&analysis->covariates);
    permutation_scheme_free(&analysis->scheme);
    text_list_free(&analysis->covariate_names);
    text_list_free(&analysis->notes);
    cohort_free(&analysis->cohort);
    study_free(&analysis->study);
    *analysis = (struct analysis){0};
}
