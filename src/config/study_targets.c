#include "base/memory.h"
#include "config/lists.h"
#include "config/study_sections.h"

#include <float.h>

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
        targets->fam_columns[i] = (int)section_integer_of(&columns, value->children[i], FIRST_FAM_COLUMN,
                                                          LAST_FAM_COLUMN, FIRST_FAM_COLUMN);
        if (text_list_add(&targets->fam_names, name, section->problems) != 0)
            return;
    }
}

/* Exactly one of table, images and fam_columns. */
static void check_source(const struct section *section)
{
    static const char *const SOURCES[] = {"table", "fam_columns", "images"};
    const char *first = NULL;
    for (size_t k = 0; k < sizeof SOURCES / sizeof *SOURCES; k++) {
        const struct yaml_tree *found = section_find(section, SOURCES[k]);
        if (found != NULL && first != NULL)
            section_problem(section, found, SOURCES[k], "found beside targets.%s; expected one of them",
                            first);
        if (found != NULL && first == NULL)
            first = SOURCES[k];
    }
    if (first == NULL && !section->wrong)
        section_problem(section, NULL, NULL,
                        "none of table, fam_columns and images found; expected one of them");
    const struct yaml_tree *columns = section_find(section, "columns");
    if (columns != NULL && section_find(section, "table") == NULL)
        section_problem(section, columns, "columns",
                        "found without targets.table; expected the table they are in");
    const struct yaml_tree *id_column = section_find(section, "id_column");
    if (id_column != NULL && section_find(section, "fam_columns") != NULL)
        section_problem(
            section, id_column, "id_column",
            "found beside targets.fam_columns; expected it beside targets.table or targets.images");
}

static bool is_image(const char *path)
{
    return text_ends_with(path, ".nii") || text_ends_with(path, ".nii.gz");
}

/* Keys that are for images only. */
static void check_images(const struct section *section, const struct study_targets *targets, bool voxels)
{
    static const char *const KEYS[] = {
        "ids", "mask", "atlas", "atlas_names", "voxels", "resample", "grid_tolerance_mm"};
    for (size_t k = 0; section_find(section, "images") == NULL && k < sizeof KEYS / sizeof *KEYS; k++)
        if (section_find(section, KEYS[k]) != NULL)
            section_problem(section, section_find(section, KEYS[k]), KEYS[k],
                            "found without targets.images; expected the images it goes with");
    if (targets->images == NULL)
        return;
    const struct yaml_tree *images = section_find(section, "images");
    if ((targets->atlas != NULL) == voxels)
        section_problem(section, images, "images", "%s found; expected one of them",
                        voxels ? "both atlas and voxels: true" : "neither atlas nor voxels: true");
    if (voxels && targets->mask == NULL)
        section_problem(section, images, "images",
                        "voxels: true found without a mask; expected targets.mask");
    if (is_image(targets->images) && targets->ids == NULL)
        section_problem(section, images, "images",
                        "one NIfTI file found without targets.ids; expected a table of IDs, a row a volume");
    if (!is_image(targets->images) && targets->ids != NULL)
        section_problem(section, section_find(section, "ids"), "ids",
                        "found beside a table of images; expected it beside one NIfTI file of many volumes");
    if (targets->atlas == NULL && (targets->resample || targets->atlas_names != NULL))
        section_problem(section, section_find(section, targets->resample ? "resample" : "atlas_names"),
                        targets->resample ? "resample" : "atlas_names",
                        "found without targets.atlas; expected the atlas it goes with");
}

static void read_images(const struct section *section, struct study_targets *targets)
{
    static const char *const RESAMPLE[] = {"none", "nearest"};
    targets->images = section_path(section, "images", "the path of a table or of a NIfTI file");
    targets->ids = section_path(section, "ids", "the path of a table");
    targets->mask = section_path(section, "mask", "the path of a NIfTI file");
    targets->atlas = section_path(section, "atlas", "the path of a NIfTI file");
    targets->atlas_names = section_path(section, "atlas_names", "the path of a file of numbers and names");
    targets->resample = section_choice(section, "resample", RESAMPLE, 2, 0) == 1;
    targets->grid_tolerance_mm = section_grid_tolerance(section);
    check_images(section, targets, section_boolean(section, "voxels", false));
}

void study_read_not_missing(const struct section *section, double **values, size_t *count)
{
    enum { MOST_VALUES = 100 };
    static const struct section_range ANY = {-DBL_MAX, DBL_MAX, true, true, "numbers, such as [-9]"};
    lists_numbers(section, "not_missing", &ANY, MOST_VALUES, values, count);
}

void study_targets_read(const struct section *top, struct study_targets *targets)
{
    static const char *const KEYS[] = {"table",         "id_column",
                                       "columns",       "fam_columns",
                                       "images",        "ids",
                                       "mask",          "atlas",
                                       "atlas_names",   "voxels",
                                       "resample",      "grid_tolerance_mm",
                                       "missing",       "max_missing_per_target",
                                       "missing_codes", "not_missing"};
    const char *missing[] = {study_missing_name(STUDY_MISSING_ERROR),
                             study_missing_name(STUDY_MISSING_DROP_SUBJECT),
                             study_missing_name(STUDY_MISSING_MEAN)};
    struct section section =
        section_open(top, section_find(top, "targets"), "targets", KEYS, sizeof KEYS / sizeof *KEYS);
    check_source(&section);
    targets->table = section_path(&section, "table", "the path of a table");
    targets->id_column = section_text(&section, "id_column", "the name of a column");
    lists_names(&section, "columns", "column names, such as [Y1, Y2] or T{1..360}", &targets->columns);
    read_fam_columns(&section, targets);
    read_images(&section, targets);
    targets->missing =
        (enum study_missing)section_choice(&section, "missing", missing, 3, STUDY_MISSING_ERROR);
    targets->max_missing_per_target = section_number(&section, "max_missing_per_target", &SHARE, 0.10);
    lists_codes(&section, "missing_codes", "a list of codes, such as [-9]", &targets->missing_codes);
    study_read_not_missing(&section, &targets->not_missing, &targets->n_not_missing);
}
