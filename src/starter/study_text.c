#include "starter/study_text.h"

#include "base/memory.h"
#include "starter/yaml_lines.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whole genomes with fewer chromosomes than man have at least so many; files of a few chromosomes fewer. */
enum { FEWEST_OF_A_SPECIES = 10 };
/* Components of K: one for so many people, up to so many. */
enum { PEOPLE_A_COMPONENT = 20, MOST_COMPONENTS = 10 };
/* Defaults of the study file. */
static const double MOST_MISSING = 0.1;

static int put_genotypes(FILE *file, const struct roles *roles, struct error *err)
{
    const struct genotypes_look *look = &roles->genotypes;
    int autosomes = genotypes_look_autosomes(look);
    bool has_any = false;
    for (int k = 1; k <= GENOTYPES_LOOK_AUTOSOMES; k++)
        has_any |= look->has[k];
    bool human = has_any && !(autosomes >= FEWEST_OF_A_SPECIES && autosomes < GENOTYPES_LOOK_AUTOSOMES);
    char comment[128];
    snprintf(comment, sizeof comment, "%zu fileset%s, %zu people", look->n_filesets,
             look->n_filesets == 1 ? "" : "s", look->people.iid.count);
    fputs("genotypes:\n", file);
    if (look->names.count == 1)
        yaml_lines_path(file, "plink", look->names.items[0], comment, err);
    else
        yaml_lines_list(file, "plink", &look->names, comment, err);
    for (size_t k = 0; k < look->left_out.count; k++)
        yaml_lines_remark(file, "found as well; filesets of other people or chromosomes do not belong here",
                          "", look->left_out.items[k]);
    if (human) {
        yaml_lines_put(file, "of relatives as many stay as leave no pair related", "  max_relatedness: 0.05");
        return err->code;
    }
    yaml_lines_put(file, has_any ? "autosomes end before 22: not those of man" : "none of them is 1-22",
                   "  chromosomes: all");
    yaml_lines_put(file, "leaves one of all relatives; animals of one breed are all related",
                   "  # max_relatedness: 0.05");
    return err->code;
}

/* Names of the columns that are asked for. */
static int names_of(const struct table_look *look, const struct roles *roles,
                    bool (*is_wanted)(const struct roles *, size_t), enum column_kind kind,
                    struct text_list *names, struct error *err)
{
    for (size_t k = 0; k < look->table.columns.count && err->code == 0; k++)
        if (is_wanted(roles, k) && look->columns[k].kind == kind &&
            strpbrk(look->table.columns.items[k], "{}") == NULL &&
            yaml_lines_can_name(look->table.columns.items[k]))
            text_list_add(names, look->table.columns.items[k], err);
    return err->code;
}

/* Codes are a key of the targets, and hold for covariates too. */
static size_t n_minus_nine_covariates(const struct roles *roles)
{
    size_t count = 0;
    for (size_t k = 0; roles->covariates != NULL && k < roles->covariates->table.columns.count; k++)
        if (roles_is_covariate(roles, k))
            count += roles->covariates->columns[k].n_minus_nine;
    return count;
}

/* Values that are missing, by what says so. */
struct gaps {
    size_t n_missing, n_minus_nine, n_zeros;
};

/* `missing_codes`, of the targets. */
static void put_codes(FILE *file, const struct gaps *gaps)
{
    char comment[160];
    const char *codes = gaps->n_zeros == 0 ? "-9" : gaps->n_minus_nine == 0 ? "0" : "-9, 0";
    size_t count = gaps->n_minus_nine + gaps->n_zeros;
    if (count == 0)
        return;
    snprintf(comment, sizeof comment, "%s stand%s %zu times: taken for missing, as PLINK 1 writes %s", codes,
             strlen(codes) > 2 ? "" : "s", count, strlen(codes) > 2 ? "them" : "it");
    yaml_lines_put(file, comment, "  missing_codes: [%s]", codes);
}

/* `missing`, where values miss. Over a tenth of the people is too many to drop. */
static void put_missing(FILE *file, const struct table_look *look, const struct gaps *gaps, bool may_fill)
{
    char comment[160];
    size_t count = gaps->n_missing + gaps->n_minus_nine + gaps->n_zeros;
    if (count == 0)
        return;
    bool fill = may_fill && (double)count > MOST_MISSING * (double)look->n_people;
    snprintf(comment, sizeof comment, "%zu values are missing; %s", count,
             fill ? "or drop-subject: whoever lacks one is left out" : "whoever lacks one is left out");
    yaml_lines_put(file, comment, "  missing: %s", fill ? "mean" : "drop-subject");
}

static bool is_target(const struct roles *roles, const struct table_look *look, size_t column)
{
    return look == roles->targets ? roles_is_target(roles, column)
                                  : look->columns[column].kind == COLUMN_NUMBER;
}

/* Whether 0 is missing in a column of the .fam, and so in all targets. */
static bool has_zero_code(const struct table_look *look)
{
    for (size_t k = 0; k < look->table.columns.count; k++)
        if (look->columns[k].kind == COLUMN_NUMBER && look->columns[k].has_two &&
            look->columns[k].n_zeros > 0)
            return true;
    return false;
}

static double missing_share(const struct table_look *look, size_t column)
{
    const struct column_look *found = &look->columns[column];
    size_t n_zeros = found->has_two ? found->n_zeros : 0;
    return (double)(found->n_missing + found->n_minus_nine + n_zeros) / (double)look->n_people;
}

/* What max_missing_per_target must be, for one target at least to be analysed. */
static double most_missing(const struct roles *roles, const struct table_look *look)
{
    static const double STEPS_OF_ONE = 20;
    double least = 1;
    for (size_t k = 0; k < look->table.columns.count; k++)
        if (is_target(roles, look, k))
            least = fmin(least, missing_share(look, k));
    return least <= MOST_MISSING ? MOST_MISSING : ceil(least * STEPS_OF_ONE) / STEPS_OF_ONE;
}

/* The keys about missing values of the targets; those of targets that become NA do not count. */
static void put_targets_missing(FILE *file, const struct roles *roles, const struct table_look *look)
{
    double most = most_missing(roles, look);
    bool has_code = has_zero_code(look), has_zeros = false;
    struct gaps gaps = {0};
    for (size_t k = 0; k < look->table.columns.count; k++)
        if (is_target(roles, look, k)) {
            gaps.n_minus_nine += look->columns[k].n_minus_nine;
            gaps.n_missing += missing_share(look, k) <= most ? look->columns[k].n_missing : 0;
            gaps.n_zeros += has_code ? look->columns[k].n_zeros : 0;
            has_zeros |= look->columns[k].n_zeros > 0;
        }
    if (most > MOST_MISSING)
        yaml_lines_put(file, "every target is missing in more than the usual .10",
                       "  max_missing_per_target: %g", most);
    struct gaps everywhere = gaps;
    everywhere.n_minus_nine += n_minus_nine_covariates(roles);
    put_codes(file, &everywhere);
    if (has_zeros && !has_code)
        yaml_lines_put(file, "0 beside 1 alone: taken for a value; missing_codes: [0] if PLINK wrote it",
                       "  not_missing: [0]");
    put_missing(file, look, &gaps, most <= MOST_MISSING);
}

/* Whatever they are called. */
static size_t count_targets(const struct roles *roles, const struct table_look *look)
{
    size_t count = 0;
    for (size_t k = 0; k < look->table.columns.count; k++)
        count += roles_is_target(roles, k) && look->columns[k].kind == COLUMN_NUMBER;
    return count;
}

static int put_targets_table(FILE *file, const struct roles *roles, struct error *err)
{
    const struct table_look *look = roles->targets;
    struct text_list names = {0};
    char comment[128];
    if (names_of(look, roles, roles_is_target, COLUMN_NUMBER, &names, err) == 0 && names.count == 0)
        error_set(
            err, EXIT_CODE_BAD_INPUT,
            "%s: no column found that can be a target: all are covariates, no numbers, or have a name that "
            "no study file can hold (braces, line breaks); expected one",
            look->table.path);
    if (err->code != 0) {
        text_list_free(&names);
        return err->code;
    }
    snprintf(comment, sizeof comment, "%zu target%s, %zu people of the genotypes", names.count,
             names.count == 1 ? "" : "s", look->n_people);
    fputs("targets:\n", file);
    yaml_lines_path(file, "table", look->table.path, comment, err);
    if (look->id_column != NULL)
        yaml_lines_path(file, "id_column", look->id_column, NULL, err);
    size_t n_others = table_look_count(look, COLUMN_LABEL) + table_look_count(look, COLUMN_TEXT) +
                      table_look_count(look, COLUMN_NUMBER) - names.count;
    if (n_others > 0)
        yaml_lines_list(file, "columns", &names,
                        count_targets(roles, look) > names.count
                            ? "not all: others are covariates, no numbers, or have braces in their names, "
                              "which are ranges here"
                            : "not all: others are covariates or no numbers",
                        err);
    put_targets_missing(file, roles, look);
    text_list_free(&names);
    return err->code;
}

static int put_targets_images(FILE *file, const struct roles *roles, struct error *err)
{
    fputs("targets:\n", file);
    yaml_lines_path(file, "images", roles->images->table.path, "who has which image; docs/images.md", err);
    if (roles->images->id_column != NULL)
        yaml_lines_path(file, "id_column", roles->images->id_column, NULL, err);
    if (roles->mask != NULL)
        yaml_lines_path(file, "mask", roles->mask, "the voxels that count", err);
    if (roles->atlas != NULL) {
        yaml_lines_path(file, "atlas", roles->atlas, "the mean of each label is a target", err);
        yaml_lines_put(file, "where atlas and images have different voxels", "  # resample: nearest");
    } else
        yaml_lines_put(file, "every voxel of the mask is a target; or `atlas: labels.nii.gz`",
                       "  voxels: true");
    put_codes(file, &(struct gaps){.n_minus_nine = n_minus_nine_covariates(roles)});
    return err->code;
}

static int put_targets_fam(FILE *file, const struct roles *roles)
{
    const struct table_look *look = &roles->fam;
    double most = most_missing(roles, look);
    fputs("targets:\n  fam_columns: # name: column of the .fam; call them what they are\n", file);
    for (size_t k = 0; k < look->table.columns.count; k++) {
        double share = missing_share(look, k);
        const char *name = look->table.columns.items[k];
        char comment[64];
        snprintf(comment, sizeof comment, "missing in %.0f %% of the people", 100 * share);
        if (is_target(roles, look, k))
            yaml_lines_put(file, share > 0 ? comment : NULL, "    %scolumn_%s: %s", share <= most ? "" : "# ",
                           name, name);
    }
    put_targets_missing(file, roles, look);
    return 0;
}

static size_t n_components(const struct roles *roles)
{
    size_t count = roles->genotypes.people.iid.count / PEOPLE_A_COMPONENT;
    return count < MOST_COMPONENTS ? count : MOST_COMPONENTS;
}

static void put_components(FILE *file, const struct roles *roles, const struct text_list *names)
{
    bool has_some = false;
    for (size_t k = 0; k < names->count; k++)
        has_some |= roles_names_component(names->items[k]);
    if (has_some || n_components(roles) == 0)
        yaml_lines_put(file, "the table has components of its own", "  # genetic_pcs: 10");
    else
        yaml_lines_put(file, "ancestry", "  genetic_pcs: %zu", n_components(roles));
}

/* Columns that could not be taken, with the reason. */
static void put_columns_left_out(FILE *file, const struct table_look *look)
{
    for (size_t k = 0; k < look->table.columns.count; k++) {
        const struct column_look *column = &look->columns[k];
        if (column->kind == COLUMN_TEXT)
            yaml_lines_remark(file, "numbers among words, or too many different words",
                              "not taken: ", look->table.columns.items[k]);
        else if (column->kind == COLUMN_CONSTANT)
            yaml_lines_remark(file, "the same in everybody", "not taken: ", look->table.columns.items[k]);
    }
}

static int put_covariates(FILE *file, const struct roles *roles, const struct text_list *numbers,
                          const struct text_list *labels, struct error *err)
{
    const struct table_look *look = roles->covariates;
    struct gaps gaps = {0};
    fputs("covariates:\n", file);
    if (look != NULL && numbers->count + labels->count > 0) { /* whose names a study file can hold */
        yaml_lines_path(file, "table", look->table.path, NULL, err);
        if (look->id_column != NULL)
            yaml_lines_path(file, "id_column", look->id_column, NULL, err);
        if (numbers->count > 0)
            yaml_lines_list(file, "columns", numbers, "quantitative", err);
        if (labels->count > 0)
            yaml_lines_list(file, "categorical", labels, "an indicator for each level but one", err);
        if (look != roles->targets)
            put_columns_left_out(file, look);
        for (size_t k = 0; k < look->table.columns.count; k++)
            if (roles_is_covariate(roles, k)) {
                gaps.n_missing += look->columns[k].n_missing;
                gaps.n_minus_nine += look->columns[k].n_minus_nine;
            }
        if (has_zero_code(&roles->fam))
            yaml_lines_put(file, "here it is a value", "  not_missing: [0]");
        put_missing(file, look, &gaps, false);
    }
    put_components(file, roles, numbers);
    return err->code;
}

/* The first column of labels that may keep people apart: a site, of at least two people each. */
static const char *stratum(const struct roles *roles, const struct text_list *labels)
{
    static const char *const PLACES[] = {"site", "scanner", "cent", NULL};
    for (size_t k = 0; k < labels->count; k++) {
        ptrdiff_t column = table_look_find(roles->covariates, labels->items[k]);
        if (found_files_named(labels->items[k], PLACES) && roles->covariates->columns[column].fewest > 1)
            return labels->items[k];
    }
    return NULL;
}

/* results/NAME of NAME.yaml */
static int put_output(FILE *file, const char *study, struct error *err)
{
    const char *name = found_files_name(study), *ending = strrchr(name, '.');
    size_t length = ending != NULL && ending > name ? (size_t)(ending - name) : strlen(name);
    char *folder = memory_format(err, "results/%.*s", (int)length, name);
    char *text = folder != NULL ? yaml_lines_scalar(folder, err) : NULL;
    if (text != NULL)
        yaml_lines_put(file, "report.html, results.tsv, run.log, campaign.h5", "output: %s", text);
    free(text);
    free(folder);
    return err->code;
}

static int put_rest(FILE *file, const struct roles *roles, const struct text_list *labels, const char *study,
                    struct error *err)
{
    const char *site = labels->count > 0 ? stratum(roles, labels) : NULL;
    fputs("permutations:\n", file);
    yaml_lines_put(file, "the smallest p is one in all of them; more can be added later", "  count: 10000");
    if (site != NULL)
        yaml_lines_path(file, "within", site, "people change places only inside it", err);
    yaml_lines_put(file, "of folds and permutations; fixed before looking at results", "seed: 42");
    return put_output(file, study, err);
}

/* A brace always begins a range there. */
static int refuse_braces(const struct roles *roles, struct error *err)
{
    const struct text_list *filesets = &roles->found.filesets;
    for (size_t k = 0; k < filesets->count; k++)
        if (strpbrk(filesets->items[k], "{}") != NULL)
            return error_set(
                err, EXIT_CODE_BAD_INPUT,
                "%s: a fileset with a brace in its name, where a study file has ranges; expected "
                "another name for it",
                filesets->items[k]);
    return 0;
}

/* Names that do not count on, of a table of which not all is taken, may need more than a study file may have.
 */
static int check_length(FILE *file, const struct roles *roles, const char *study, struct error *err)
{
    const long most_bytes = 1 << 20; /* of config/document_file.h */
    long bytes = ftell(file);
    if (err->code != 0 || bytes <= most_bytes)
        return err->code;
    return error_set(
        err, EXIT_CODE_BAD_INPUT,
        "%s: would be %ld bytes long, mostly of names of columns; expected at most %ld: a table of "
        "IDs and targets alone, in place of %s, needs no names",
        study, bytes, most_bytes,
        roles->targets != NULL ? roles->targets->table.path : roles->genotypes.subjects_path);
}

int study_text_write(FILE *file, const struct roles *roles, const char *study, struct error *err)
{
    struct text_list numbers = {0}, labels = {0};
    if (!yaml_lines_can_name(study))
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: a name with line breaks, or no UTF-8; expected another (--study)", study);
    if (refuse_braces(roles, err) != 0)
        return err->code;
    fprintf(
        file,
        "# Written by arete init from the files that it found. Look through it; docs/study-file.md has every "
        "key.\n"
        "#\n"
        "#   arete plan %s     what would be kept, and what it costs\n"
        "#   arete run %s      does it\n"
        "#\n"
        "# Paths are relative to the folder arete is started in.\n\n",
        study, study);
    put_genotypes(file, roles, err);
    if (roles->images != NULL)
        put_targets_images(file, roles, err);
    else if (roles->targets != NULL)
        put_targets_table(file, roles, err);
    else
        put_targets_fam(file, roles);
    if (roles->covariates != NULL && err->code == 0 &&
        names_of(roles->covariates, roles, roles_is_covariate, COLUMN_NUMBER, &numbers, err) == 0)
        names_of(roles->covariates, roles, roles_is_covariate, COLUMN_LABEL, &labels, err);
    if (err->code == 0 && put_covariates(file, roles, &numbers, &labels, err) == 0)
        put_rest(file, roles, &labels, study, err);
    check_length(file, roles, study, err);
    text_list_free(&numbers);
    text_list_free(&labels);
    return err->code;
}
