#include "config/study_sections.h"
#include "config/yaml_show.h"

#include <string.h>

/* A section of the file, opened again to report a problem in it; its keys are not checked again. */
static struct section reopen(const struct section *top, const char *name)
{
    const struct yaml_tree *tree = section_find(top, name);
    if (tree != NULL && tree->kind != YAML_MAPPING)
        tree = NULL;
    return (struct section){tree, name, top->file, top->problems, false};
}

/* A column of the covariates table, and not FID, the family of the .fam, which needs no table. */
static bool is_of_table(const char *column)
{
    return column != NULL && strcmp(column, "FID") != 0;
}

static void check_column(const struct section *top, const char *section_name, const char *key,
                         const char *column)
{
    if (!is_of_table(column) || yaml_tree_find(reopen(top, "covariates").tree, "table") != NULL)
        return;
    struct section section = reopen(top, section_name);
    char shown[YAML_SHOW_BYTES];
    section_problem(&section, section_find(&section, key), key,
                    "text \"%s\" found without covariates.table; expected the table it is in, or FID",
                    yaml_show_text(column, shown));
}

static void check_covariate_lists(const struct section *covariates, const struct study_covariates *read)
{
    struct text_index columns;
    if (text_index_init(&columns, read->columns.items, read->columns.count, covariates->problems) != 0)
        return;
    for (size_t i = 0; i < read->categorical.count; i++) {
        char shown[YAML_SHOW_BYTES];
        if (text_index_find(&columns, read->categorical.items[i]) != TEXT_NOT_FOUND)
            section_problem(
                covariates, section_find(covariates, "categorical"), "categorical",
                "text \"%s\" found, which is also in covariates.columns; expected it in one of them",
                yaml_show_text(read->categorical.items[i], shown));
    }
    text_index_free(&columns);
}

static void check_covariates(const struct section *top, const struct study *study)
{
    static const char *const LISTS[] = {"columns", "categorical"};
    struct section covariates = reopen(top, "covariates");
    const struct yaml_tree *table = section_find(&covariates, "table");
    bool used = is_of_table(study->model.keep_together) || is_of_table(study->permutations.within);
    for (size_t k = 0; k < 2; k++) {
        const struct yaml_tree *list = section_find(&covariates, LISTS[k]);
        if (list != NULL && table == NULL)
            section_problem(&covariates, list, LISTS[k],
                            "found without covariates.table; expected the table they are in");
        used = used || list != NULL;
    }
    if (table != NULL && !used)
        section_problem(&covariates, table, "table",
                        "found without columns or categorical; expected which to use");
    const struct yaml_tree *id_column = section_find(&covariates, "id_column");
    if (id_column != NULL && table == NULL)
        section_problem(&covariates, id_column, "id_column",
                        "found without covariates.table; expected the table it is in");
    check_covariate_lists(&covariates, &study->covariates);
}

void study_check(const struct section *top, const struct study *study)
{
    check_covariates(top, study);
    check_column(top, "model", "keep_together", study->model.keep_together);
    check_column(top, "permutations", "within", study->permutations.within);
}
