#include "config/study.h"

#include "base/memory.h"
#include "config/document.h"
#include "config/section.h"
#include "config/study_sections.h"
#include "config/yaml_dump.h"

#include <stdlib.h>

enum { DEFAULT_SEED = 42 };

const char *study_scale_name(enum study_scale scale)
{
    static const char *const NAMES[] = {"allele-frequency", "sample", "none"};
    return NAMES[scale];
}

const char *study_missing_name(enum study_missing missing)
{
    static const char *const NAMES[] = {"error", "drop-subject", "mean"};
    return NAMES[missing];
}

const char *study_score_name(enum study_score score)
{
    static const char *const NAMES[] = {"mean-r2", "pooled-r2"};
    return NAMES[score];
}

const char *study_baseline_name(enum study_baseline baseline)
{
    static const char *const NAMES[] = {"covariates", "test-mean"};
    return NAMES[baseline];
}

const char *study_placement_name(enum study_placement placement)
{
    static const char *const NAMES[] = {"auto", "replicate", "by-fold"};
    return NAMES[placement];
}

const char *study_method_name(enum study_method method)
{
    static const char *const NAMES[] = {"auto", "orbits", "independent"};
    return NAMES[method];
}

/* Reads all of the tree into the study, and lists problems. */
static void read_study(struct study *study, const struct yaml_tree *tree, struct error *problems)
{
    static const char *const KEYS[] = {"genotypes", "targets", "covariates", "model",   "permutations",
                                       "seed",      "output",  "run",        "network", "associate"};
    struct section file = {.tree = NULL, .name = "", .file = study->path, .problems = problems};
    struct section top = section_open(&file, tree, "", KEYS, sizeof KEYS / sizeof *KEYS);
    study_genotypes_read(&top, &study->genotypes);
    study_targets_read(&top, &study->targets);
    study_covariates_read(&top, &study->covariates);
    study_model_read(&top, &study->model);
    study_permutations_read(&top, &study->permutations);
    study->seed = section_seed(&top, "seed", DEFAULT_SEED);
    if (section_find(&top, "output") == NULL)
        section_problem(&file, NULL, "output", "nothing found; expected the path of a folder");
    study->output = section_path(&top, "output", "the path of a folder");
    study_associate_read(&top, &study->associate);
    study_run_read(&top, &study->run);
    study_network_read(&top, &study->network);
    study_check(&top, study);
}

int study_load(struct study *study, const char *path, const struct text_list *sets, struct error *err)
{
    static const struct document_kind KIND = {"a study file", "docs/study-file.md"};
    *study = (struct study){0};
    struct error problems = {0};
    struct document document = {0};
    study->path = memory_string(path, &problems);
    if (study->path != NULL && document_open(&document, study->path, &KIND, sets, &problems) == 0)
        read_study(study, document.tree, &problems);
    if (problems.code == 0)
        study->yaml = yaml_dump(document.tree, &problems);
    document_close(&document);
    if (problems.code == 0)
        return 0;
    study_free(study);
    *err = problems;
    return err->code;
}

void study_free(struct study *study)
{
    struct study_genotypes *genotypes = &study->genotypes;
    text_list_free(&genotypes->plink);
    free(genotypes->keep);
    free(genotypes->remove);
    free(genotypes->extract);
    free(genotypes->exclude);
    free(study->targets.table);
    free(study->targets.id_column);
    text_list_free(&study->targets.columns);
    text_list_free(&study->targets.fam_names);
    free(study->targets.fam_columns);
    free(study->targets.images);
    free(study->targets.ids);
    free(study->targets.mask);
    free(study->targets.atlas);
    free(study->targets.atlas_names);
    text_list_free(&study->targets.missing_codes);
    free(study->targets.not_missing);
    free(study->covariates.table);
    free(study->covariates.id_column);
    text_list_free(&study->covariates.columns);
    text_list_free(&study->covariates.categorical);
    free(study->covariates.not_missing);
    free(study->model.folds_table);
    free(study->model.folds_column);
    free(study->model.folds_id_column);
    free(study->model.penalties);
    free(study->model.heritabilities);
    free(study->model.keep_together);
    free(study->permutations.within);
    text_list_free(&study->associate.full);
    text_list_free(&study->associate.snps);
    free(study->output);
    free(study->yaml);
    free(study->path);
    *study = (struct study){0};
}
