#include "starter/roles.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* How names of covariates begin, or the whole of them. */
static const char *const COVARIATES[] = {"age",        "sex",       "gender", "site", "scanner", "batch",
                                         "center",     "centre",    "icv",    "tiv",  "etiv",    "array",
                                         "handedness", "education", "motion", "fd",   "cohort",  NULL};
static const char *const COVARIATE_FILES[] = {"cov", "participants", "demographic", NULL};
static const char *const MASKS[] = {"mask", NULL};
static const char *const ATLASES[] = {"atlas",    "label",   "parc",    "aal", "aseg",
                                      "schaefer", "desikan", "glasser", NULL};

bool roles_names_component(const char *name)
{
    const char *at = strncasecmp(name, "pc", 2) == 0 ? name + 2 : strcasestr(name, "_pc");
    if (at == NULL)
        return false;
    return isdigit((unsigned char)at[strcspn(at, "0123456789")]);
}

/* "age", "age_at_scan" and "Age2", but not "agreeableness". */
static bool names_covariate(const char *name)
{
    for (const char *const *word = COVARIATES; *word != NULL; word++)
        if (strncasecmp(name, *word, strlen(*word)) == 0 && !isalpha((unsigned char)name[strlen(*word)]))
            return true;
    return roles_names_component(name);
}

/* Columns that can be of use, and how many of them are called like covariates. */
static size_t n_useful(const struct table_look *look, size_t *n_covariates)
{
    size_t count = 0;
    *n_covariates = 0;
    for (size_t k = 0; k < look->table.columns.count; k++) {
        if (look->columns[k].kind != COLUMN_NUMBER && look->columns[k].kind != COLUMN_LABEL)
            continue;
        count++;
        *n_covariates += names_covariate(look->table.columns.items[k]);
    }
    return count;
}

static bool is_of_images(const struct table_look *look)
{
    ptrdiff_t column = table_look_find(look, "image");
    if (column == TEXT_NOT_FOUND)
        column = table_look_find(look, "path");
    return column != TEXT_NOT_FOUND && look->columns[column].kind != COLUMN_NUMBER;
}

static bool is_of_covariates(const struct table_look *look)
{
    size_t n_covariates, count = n_useful(look, &n_covariates);
    return found_files_named(look->table.path, COVARIATE_FILES) ? n_covariates > 0 : 2 * n_covariates > count;
}

/* The table of targets is the one with most numbers; that of covariates the one with most of them. */
static void give_roles(struct roles *roles)
{
    size_t most_targets = 0, most_covariates = 0;
    for (size_t t = 0; t < roles->found.tables.count; t++) {
        const struct table_look *look = &roles->tables[t];
        size_t n_covariates, n_numbers;
        if (look->refused != NULL)
            continue;
        n_useful(look, &n_covariates);
        n_numbers = table_look_count(look, COLUMN_NUMBER);
        if (is_of_images(look)) {
            roles->images = roles->images == NULL ? look : roles->images;
        } else if (is_of_covariates(look) && n_covariates > most_covariates) {
            roles->covariates = look;
            most_covariates = n_covariates;
        } else if (!is_of_covariates(look) && n_numbers > most_targets) {
            roles->targets = look;
            most_targets = n_numbers;
        }
    }
}

/* One table may hold both. */
static void share_table(struct roles *roles)
{
    size_t n_covariates;
    if (roles->covariates == NULL && roles->targets != NULL && n_useful(roles->targets, &n_covariates) > 0 &&
        n_covariates > 0)
        roles->covariates = roles->targets;
    if (roles->targets != NULL || roles->covariates == NULL || roles->images != NULL)
        return;
    for (size_t k = 0; k < roles->covariates->table.columns.count; k++)
        if (roles->covariates->columns[k].kind == COLUMN_NUMBER &&
            !names_covariate(roles->covariates->table.columns.items[k]))
            roles->targets = roles->covariates;
}

/* Images need a mask or an atlas; without one they are no targets. */
static void find_maps(struct roles *roles)
{
    for (size_t k = 0; k < roles->found.images.count; k++) {
        const char *path = roles->found.images.items[k];
        if (roles->mask == NULL && found_files_named(path, MASKS))
            roles->mask = path;
        else if (roles->atlas == NULL && found_files_named(path, ATLASES))
            roles->atlas = path;
    }
    if (roles->images != NULL && roles->mask == NULL && roles->atlas == NULL)
        roles->images = NULL;
    if (roles->images != NULL)
        roles->targets = NULL;
}

bool roles_is_target(const struct roles *roles, size_t column)
{
    const struct table_look *look = roles->targets;
    return look != NULL && look->columns[column].kind == COLUMN_NUMBER &&
           !(look == roles->covariates && names_covariate(look->table.columns.items[column]));
}

bool roles_is_covariate(const struct roles *roles, size_t column)
{
    const struct table_look *look = roles->covariates;
    if (look == NULL ||
        (look->columns[column].kind != COLUMN_NUMBER && look->columns[column].kind != COLUMN_LABEL))
        return false;
    return look != roles->targets || names_covariate(look->table.columns.items[column]);
}

static int refuse_without_genotypes(const struct roles *roles, const struct text_list *paths,
                                    struct error *err)
{
    const struct text_list *foreign = &roles->found.foreign;
    if (foreign->count > 0)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "no PLINK 1 fileset found (.bed, .bim and .fam of one name), but %s; expected what "
                         "`plink2 ... --make-bed` makes of it",
                         foreign->items[0]);
    return error_set(
        err, EXIT_CODE_BAD_INPUT,
        "%s%s: no PLINK 1 fileset found; expected .bed, .bim and .fam of one name there, or more "
        "folders and files to look at",
        paths->items[0], paths->count > 1 ? " and the others" : "");
}

static int refuse_without_targets(const struct roles *roles, struct error *err)
{
    error_set(
        err, EXIT_CODE_BAD_INPUT,
        "no targets found; expected a table with a header, the people's IDs and a column of numbers for "
        "each target, or a table of images (docs/images.md) with a mask or an atlas");
    for (size_t t = 0; t < roles->found.tables.count; t++)
        if (roles->tables[t].refused != NULL)
            error_add_line(err, EXIT_CODE_BAD_INPUT, "%s: passed over: %s", roles->found.tables.items[t],
                           roles->tables[t].refused);
    return err->code;
}

/* Numbers beside the people, where nothing else is a target. */
static int look_at_fam(struct roles *roles, struct error *err)
{
    if (roles->targets != NULL || roles->images != NULL)
        return 0;
    table_look_read_fam(&roles->fam, roles->genotypes.subjects_path, err);
    if (err->code == 0 && table_look_count(&roles->fam, COLUMN_NUMBER) == 0)
        refuse_without_targets(roles, err);
    return err->code;
}

static int look_at_tables(struct roles *roles, struct error *err)
{
    size_t count = roles->found.tables.count;
    roles->tables = memory_zeroed(count, sizeof *roles->tables, "tables", err);
    for (size_t t = 0; t < count && err->code == 0; t++)
        table_look_read(&roles->tables[t], roles->found.tables.items[t], &roles->genotypes.people, err);
    return err->code;
}

int roles_find(struct roles *roles, const struct text_list *paths, struct error *err)
{
    *roles = (struct roles){0};
    if (found_files_look(&roles->found, paths, err) != 0)
        return err->code;
    if (roles->found.filesets.count == 0)
        refuse_without_genotypes(roles, paths, err);
    else if (genotypes_look_read(&roles->genotypes, &roles->found, err) == 0 &&
             look_at_tables(roles, err) == 0) {
        give_roles(roles);
        find_maps(roles);
        share_table(roles);
        look_at_fam(roles, err);
    }
    if (err->code != 0)
        roles_free(roles);
    return err->code;
}

void roles_free(struct roles *roles)
{
    for (size_t t = 0; roles->tables != NULL && t < roles->found.tables.count; t++)
        table_look_free(&roles->tables[t]);
    free(roles->tables);
    table_look_free(&roles->fam);
    genotypes_look_free(&roles->genotypes);
    found_files_free(&roles->found);
    *roles = (struct roles){0};
}
