#include "input/cohort/cohort_gaps.h"

#include "base/folder.h"
#include "base/memory.h"
#include "base/replace.h"
#include "base/same_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PEOPLE_NAMED = 10, NAMES_BYTES = 1600, COLUMNS_BYTES = 1000 };

#define HEADER "FID\tIID\n"

static const struct replace_kind list_kind = {
    .a_file = "a list of people", .begins = HEADER, .begins_bytes = sizeof HEADER - 1, .is_private = true};

/* A list that this study reads must stay. */
static bool is_input(const struct cohort *cohort, char *path, struct error *err)
{
    struct text_list inputs = {0}, output = {.items = &path, .count = 1};
    for (size_t f = 0; err->code == 0 && f < cohort->n_files; f++)
        text_list_add(&inputs, cohort->files[f].path, err);
    bool found = err->code != 0 || same_file_check(&inputs, &output, err) != 0;
    text_list_free(&inputs);
    return found;
}

static void put_person(FILE *file, const char *fid, const char *iid)
{
    text_put_field(file, fid, strlen(fid));
    fputc('\t', file);
    text_put_field(file, iid, strlen(iid));
    fputc('\n', file);
}

/* A list as genotypes.remove takes it. Its path is the caller's; NULL where it could not be written. */
static char *write_list(const struct cohort_build *build, const bool *lacks, const char *name)
{
    const struct genotypes *genotypes = &build->cohort->genotypes;
    const char *folder = build->request->lists_folder;
    struct error ignored = {0}; /* the error is that values are missing */
    struct replace replace;
    if (folder == NULL || folder_make(folder, &ignored) != 0)
        return NULL;
    char *path = folder_path(folder, name, &ignored);
    if (path == NULL || is_input(build->cohort, path, &ignored) ||
        replace_open(&replace, path, &list_kind, &ignored) != 0) {
        free(path);
        return NULL;
    }
    fputs(HEADER, replace.file);
    for (size_t i = 0; i < build->n; i++)
        if (build->in[i] && lacks[i])
            put_person(replace.file, genotypes->fid.items[i], genotypes->iid.items[i]);
    if (replace_finish(&replace, &ignored) != 0) {
        free(path);
        return NULL;
    }
    return path;
}

/* The first of them, up to `most`; returns how many there are. */
static size_t list_names(const struct cohort_build *build, const bool *lacks, size_t most,
                         char text[NAMES_BYTES])
{
    const struct genotypes *genotypes = &build->cohort->genotypes;
    size_t count = 0, used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < build->n; i++) {
        if (!build->in[i] || !lacks[i] || count++ >= most)
            continue;
        char name[SUBJECTS_NAME_BYTES];
        used += (size_t)snprintf(text + used, NAMES_BYTES - used, "%s%.140s", used > 0 ? ", " : "",
                                 subjects_name(name, genotypes->fid.items[i], genotypes->iid.items[i]));
    }
    return count;
}

void cohort_gaps_name(const struct cohort_build *build, const bool *lacks,
                      const struct cohort_gaps_words *words, struct error *err)
{
    char names[NAMES_BYTES];
    size_t count = list_names(build, lacks, PEOPLE_NAMED, names);
    if (count <= PEOPLE_NAMED) {
        error_add_line(err, EXIT_CODE_BAD_INPUT, "%s: %s: %s; expected a value for everybody (%s)",
                       words->path, words->what, names, words->remedy);
        return;
    }
    list_names(build, lacks, 1, names);
    char *list = write_list(build, lacks, words->list);
    error_add_line(err, EXIT_CODE_BAD_INPUT,
                   "%s: %s: %zu subjects, e.g. %s%s%s; expected a value for everybody (%s)", words->path,
                   words->what, count, names, list != NULL ? ", all of them in " : "",
                   list != NULL ? list : "", words->remedy);
    free(list);
}

/* Whether column k, the quantitative ones first, then labels, lacks a value of subject i. */
static bool is_missing(const struct cohort_build *build, size_t k, size_t i)
{
    const struct cohort *cohort = build->cohort;
    size_t n_quantitative = cohort->n_quantitative;
    if (k < n_quantitative)
        return isnan(cohort->quantitative[i * n_quantitative + k]);
    return build->texts[i * build->n_text_columns + k - n_quantitative] == NULL;
}

static const char *name_of(const struct cohort_build *build, size_t k)
{
    size_t n_quantitative = build->cohort->n_quantitative;
    return k < n_quantitative ? build->cohort->quantitative_names.items[k]
                              : build->text_columns[k - n_quantitative].name;
}

static const struct cohort_table *side_of(const struct cohort_build *build, size_t k)
{
    size_t n_quantitative = build->cohort->n_quantitative;
    return k < n_quantitative ? &build->covariates : build->text_columns[k - n_quantitative].side;
}

/* Whether a column before k is the same one: a covariate may be `within` as well. */
static bool is_told(const struct cohort_build *build, size_t k)
{
    for (size_t before = 0; before < k; before++)
        if (side_of(build, before) == side_of(build, k) &&
            strcmp(name_of(build, before), name_of(build, k)) == 0)
            return true;
    return false;
}

/* Marks who lacks a value of a table's columns, and lists these, "age: 3, site: 1". Returns how many people.
 */
static size_t find_gaps(const struct cohort_build *build, const struct cohort_table *side, bool *lacks,
                        char columns[COLUMNS_BYTES])
{
    size_t n_columns = build->cohort->n_quantitative + build->n_text_columns, used = 0, n_people = 0;
    columns[0] = '\0';
    for (size_t k = 0; k < n_columns; k++) {
        if (side_of(build, k) != side || is_told(build, k))
            continue;
        size_t count = 0;
        for (size_t i = 0; i < build->n; i++) {
            if (!build->in[i] || !is_missing(build, k, i))
                continue;
            count++;
            n_people += !lacks[i];
            lacks[i] = true;
        }
        if (count > 0 && used < COLUMNS_BYTES)
            used += (size_t)snprintf(columns + used, COLUMNS_BYTES - used, "%s%.60s: %zu",
                                     used > 0 ? ", " : "", name_of(build, k), count);
    }
    return n_people;
}

static int drop(struct cohort_build *build, const bool *lacks, size_t n_lacking, const char *columns,
                struct error *err)
{
    size_t before = cohort_build_count(build);
    for (size_t i = 0; i < build->n; i++)
        build->in[i] = build->in[i] && !lacks[i];
    log_filter(build->log, LOG_SUBJECTS, n_lacking, before - n_lacking, "a covariate is missing%s%s%s",
               n_lacking > 0 ? " (" : "", columns, n_lacking > 0 ? ")" : "");
    if (n_lacking == before)
        return error_set(
            err, EXIT_CODE_BAD_INPUT,
            "%s: no subject left: each of the %zu lacks a covariate (%s); expected some with all",
            build->covariates.path, before, columns);
    if (log_is_large_loss(n_lacking, before))
        log_warning(build->log, "%zu of %zu subjects dropped: a covariate is missing (%s)", n_lacking, before,
                    columns);
    return 0;
}

int cohort_gaps_drop(struct cohort_build *build, struct error *err)
{
    if (build->covariates.path == NULL || build->request->covariates_missing != COHORT_MISSING_DROP_SUBJECT)
        return 0;
    bool *lacks = memory_zeroed(build->n, sizeof *lacks, "who lacks a value", err);
    if (lacks == NULL)
        return err->code;
    char columns[COLUMNS_BYTES];
    size_t n_lacking = find_gaps(build, &build->covariates, lacks, columns);
    drop(build, lacks, n_lacking, columns, err);
    free(lacks);
    return err->code;
}

static int refuse(const struct cohort_build *build, const struct cohort_table *side, const char *list,
                  const char *remedy, struct error *err)
{
    if (side->path == NULL)
        return 0;
    bool *lacks = memory_zeroed(build->n, sizeof *lacks, "who lacks a value", err);
    if (lacks == NULL)
        return err->code;
    char columns[COLUMNS_BYTES], what[COLUMNS_BYTES + 40];
    size_t n_lacking = find_gaps(build, side, lacks, columns);
    snprintf(what, sizeof what, "without a value (%s)", columns);
    if (n_lacking > 0)
        cohort_gaps_name(build, lacks, &(struct cohort_gaps_words){side->path, what, list, remedy}, err);
    free(lacks);
    return err->code;
}

int cohort_gaps_refuse(const struct cohort_build *build, struct error *err)
{
    if (refuse(build, &build->covariates, "without_covariates.tsv",
               "covariates.missing: drop-subject leaves out those who lack one", err) != 0)
        return err->code;
    return refuse(build, &build->folds, "without_fold.tsv", "genotypes.remove leaves people out", err);
}
