#include "config/study_sections.h"

#include <string.h>

enum { MOST_OUTER_FOLDS = 1000, MOST_INNER_FOLDS = 100 };

static const struct section_range TOLERANCE = {0, 0.1, false, true, "a number greater than 0, up to 0.1"};
static const struct section_range RELATEDNESS = {0, 1, false, true, "a number greater than 0, up to 1"};

static void read_outer_folds(const struct section *section, struct study_model *model)
{
    static const char *const KEYS[] = {"column", "table", "id_column"};
    const struct yaml_tree *value = section_find(section, "outer_folds");
    if (value == NULL || value->kind != YAML_MAPPING) {
        model->outer_folds = (int)section_integer(section, "outer_folds", 2, MOST_OUTER_FOLDS, 10);
        return;
    }
    struct section given = section_open(section, value, "model.outer_folds", KEYS, 3);
    for (size_t k = 0; k < 2; k++)
        section_require(&given, KEYS[k], "both of column and table");
    model->folds_column = section_text(&given, "column", "the name of a column");
    model->folds_table = section_path(&given, "table", "the path of a table");
    model->folds_id_column = section_text(&given, "id_column", "the name of a column");
}

static void read_keep_together(const struct section *section, struct study_model *model)
{
    static const char *const KEYS[] = {"relatedness"};
    const struct yaml_tree *value = section_find(section, "keep_together");
    if (value == NULL || value->kind != YAML_MAPPING) {
        model->keep_together =
            section_text(section, "keep_together", "the name of a column, or {relatedness: 0.1}");
        return;
    }
    struct section related = section_open(section, value, "model.keep_together", KEYS, 1);
    section_require(&related, "relatedness", RELATEDNESS.words);
    model->relatedness = section_number(&related, "relatedness", &RELATEDNESS, 0);
}

void study_model_read(const struct section *top, struct study_model *model)
{
    static const char *const KEYS[] = {"outer_folds",       "inner_folds",   "heritability",
                                       "penalties",         "score",         "baseline",
                                       "penalty_tolerance", "penalty_nodes", "keep_together"};
    const char *scores[] = {study_score_name(STUDY_SCORE_MEAN_R2), study_score_name(STUDY_SCORE_POOLED_R2)};
    const char *nodes[] = {"auto", "exact"};
    const char *baselines[] = {study_baseline_name(STUDY_BASELINE_COVARIATES),
                               study_baseline_name(STUDY_BASELINE_TEST_MEAN)};
    struct section section =
        section_open(top, section_find(top, "model"), "model", KEYS, sizeof KEYS / sizeof *KEYS);
    read_outer_folds(&section, model);
    model->inner_folds = (int)section_integer(&section, "inner_folds", 2, MOST_INNER_FOLDS, 5);
    study_penalties_read(&section, model);
    model->score = (enum study_score)section_choice(&section, "score", scores, 2, STUDY_SCORE_MEAN_R2);
    model->baseline =
        (enum study_baseline)section_choice(&section, "baseline", baselines, 2, STUDY_BASELINE_COVARIATES);
    model->penalty_tolerance = section_number(&section, "penalty_tolerance", &TOLERANCE, 1e-5);
    model->exact_penalties = section_choice(&section, "penalty_nodes", nodes, 2, 0) == 1;
    read_keep_together(&section, model);
}
