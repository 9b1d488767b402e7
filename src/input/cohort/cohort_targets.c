/* The targets: their values, and what missing ones mean. */
#include "input/cohort/cohort_targets.h"

#include "base/memory.h"
#include "base/utf8_check.h"
#include "input/cohort/cohort_gaps.h"
#include "input/cohort/cohort_images.h"
#include "input/cohort/cohort_known.h"
#include "input/tables/problems.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FEWEST_VALUES = 10, NOTE_BYTES = 120, LISTED_BYTES = 1000 };

/* Those that the study file names are UTF-8, as it is. */
static int check_name(const struct table *table, size_t column, struct error *err)
{
    char what[32];
    snprintf(what, sizeof what, "column %zu", column + 1);
    return utf8_check(table->columns.items[column], table->path, table->header_line, what, err);
}

/* The columns asked for, in table order; all but the IDs when none is named. */
static int choose_columns(const struct table *table, const struct text_list *names, size_t *columns,
                          size_t *count, struct error *err)
{
    bool all = names == NULL || names->count == 0;
    bool *chosen = memory_zeroed(table->columns.count, sizeof *chosen, "target columns", err);
    size_t *found = memory_zeroed(all ? 0 : names->count, sizeof *found, "target columns", err);
    struct problems problems = {0};
    int code = chosen == NULL || found == NULL ? err->code : 0;
    if (code == 0 && !all)
        code = table_find(table, names->items, names->count, found, &problems, err);
    if (code == 0)
        code = problems_end(&problems, err);
    for (size_t k = 0; code == 0 && !all && k < names->count; k++)
        chosen[found[k]] = true;
    *count = 0;
    for (size_t k = 0; code == 0 && k < table->columns.count; k++)
        if (all ? !table_is_id(table, k) : chosen[k])
            columns[(*count)++] = k;
    if (code == 0 && *count == 0)
        code = error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s:%zu: no column but IDs found; expected one column a target", table->path,
                         table->header_line);
    free(chosen);
    free(found);
    return code;
}

int cohort_targets_make_room(struct cohort_build *build, size_t n_targets, struct error *err)
{
    struct cohort *cohort = build->cohort;
    cohort->n_targets = n_targets;
    cohort->target_notes = memory_zeroed(n_targets, sizeof *cohort->target_notes, "the targets' notes", err);
    if (cohort->target_notes == NULL)
        return err->code;
    cohort->targets = memory_aligned(build->n * n_targets, sizeof *cohort->targets, "the targets", err);
    return cohort->targets == NULL ? err->code : 0;
}

static int read_table(struct cohort_build *build, struct error *err)
{
    struct cohort *cohort = build->cohort;
    const struct table *table = &build->targets.table;
    size_t count;
    size_t *columns = memory_zeroed(table->columns.count, sizeof *columns, "target columns", err);
    if (columns == NULL)
        return err->code;
    int code = choose_columns(table, build->request->target_columns, columns, &count, err);
    for (size_t k = 0; code == 0 && k < count; k++)
        if ((code = check_name(table, columns[k], err)) == 0)
            code = text_list_add(&cohort->target_names, table->columns.items[columns[k]], err);
    if (code == 0)
        code = cohort_targets_make_room(build, count, err);
    if (code == 0)
        code = table_read_numbers(table, build->targets.subject_of_row,
                                  &(struct table_columns){.columns = columns,
                                                          .count = count,
                                                          .missing_codes = &build->target_codes,
                                                          .remedy = "; targets.columns names those to take",
                                                          .log = build->log},
                                  cohort->targets, err);
    free(columns);
    return code;
}

static int read_columns(struct cohort_build *build, struct error *err)
{
    const struct cohort_request *request = build->request;
    struct cohort *cohort = build->cohort;
    const struct genotype_columns columns = {.names = request->fam_names->items,
                                             .columns = request->fam_columns,
                                             .count = request->fam_names->count,
                                             .missing_codes = &build->target_codes};
    for (size_t k = 0; k < columns.count; k++)
        if (text_list_add(&cohort->target_names, columns.names[k], err) != 0)
            return err->code;
    if (cohort_targets_make_room(build, columns.count, err) != 0)
        return err->code;
    return genotypes_read_columns(&cohort->genotypes, &columns, cohort->targets, err);
}

int cohort_targets_read(struct cohort_build *build, struct error *err)
{
    if (build->request->images != NULL)
        return cohort_images_read(build, err);
    return build->targets.path != NULL ? read_table(build, err) : read_columns(build, err);
}

/* One target among the subjects still in. */
struct summary {
    size_t n_values;
    double smallest, largest;
};

static void summarise(const struct cohort_build *build, struct summary *summaries)
{
    size_t n_targets = build->cohort->n_targets;
    for (size_t t = 0; t < n_targets; t++)
        summaries[t] = (struct summary){0, INFINITY, -INFINITY};
    for (size_t i = 0; i < build->n; i++) {
        const double *row = build->cohort->targets + i * n_targets;
        for (size_t t = 0; build->in[i] && t < n_targets; t++) {
            if (isnan(row[t]))
                continue;
            summaries[t].n_values++;
            summaries[t].smallest = fmin(summaries[t].smallest, row[t]);
            summaries[t].largest = fmax(summaries[t].largest, row[t]);
        }
    }
}

/* Why a target cannot be analysed, in `note`; false when it can. */
static bool is_hopeless(const struct summary *summary, size_t n, double max_missing, char note[NOTE_BYTES])
{
    double missing = (double)(n - summary->n_values) / (double)n;
    if (missing > max_missing)
        snprintf(note, NOTE_BYTES, "%zu of %zu values missing, more than max_missing_per_target %.3g",
                 n - summary->n_values, n, max_missing);
    else if (summary->n_values < FEWEST_VALUES)
        snprintf(note, NOTE_BYTES, "%zu values, fewer than %d", summary->n_values, FEWEST_VALUES);
    else if (summary->smallest >= summary->largest)
        snprintf(note, NOTE_BYTES, "constant");
    else
        return false;
    return true;
}

/* Gives a note to every target that cannot be analysed. */
static int add_notes(struct cohort_build *build, struct summary *summaries, struct error *err)
{
    struct cohort *cohort = build->cohort;
    size_t n = cohort_build_count(build);
    summarise(build, summaries);
    for (size_t t = 0; t < cohort->n_targets; t++) {
        char note[NOTE_BYTES];
        if (cohort->target_notes[t] != NULL ||
            !is_hopeless(&summaries[t], n, build->request->max_missing_per_target, note))
            continue;
        cohort->target_notes[t] = memory_string(note, err);
        if (cohort->target_notes[t] == NULL)
            return err->code;
        log_info(build->log, "targets: %s left out: %s", cohort->target_names.items[t], note);
    }
    return 0;
}

int cohort_targets_look_again(struct cohort *cohort, double max_missing, struct log *log, struct error *err)
{
    struct cohort_request request = {.max_missing_per_target = max_missing};
    struct cohort_build build = {.request = &request, .log = log, .cohort = cohort, .n = cohort->n};
    struct summary *summaries =
        memory_zeroed(cohort->n_targets, sizeof *summaries, "a summary of the targets", err);
    build.in = memory_zeroed(cohort->n, sizeof *build.in, "the kept subjects", err);
    for (size_t i = 0; build.in != NULL && i < cohort->n; i++)
        build.in[i] = true;
    if (err->code == 0)
        add_notes(&build, summaries, err);
    free(build.in);
    free(summaries);
    return err->code;
}

/* What is missing before any of it is handled. */
static int count_missing(struct cohort_build *build, const struct summary *summaries, struct error *err)
{
    struct cohort *cohort = build->cohort;
    size_t n = cohort_build_count(build);
    cohort->target_n_missing =
        memory_zeroed(cohort->n_targets, sizeof *cohort->target_n_missing, "counts of missing values", err);
    for (size_t t = 0; cohort->target_n_missing != NULL && t < cohort->n_targets; t++)
        cohort->target_n_missing[t] = (int32_t)(n - summaries[t].n_values);
    return err->code;
}

static const char *source(const struct cohort_build *build)
{
    return build->targets.path != NULL ? build->targets.path : build->genotypes;
}

/* Who they are, after the lines that count them. */
static int name_missing(const struct cohort_build *build, struct error *err)
{
    const struct cohort *cohort = build->cohort;
    bool *lacks = memory_zeroed(build->n, sizeof *lacks, "who lacks a value", err);
    if (lacks == NULL)
        return err->code;
    for (size_t i = 0; i < build->n; i++)
        for (size_t t = 0; t < cohort->n_targets; t++)
            lacks[i] |= cohort->target_notes[t] == NULL && isnan(cohort->targets[i * cohort->n_targets + t]);
    cohort_gaps_name(
        build, lacks,
        &(struct cohort_gaps_words){
            .path = source(build),
            .what = "without a value",
            .list = "without_targets.tsv",
            .remedy = "targets.missing: drop-subject leaves out those who lack one, mean keeps them"},
        err);
    free(lacks);
    return err->code;
}

static int refuse_missing(const struct cohort_build *build, const struct summary *summaries,
                          struct error *err)
{
    const struct cohort *cohort = build->cohort;
    struct problems problems = {0};
    size_t n = cohort_build_count(build);
    for (size_t t = 0; t < cohort->n_targets; t++)
        if (cohort->target_notes[t] == NULL && summaries[t].n_values < n)
            problems_add(&problems, err,
                         "%s: target %s: %zu of %zu values missing; expected none (targets.missing: error)",
                         source(build), cohort->target_names.items[t], n - summaries[t].n_values, n);
    return problems_end(&problems, err);
}

/* "CD8: 530, MCH: 360": how many values each target lacks. */
static void list_missing(const struct cohort_build *build, const struct summary *summaries, size_t n,
                         char text[LISTED_BYTES])
{
    const struct cohort *cohort = build->cohort;
    size_t used = 0, listed = 0;
    text[0] = '\0';
    for (size_t t = 0; t < cohort->n_targets; t++) {
        if (cohort->target_notes[t] != NULL || summaries[t].n_values == n)
            continue;
        if (listed < PROBLEMS_LISTED && used < LISTED_BYTES)
            used += (size_t)snprintf(text + used, LISTED_BYTES - used, "%s%.60s: %zu", listed > 0 ? ", " : "",
                                     cohort->target_names.items[t], n - summaries[t].n_values);
        listed++;
    }
    if (listed > PROBLEMS_LISTED && used < LISTED_BYTES)
        snprintf(text + used, LISTED_BYTES - used, ", ... and %zu more targets", listed - PROBLEMS_LISTED);
}

static int drop_subjects(struct cohort_build *build, const struct summary *summaries, struct error *err)
{
    const struct cohort *cohort = build->cohort;
    size_t before = cohort_build_count(build);
    for (size_t i = 0; i < build->n; i++)
        for (size_t t = 0; build->in[i] && t < cohort->n_targets; t++)
            if (cohort->target_notes[t] == NULL && isnan(cohort->targets[i * cohort->n_targets + t]))
                build->in[i] = false;
    size_t after = cohort_build_count(build);
    char listed[LISTED_BYTES];
    list_missing(build, summaries, before, listed);
    log_filter(build->log, LOG_SUBJECTS, before - after, after, "a target is missing%s%s%s",
               before > after ? " (" : "", listed, before > after ? ")" : "");
    if (after > 0 && log_is_large_loss(before - after, before))
        log_warning(build->log,
                    "%zu of %zu subjects dropped: a target is missing (%s); a smaller "
                    "targets.max_missing_per_target leaves out the worst targets first",
                    before - after, before, listed);
    if (after > 0)
        return 0;
    return error_set(
        err, EXIT_CODE_BAD_INPUT,
        "%s: no subject left: each of the %zu lacks a target (%s); expected some with all targets; a "
        "smaller targets.max_missing_per_target leaves out the worst targets first",
        source(build), before, listed);
}

/* Some target is left, or an error with the reasons. */
static int check_any(const struct cohort_build *build, struct error *err)
{
    const struct cohort *cohort = build->cohort;
    struct problems problems = {0};
    size_t n_analysed = 0;
    for (size_t t = 0; t < cohort->n_targets; t++)
        n_analysed += cohort->target_notes[t] == NULL;
    log_info(build->log, "targets: %zu of %zu in %s analysed", n_analysed, cohort->n_targets, source(build));
    for (size_t t = 0; n_analysed == 0 && t < cohort->n_targets; t++)
        problems_add(&problems, err, "%s: target %s cannot be analysed, and no other can: %s", source(build),
                     cohort->target_names.items[t], cohort->target_notes[t]);
    return problems_end(&problems, err);
}

int cohort_targets_settle(struct cohort_build *build, struct error *err)
{
    if (build->request->headers_only && build->request->images != NULL) /* no value has been read */
        return check_any(build, err);
    struct summary *summaries =
        memory_zeroed(build->cohort->n_targets, sizeof *summaries, "a summary of the targets", err);
    if (summaries == NULL)
        return err->code;
    enum cohort_missing missing = build->request->missing;
    int code = cohort_known_take_notes(build, err);
    if (code == 0)
        code = add_notes(build, summaries, err);
    if (code == 0)
        code = count_missing(build, summaries, err);
    if (code == 0 && missing == COHORT_MISSING_ERROR) {
        code = build->request->images != NULL ? cohort_images_refuse_missing(build, err)
                                              : refuse_missing(build, summaries, err);
        if (code != 0)
            code = name_missing(build, err);
    }
    if (code == 0 && missing == COHORT_MISSING_DROP_SUBJECT) {
        code = drop_subjects(build, summaries, err);
        if (code == 0) /* the dropping may have left a target constant */
            code = add_notes(build, summaries, err);
    }
    if (code == 0)
        code = check_any(build, err);
    free(summaries);
    return code;
}
