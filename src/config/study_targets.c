#include "base/memory.h"
#include "config/lists.h"
#include "config/study_sections.h"

static const char FAM_COLUMNS[] = "a mapping of target names to columns of the .fam, such as {height: 6}";

enum { FIRST_FAM_COLUMN = 6, LAST_FAM_COLUMN = 1000000 };

static const struct section_range SHARE = {0, 1, true, true, "a number from 0 to 1"};

static void read_fam_columns(const struct section *section, struct study_targets *targets)
{
    const struct yaml_tree *value = section_find(section, "fam_columns");
    if (value == NULL)
        return;
    if (value->kind != YAML_MAPPING || value->n_children == 0) {
        section_wrong(section, value, "fam_columns", FAM_COLUMNS);
        return;
    }
    targets->fam_columns =
        memory_zeroed(value->n_children, sizeof *targets->fam_columns, "the targets", section->problems);
    if (targets->fam_columns == NULL)
        return;
    struct section columns = {value, "targets.fam_columns", section->file, section->problems, false};
    for (size_t i = 0; i < value->n_children; i++) {
        const char *name = value->children[i]->key;
        if (name[0] == '\0')
            section_wrong(section, value, "fam_columns", FAM_COLUMNS);
        targets->fam_columns[i] =
            (int)section_integer(&columns, name, FIRST_FAM_COLUMN, LAST_FAM_COLUMN, FIRST_FAM_COLUMN);
        if (text_list_add(&targets->fam_names, name, section->problems) != 0)
            return;
    }
}

/* Exactly one of the two. */
static void check_source(const struct section *section)
{
    const struct yaml_tree *table = section_find(section, "table");
    const struct yaml_tree *fam_columns = section_find(section, "fam_columns");
    const struct yaml_tree *columns = section_find(section, "columns");
    if (table == NULL && fam_columns == NULL && !section->wrong)
        section_problem(section, NULL, NULL, "neither table nor fam_columns found; expected one of them");
    if (table != NULL && fam_columns != NULL)
        section_problem(section, fam_columns, "fam_columns",
                        "found beside targets.table; expected one of them");
    if (columns != NULL && table == NULL)
        section_problem(section, columns, "columns",
                        "found without targets.table; expected the table they are in");
}

void study_targets_read(const struct section *top, struct study_targets *targets)
{
    static const char *const KEYS[] = {
        "table", "columns", "fam_columns", "missing", "max_missing_per_target", "missing_codes"};
    const char *missing[] = {study_missing_name(STUDY_MISSING_ERROR),
                             study_missing_name(STUDY_MISSING_DROP_SUBJECT),
                             study_missing_name(STUDY_MISSING_MEAN)};
    struct section section =
        section_open(top, section_find(top, "targets"), "targets", KEYS, sizeof KEYS / sizeof *KEYS);
    check_source(&section);
    targets->table = section_text(&section, "table", "the path of a table");
    lists_names(&section, "columns", "column names, such as [Y1, Y2] or T{1..360}", &targets->columns);
    read_fam_columns(&section, targets);
    targets->missing =
        (enum study_missing)section_choice(&section, "missing", missing, 3, STUDY_MISSING_ERROR);
    targets->max_missing_per_target = section_number(&section, "max_missing_per_target", &SHARE, 0.10);
    lists_codes(&section, "missing_codes", "a list of codes, such as [-9]", &targets->missing_codes);
}
