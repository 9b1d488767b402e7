/* Covariates and labels: columns found, values read. What is missing: cohort_gaps.c. */
#include "input/cohort/cohort_covariates.h"

#include "base/memory.h"
#include "input/cohort/labels.h"
#include "input/tables/problems.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t count_of(const struct text_list *list)
{
    return list == NULL ? 0 : list->count;
}

/* The genotypes' family stands for itself; every other column is the covariates table's. */
static bool is_family(const char *column)
{
    return strcmp(column, "FID") == 0;
}

static void need_table(const char *key, const char *column, struct problems *problems, struct error *err)
{
    if (column != NULL && !is_family(column))
        problems_add(problems, err,
                     "%s: column %s found, but no covariates table; expected covariates.table, or FID", key,
                     column);
}

static int check_table(const struct cohort_build *build, struct error *err)
{
    const struct cohort_request *request = build->request;
    struct problems problems = {0};
    if (build->covariates.path != NULL)
        return 0;
    need_table("permutations.within", request->within, &problems, err);
    need_table("model.keep_together", request->keep_together, &problems, err);
    if (count_of(request->quantitative) + count_of(request->categorical) > 0)
        problems_add(&problems, err, "covariates: columns found, but no table; expected covariates.table");
    return problems_end(&problems, err);
}

static void add_text(struct cohort_build *build, const struct cohort_table *side, const char *name,
                     struct cohort_labels *labels)
{
    build->text_columns[build->n_text_columns++] =
        (struct cohort_text_column){.name = name, .side = side, .labels = labels};
}

/* Lists the columns asked for. */
static int list_columns(struct cohort_build *build, struct error *err)
{
    const struct cohort_request *request = build->request;
    struct cohort *cohort = build->cohort;
    size_t n_categorical = count_of(request->categorical);
    cohort->n_quantitative = count_of(request->quantitative);
    cohort->categorical = memory_zeroed(n_categorical, sizeof *cohort->categorical, "covariates", err);
    build->text_columns = memory_zeroed(n_categorical + 3, sizeof *build->text_columns, "labels", err);
    if (cohort->categorical == NULL || build->text_columns == NULL)
        return err->code;
    cohort->n_categorical = n_categorical;
    for (size_t k = 0; k < cohort->n_quantitative; k++)
        if (text_list_add(&cohort->quantitative_names, request->quantitative->items[k], err) != 0)
            return err->code;
    for (size_t k = 0; k < n_categorical; k++) {
        add_text(build, &build->covariates, request->categorical->items[k], &cohort->categorical[k]);
        if (text_list_add(&cohort->categorical_names, request->categorical->items[k], err) != 0)
            return err->code;
    }
    if (request->within != NULL && !is_family(request->within))
        add_text(build, &build->covariates, request->within, &cohort->within);
    if (request->keep_together != NULL && !is_family(request->keep_together))
        add_text(build, &build->covariates, request->keep_together, &cohort->group);
    if (build->folds.path != NULL)
        add_text(build, &build->folds, request->folds_column, &cohort->fold);
    return 0;
}

/* Those of the categorical covariates together; any other text column may be one of them too. */
static int find_text_columns(struct cohort_build *build, struct problems *problems, struct error *err)
{
    const struct cohort *cohort = build->cohort;
    size_t n_categorical = cohort->n_categorical;
    size_t *positions = memory_zeroed(build->n_text_columns, sizeof *positions, "labels", err);
    if (positions == NULL)
        return err->code;
    int code = n_categorical == 0 ? 0
                                  : table_find(&build->covariates.table, cohort->categorical_names.items,
                                               n_categorical, positions, problems, err);
    for (size_t k = n_categorical; code == 0 && k < build->n_text_columns; k++) {
        char *name = memory_string(build->text_columns[k].name, err);
        code = name == NULL
                   ? err->code
                   : table_find(&build->text_columns[k].side->table, &name, 1, &positions[k], problems, err);
        free(name);
    }
    for (size_t k = 0; k < build->n_text_columns; k++)
        build->text_columns[k].position = positions[k];
    free(positions);
    return code;
}

/* Finds every column in its table; all that are not there are listed at once. */
static int find_columns(struct cohort_build *build, struct error *err)
{
    const struct cohort *cohort = build->cohort;
    struct problems problems = {0};
    build->quantitative_columns =
        memory_zeroed(cohort->n_quantitative, sizeof *build->quantitative_columns, "covariates", err);
    if (build->quantitative_columns == NULL)
        return err->code;
    if (cohort->n_quantitative > 0 &&
        table_find(&build->covariates.table, cohort->quantitative_names.items, cohort->n_quantitative,
                   build->quantitative_columns, &problems, err) != 0)
        return err->code;
    if (find_text_columns(build, &problems, err) != 0)
        return err->code;
    return problems_end(&problems, err);
}

/* Reads the text columns of one table, which stand side by side in text_columns. */
static int read_texts(struct cohort_build *build, const struct cohort_table *side, struct error *err)
{
    size_t *columns = memory_zeroed(build->n_text_columns, sizeof *columns, "labels", err);
    if (columns == NULL)
        return err->code;
    size_t first = 0, count = 0;
    for (size_t k = 0; k < build->n_text_columns; k++) {
        if (build->text_columns[k].side != side)
            continue;
        if (count == 0)
            first = k;
        columns[count++] = build->text_columns[k].position;
    }
    int code = 0;
    if (count > 0)
        code = table_read_texts(&side->table, side->subject_of_row,
                                &(struct table_columns){.columns = columns,
                                                        .count = count,
                                                        .missing_codes = &build->covariate_codes},
                                build->texts + first, build->n_text_columns, err);
    free(columns);
    return code;
}

int cohort_covariates_read(struct cohort_build *build, struct error *err)
{
    struct cohort *cohort = build->cohort;
    if (check_table(build, err) != 0 || list_columns(build, err) != 0 || find_columns(build, err) != 0)
        return err->code;
    build->texts = memory_zeroed(build->n * build->n_text_columns, sizeof *build->texts, "labels", err);
    cohort->quantitative = memory_aligned(build->n * cohort->n_quantitative, sizeof *cohort->quantitative,
                                          "the covariates", err);
    if (build->texts == NULL || cohort->quantitative == NULL)
        return err->code;
    if (cohort->n_quantitative > 0 &&
        table_read_numbers(&build->covariates.table, build->covariates.subject_of_row,
                           &(struct table_columns){.columns = build->quantitative_columns,
                                                   .count = cohort->n_quantitative,
                                                   .missing_codes = &build->covariate_codes,
                                                   .remedy = "; labels belong in covariates.categorical",
                                                   .log = build->log},
                           cohort->quantitative, err) != 0)
        return err->code;
    if (read_texts(build, &build->covariates, err) != 0)
        return err->code;
    return read_texts(build, &build->folds, err);
}

/* Families to be kept together. FID 0 is no family, so whoever has it stands alone. */
static int label_families(struct cohort_build *build, struct error *err)
{
    const struct genotypes *genotypes = &build->cohort->genotypes;
    struct text_list names = {0};
    size_t n_alone = 0;
    for (size_t i = 0; err->code == 0 && i < build->n; i++) {
        const char *fid = genotypes->fid.items[i];
        if (subjects_has_family(fid)) {
            text_list_add(&names, fid, err);
            continue;
        }
        char *own = memory_format(err, "0 %s", genotypes->iid.items[i]);
        if (own != NULL)
            text_list_add(&names, own, err);
        free(own);
        n_alone++;
    }
    if (err->code == 0)
        labels_init(&build->cohort->group, names.items, 1, build->n, err);
    text_list_free(&names);
    if (err->code == 0 && n_alone == build->n)
        log_warning(
            build->log,
            "model.keep_together: FID: everybody has FID 0, which is no family: nobody is kept together");
    else if (n_alone > 0)
        log_info(build->log, "subjects: %zu of %zu have FID 0, which is no family", n_alone, build->n);
    return err->code;
}

/* The line of the first person with that label. */
static size_t line_of(const struct cohort_text_column *column, size_t level)
{
    const struct subjects *rows = &column->side->table.subjects;
    for (size_t row = 0; row < rows->iid.count; row++) {
        ptrdiff_t subject = column->side->subject_of_row[row];
        if (subject != TEXT_NOT_FOUND && (size_t)column->labels->level[subject] == level)
            return rows->lines[row];
    }
    return 0;
}

/* A label that is a number. */
struct numbered {
    double number;
    size_t level;
};

static int by_number(const void *a, const void *b)
{
    const struct numbered *left = a, *right = b;
    if (left->number < right->number || left->number > right->number)
        return left->number < right->number ? -1 : 1;
    return left->level < right->level ? -1 : left->level > right->level;
}

/* A spreadsheet makes 1.0 or 1 of the site 01: one number under two names would be two sites. Labels that
 * are words may stand beside it ("other"): so those that are numbers are sorted among themselves. */
static int refuse_equal_numbers(const struct cohort_text_column *column, struct problems *problems,
                                struct error *err)
{
    const struct text_list *names = &column->labels->names;
    struct numbered *numbers = memory_zeroed(names->count, sizeof *numbers, "labels", err);
    size_t count = 0;
    if (numbers == NULL)
        return err->code;
    for (size_t k = 0; k < names->count; k++)
        if (text_to_double(names->items[k], &numbers[count].number))
            numbers[count++].level = k;
    qsort(numbers, count, sizeof *numbers, by_number);
    for (size_t k = 1; k < count && problems->count < PROBLEMS_LISTED; k++) /* each takes a pass over rows */
        if (numbers[k].number == numbers[k - 1].number)
            problems_add(problems, err,
                         "%s:%zu: column %s: label %s found, and %s in line %zu, which are one number; "
                         "expected one way of writing it",
                         column->side->path, line_of(column, numbers[k].level), column->name,
                         names->items[numbers[k].level], names->items[numbers[k - 1].level],
                         line_of(column, numbers[k - 1].level));
    free(numbers);
    return 0;
}

int cohort_covariates_label(struct cohort_build *build, struct error *err)
{
    struct problems problems = {0};
    const struct cohort_request *request = build->request;
    struct cohort *cohort = build->cohort;
    for (size_t k = 0; k < build->n_text_columns; k++) {
        const struct cohort_text_column *column = &build->text_columns[k];
        if (labels_init(column->labels, build->texts + k, build->n_text_columns, build->n, err) != 0)
            return err->code;
        bool is_told = false; /* a categorical covariate may be `within` as well */
        for (size_t before = 0; before < k; before++)
            is_told |= build->text_columns[before].position == column->position &&
                       build->text_columns[before].side == column->side;
        if (is_told)
            continue;
        log_info(build->log, "%s: %s: %zu levels", column->side->role, column->name,
                 column->labels->names.count);
        if (refuse_equal_numbers(column, &problems, err) != 0)
            return err->code;
    }
    if (problems_end(&problems, err) != 0)
        return err->code;
    char *const *families = cohort->genotypes.fid.items;
    if (request->within != NULL && is_family(request->within) &&
        labels_init(&cohort->within, families, 1, build->n, err) != 0)
        return err->code;
    if (request->keep_together != NULL && is_family(request->keep_together))
        return label_families(build, err);
    return 0;
}

void cohort_covariates_free(struct cohort_build *build)
{
    for (size_t i = 0; build->texts != NULL && i < build->n * build->n_text_columns; i++)
        free(build->texts[i]);
    free(build->texts);
    free(build->quantitative_columns);
    free(build->text_columns);
}
