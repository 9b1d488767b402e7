#include "study/analysis.h"

#include "base/memory.h"
#include "model/ridge/operators.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LEAST_TRAINING_BEYOND_COVARIATES = 10 };

#define LEVERAGE_TEXT                                                                                        \
    " alone makes %.3g %% of what the column varies beyond the others: a mistake, or a value to transform? " \
    "It costs every target power"
#define SHARED_TEXT                                                                                          \
    " have covariates so far from all others' that these know next to nothing of them when they are left "   \
    "out together: a code for missing values, or values to transform? It costs every target power"

/* All columns before any is dropped: n x count, with their names. */
struct design_columns {
    double *values;
    size_t count, used;
    struct text_list names;
};

/* Adds a column's name and returns where its first value goes; further ones stand `count` apart. */
static double *next_column(struct design_columns *columns, const char *name, struct error *err)
{
    if (text_list_add(&columns->names, name, err) != 0)
        return NULL;
    return columns->values + columns->used++;
}

static int add_quantitative(struct design_columns *columns, const struct cohort *cohort, struct error *err)
{
    for (size_t q = 0; q < cohort->n_quantitative; q++) {
        double *column = next_column(columns, cohort->quantitative_names.items[q], err);
        if (column == NULL)
            return err->code;
        for (size_t i = 0; i < cohort->n; i++)
            column[i * columns->count] = cohort->quantitative[i * cohort->n_quantitative + q];
    }
    return 0;
}

/* One 0/1 column for every level but the first. */
static int add_categorical(struct design_columns *columns, const struct cohort *cohort, struct error *err)
{
    for (size_t k = 0; k < cohort->n_categorical; k++) {
        const struct cohort_labels *labels = &cohort->categorical[k];
        for (size_t level = 1; level < labels->names.count; level++) {
            char *name =
                memory_format(err, "%s=%s", cohort->categorical_names.items[k], labels->names.items[level]);
            if (name == NULL)
                return err->code;
            double *column = next_column(columns, name, err);
            free(name);
            if (column == NULL)
                return err->code;
            for (size_t i = 0; i < cohort->n; i++)
                column[i * columns->count] = labels->level[i] == (int32_t)level;
        }
    }
    return 0;
}

const char *analysis_component_name(size_t k, char name[DESIGN_COMPONENT_BYTES])
{
    snprintf(name, DESIGN_COMPONENT_BYTES, "genetic_pc%zu", k + 1);
    return name;
}

/* components: n x n_components. */
static int add_components(struct design_columns *columns, const double *components, size_t n,
                          size_t n_components, struct error *err)
{
    for (size_t k = 0; err->code == 0 && k < n_components; k++) {
        char name[DESIGN_COMPONENT_BYTES];
        double *column = next_column(columns, analysis_component_name(k, name), err);
        for (size_t i = 0; column != NULL && i < n; i++)
            column[i * columns->count] = components[i * n_components + k];
    }
    return err->code;
}

/* components: NULL without any. */
static int fill_columns(struct design_columns *columns, const struct cohort *cohort, const double *components,
                        size_t n_components, struct error *err)
{
    double *intercept = next_column(columns, "intercept", err);
    if (intercept == NULL)
        return err->code;
    for (size_t i = 0; i < cohort->n; i++)
        intercept[i * columns->count] = 1;
    if (add_quantitative(columns, cohort, err) != 0 || add_categorical(columns, cohort, err) != 0)
        return err->code;
    return add_components(columns, components, cohort->n, n_components, err);
}

/* A person who alone determines the coefficient of a column (a forgotten code, an income): what is left of
 * that person's targets is nothing, and the predictions of a fold without that person are wild. One may be
 * alone at a site; that is no slip. leverage: column k of the basis, squared. */
static void warn_of_leverage(const struct analysis *analysis, const struct design_columns *columns,
                             size_t column, size_t k)
{
    const double most = 0.9;
    const struct cohort *cohort = &analysis->cohort;
    const struct covariates *covariates = &analysis->covariates;
    for (size_t i = 0; i < covariates->n; i++) {
        double share = covariates->basis[i * covariates->c + k];
        share *= share;
        char name[SUBJECTS_NAME_BYTES];
        if (share <= most)
            continue;
        struct error ignored = {0};
        char *record = memory_format(&ignored, "covariate %s: the value of one person" LEVERAGE_TEXT,
                                     columns->names.items[column], 100 * share);
        log_warning_of_people(analysis->log, record, "covariate %s: %s has %g, which" LEVERAGE_TEXT,
                              columns->names.items[column],
                              subjects_name(name, cohort->fid.items[i], cohort->iid.items[i]),
                              columns->values[i * columns->count + column], 100 * share);
        free(record);
    }
}

/* An indicator that the user made. */
static bool has_two_values(const struct design_columns *columns, size_t n, size_t column)
{
    const double *values = columns->values + column;
    double smallest = values[0], largest = values[0];
    for (size_t i = 1; i < n; i++) {
        smallest = fmin(smallest, values[i * columns->count]);
        largest = fmax(largest, values[i * columns->count]);
    }
    for (size_t i = 0; i < n; i++)
        if (values[i * columns->count] > smallest && values[i * columns->count] < largest)
            return false;
    return true;
}

static void warn_of_leverages(const struct analysis *analysis, const struct design_columns *columns,
                              const bool *kept)
{
    size_t k = 1, n_quantitative = analysis->cohort.n_quantitative;
    for (size_t j = 1; j < columns->count; j++) {
        if (kept[j] && j <= n_quantitative && !has_two_values(columns, analysis->cohort.n, j))
            warn_of_leverage(analysis, columns, j, k);
        k += kept[j];
    }
}

/* Keeps the independent columns and says which were dropped. */
static int keep_independent(struct analysis *analysis, const struct design_columns *columns,
                            struct error *err)
{
    bool *kept = memory_zeroed(columns->count, sizeof *kept, "the covariates", err);
    if (kept == NULL)
        return err->code;
    if (covariates_init(&analysis->covariates, columns->values, analysis->cohort.n, columns->count, kept,
                        err) == 0) {
        analysis->design_is_built = true;
        for (size_t j = 0; err->code == 0 && j < columns->count; j++)
            if (kept[j])
                text_list_add(&analysis->covariate_names, columns->names.items[j], err);
            else
                log_warning(analysis->log,
                            "covariate %s is a combination of the columns before it and was left out",
                            columns->names.items[j]);
        log_info(analysis->log, "covariates: %zu columns with the intercept, of %zu", analysis->covariates.c,
                 columns->count);
        warn_of_leverages(analysis, columns, kept);
    }
    free(kept);
    return err->code;
}

/* Where SNPs are tested one by one, folds train nothing. */
static int check_people(const struct analysis *analysis, struct error *err)
{
    size_t n = analysis->cohort.n, c = analysis->covariates.c;
    if (n >= c + 1 + ANALYSIS_LEAST_DEGREES)
        return 0;
    return error_set(
        err, EXIT_CODE_BAD_INPUT,
        "%s: covariates: %zu subjects found for %zu covariates (with the intercept); expected at "
        "least %zu subjects",
        analysis->study.path, n, c, c + 1 + ANALYSIS_LEAST_DEGREES);
}

static int check_training(const char *study_path, const struct folds *folds, size_t c, struct error *err)
{
    size_t smallest = folds_smallest_inner_training(folds);
    if (smallest >= c + LEAST_TRAINING_BEYOND_COVARIATES)
        return 0;
    return error_set(err, EXIT_CODE_BAD_INPUT,
                     "%s: model: the smallest inner training set has %zu subjects for %zu covariates (with "
                     "the intercept); "
                     "expected at least %d more subjects than covariates",
                     study_path, smallest, c, LEAST_TRAINING_BEYOND_COVARIATES);
}

/* Folds that hold all of a site (say) cannot be predicted in that direction: what is projected out is said.
 */
static int log_lost_directions(struct log *log, const struct covariates *covariates,
                               const struct folds *folds, struct error *err)
{
    size_t n_losing = 0, first = 0, most = 0;
    for (size_t o = 0; o < folds->n_outer; o++) {
        struct lost_directions lost;
        if (lost_directions_init(&lost, covariates, folds, o, err) != 0)
            return err->code;
        size_t n_inner = 0;
        for (size_t b = 0; b < folds->n_inner; b++)
            n_inner += lost.n_inner_lost[b] > 0;
        if (lost.n_outer_lost > 0 || n_inner > 0)
            log_info(
                log,
                "outer fold %zu holds all subjects of %zu covariate direction(s), %zu of its inner folds those of some",
                o + 1, lost.n_outer_lost, n_inner);
        first = lost.n_outer_lost > 0 && n_losing == 0 ? o + 1 : first;
        most = lost.n_outer_lost > most ? lost.n_outer_lost : most;
        n_losing += lost.n_outer_lost > 0;
        lost_directions_free(&lost, folds->n_inner);
    }
    if (n_losing > 0)
        log_warning(
            log,
            "%zu of %zu outer folds (%zu%s) hold all subjects of a covariate direction (a site, say), up to "
            "%zu directions: projected out of their scores, as no training subject tells about them",
            n_losing, folds->n_outer, first, n_losing > 1 ? " the first" : "", most);
    return 0;
}

/* As warn_of_leverage, of several people together. */
static void warn_of_shared_direction(const struct analysis *analysis)
{
    const struct shared_direction *shared = &analysis->shared_direction;
    const struct cohort *cohort = &analysis->cohort;
    char name[2][SUBJECTS_NAME_BYTES];
    if (shared->ratio == 1)
        return;
    for (int k = 0; k < 2; k++)
        subjects_name(name[k], cohort->fid.items[shared->subject[k]], cohort->iid.items[shared->subject[k]]);
    log_warning_of_people(analysis->log, "covariates: some people" SHARED_TEXT,
                          "covariates: %s, %s and perhaps others" SHARED_TEXT, name[0], name[1]);
}

/* Whether there are people enough for the covariates, and what test sets lose with them. */
static int check_design(struct analysis *analysis, struct error *err)
{
    if (analysis->has_no_scores)
        return check_people(analysis, err);
    if (check_training(analysis->study.path, &analysis->folds, analysis->covariates.c, err) != 0)
        return err->code;
    if (log_lost_directions(analysis->log, &analysis->covariates, &analysis->folds, err) != 0 ||
        shared_direction_find(&analysis->covariates, &analysis->folds, &analysis->shared_direction, err) != 0)
        return err->code;
    warn_of_shared_direction(analysis);
    return 0;
}

bool analysis_needs_components(const struct analysis *analysis)
{
    int count = analysis->study.covariates.genetic_pcs;
    return count > 0 && (size_t)count < analysis->cohort.n && !analysis->design_is_built &&
           analysis->folds_are_drawn && analysis->components == NULL;
}

int analysis_build_design(struct analysis *analysis, struct error *err)
{
    const struct cohort *cohort = &analysis->cohort;
    size_t n_components = (size_t)analysis->study.covariates.genetic_pcs;
    if (n_components >= cohort->n)
        return error_set(
            err, EXIT_CODE_BAD_INPUT,
            "%s: covariates.genetic_pcs: %zu found for %zu subjects; expected fewer than subjects",
            analysis->study.path, n_components, cohort->n);
    if (analysis->design_is_built || !analysis->folds_are_drawn ||
        (n_components > 0 && analysis->components == NULL))
        return 0;
    struct design_columns columns = {.count = 1 + cohort->n_quantitative + n_components};
    for (size_t k = 0; k < cohort->n_categorical; k++)
        columns.count += cohort->categorical[k].names.count - (cohort->categorical[k].names.count > 0);
    columns.values = memory_zeroed(cohort->n * columns.count, sizeof *columns.values, "the covariates", err);
    if (columns.values != NULL &&
        fill_columns(&columns, cohort, analysis->components, n_components, err) == 0 &&
        keep_independent(analysis, &columns, err) == 0)
        check_design(analysis, err);
    free(columns.values);
    text_list_free(&columns.names);
    return err->code;
}
