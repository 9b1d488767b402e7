#include "config/study.h"

#include "base/memory.h"
#include "config/section.h"
#include "config/study_file.h"
#include "config/study_sections.h"
#include "config/yaml_dump.h"
#include "config/yaml_parse.h"
#include "config/yaml_set.h"
#include "config/yaml_show.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_PERMUTATIONS = 10000, MOST_PERMUTATIONS = 1000000000, DEFAULT_SEED = 42 };

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

/* All 64 bits, so not section_integer. */
static uint64_t read_seed(const struct section *top)
{
    const struct yaml_tree *value = section_find(top, "seed");
    if (value == NULL)
        return DEFAULT_SEED;
    bool digits = value->kind == YAML_SCALAR && value->plain && value->text[0] != '\0' &&
                  strspn(value->text, "0123456789") == strlen(value->text);
    errno = 0;
    unsigned long long seed = digits ? strtoull(value->text, NULL, 10) : 0;
    if (!digits || errno != 0)
        section_wrong(top, value, "seed", "an integer from 0 to 18446744073709551615");
    return seed;
}

static void read_permutations(const struct section *top, struct study_permutations *permutations)
{
    static const char *const KEYS[] = {"count", "within"};
    struct section section = section_open(top, section_find(top, "permutations"), "permutations", KEYS, 2);
    permutations->count = section_integer(&section, "count", 1, MOST_PERMUTATIONS, DEFAULT_PERMUTATIONS);
    permutations->within = section_text(&section, "within", "the name of a column");
}

/* Everything in the tree into the study; problems are listed. */
static void read_study(struct study *study, const struct yaml_tree *tree, struct error *problems)
{
    static const char *const KEYS[] = {"genotypes",    "targets", "covariates", "model",
                                       "permutations", "seed",    "output",     "run"};
    struct section file = {.tree = NULL, .name = "", .file = study->path, .problems = problems};
    struct section top = section_open(&file, tree, "", KEYS, sizeof KEYS / sizeof *KEYS);
    study_genotypes_read(&top, &study->genotypes);
    study_targets_read(&top, &study->targets);
    study_covariates_read(&top, &study->covariates);
    study_model_read(&top, &study->model);
    read_permutations(&top, &study->permutations);
    study->seed = read_seed(&top);
    if (section_find(&top, "output") == NULL)
        section_problem(&file, NULL, "output", "nothing found; expected the path of a folder");
    study->output = section_text(&top, "output", "the path of a folder");
    study_run_read(&top, &study->run);
    study_check(&top, study);
}

/* What messages call each --set, on one line. */
static int name_sets(const struct text_list *sets, struct text_list *names, struct error *err)
{
    for (size_t i = 0; sets != NULL && i < sets->count; i++) {
        char shown[YAML_SHOW_BYTES];
        char *name = memory_format(err, "--set %s", yaml_show_text(sets->items[i], shown));
        if (name == NULL)
            return err->code;
        int code = text_list_add(names, name, err);
        free(name);
        if (code != 0)
            return code;
    }
    return 0;
}

/* Applies every --set, and lists the bad ones. */
static int apply_sets(struct yaml_tree *tree, const struct text_list *sets, const struct text_list *names,
                      struct error *problems)
{
    for (size_t i = 0; i < names->count; i++) {
        struct error one = {0};
        int code = yaml_set(tree, sets->items[i], names->items[i], &one);
        if (code == EXIT_CODE_FAILED)
            return error_set(problems, code, "%s", one.message);
        if (code != 0)
            error_add_line(problems, code, "%s", one.message);
    }
    return problems->code;
}

/* The file as a mapping. NULL and an error. */
static struct yaml_tree *read_tree(const char *path, struct error *err)
{
    size_t length = 0;
    char *text = study_file_read(path, &length, err);
    if (text == NULL)
        return NULL;
    struct yaml_tree *tree = yaml_parse(text, length, path, true, err);
    free(text);
    if (tree == NULL || tree->kind == YAML_MAPPING)
        return tree;
    char shown[YAML_SHOW_BYTES];
    if (yaml_tree_is_null(tree))
        error_set(err, EXIT_CODE_BAD_INPUT, "%s: empty; expected a study file (docs/study-file.md)", path);
    else
        error_set(err, EXIT_CODE_BAD_INPUT,
                  "%s:%zu:%zu: %s found; expected a mapping of keys (docs/study-file.md)", path, tree->line,
                  tree->column, yaml_show_value(tree, shown));
    yaml_tree_free(tree);
    return NULL;
}

int study_load(struct study *study, const char *path, const struct text_list *sets, struct error *err)
{
    *study = (struct study){0};
    struct error problems = {0};
    struct text_list set_names = {0};
    struct yaml_tree *tree = NULL;
    study->path = memory_string(path, &problems);
    if (study->path == NULL || name_sets(sets, &set_names, &problems) != 0)
        goto out;
    tree = read_tree(study->path, &problems);
    if (tree == NULL || apply_sets(tree, sets, &set_names, &problems) != 0)
        goto out;
    read_study(study, tree, &problems);
    if (problems.code == 0)
        study->yaml = yaml_dump(tree, &problems);
out:
    yaml_tree_free(tree);
    text_list_free(&set_names);
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
    text_list_free(&study->targets.columns);
    text_list_free(&study->targets.fam_names);
    free(study->targets.fam_columns);
    text_list_free(&study->targets.missing_codes);
    free(study->covariates.table);
    text_list_free(&study->covariates.columns);
    text_list_free(&study->covariates.categorical);
    free(study->model.folds_table);
    free(study->model.folds_column);
    free(study->model.penalties);
    free(study->model.heritabilities);
    free(study->model.keep_together);
    free(study->permutations.within);
    free(study->output);
    free(study->yaml);
    free(study->path);
    *study = (struct study){0};
}
