/* Who is in every file. */
#include "input/cohort/cohort_subjects.h"

#include "base/memory.h"
#include "input/cohort/cohort_image_gaps.h"
#include "input/cohort/cohort_strangers.h"
#include "input/tables/id_list.h"

#include <stdlib.h>

/* A file of IDs that is matched with the genotypes. */
struct id_file {
    const char *path, *role;
    const struct subjects *subjects;
    const ptrdiff_t *found; /* who of them each subject of the build is, or TEXT_NOT_FOUND */
};

/* Drops everybody who is found (or is not) and says how many; nobody left is an error. */
static int drop(struct cohort_build *build, const struct id_file *file, bool drop_found, struct error *err)
{
    size_t before = cohort_build_count(build);
    for (size_t i = 0; i < build->n; i++)
        if ((file->found[i] != TEXT_NOT_FOUND) == drop_found)
            build->in[i] = false;
    size_t after = cohort_build_count(build);
    log_filter(build->log, LOG_SUBJECTS, before - after, after, "%s %s (%s)", drop_found ? "in" : "not in",
               file->path, file->role);
    if (after > 0)
        return 0;
    return error_set(
        err, EXIT_CODE_BAD_INPUT,
        "%s: no subject left: all of the %zu still in are %s this file (%s); expected some to be kept",
        file->path, before, drop_found ? "in" : "not in", file->role);
}

/* The file has nobody of the genotypes: the usual cause is another form of ID, so show one of each. */
static int check_common(const struct cohort_build *build, const struct id_file *file, struct error *err)
{
    for (size_t i = 0; i < build->n; i++)
        if (file->found[i] != TEXT_NOT_FOUND)
            return 0;
    struct cohort_strangers strangers;
    if (cohort_strangers_find(&strangers, build, file->subjects, file->found, err) != 0)
        return err->code;
    error_set(
        err, EXIT_CODE_BAD_INPUT,
        "%s: no subject in common with %s: genotypes: %zu subjects, e.g. %s; %s: %zu, e.g. %s; expected "
        "the same IDs",
        file->path, build->genotypes, build->n, strangers.ours, file->role, file->subjects->iid.count,
        strangers.theirs);
    if (strangers.difference != NULL)
        error_append(err, " (%s)", strangers.difference);
    return err->code;
}

static size_t count_strangers(const struct cohort_build *build, const struct id_file *file)
{
    size_t strangers = file->subjects->iid.count;
    for (size_t i = 0; i < build->n; i++)
        strangers -= file->found[i] != TEXT_NOT_FOUND;
    return strangers;
}

static void log_strangers(const struct cohort_build *build, const struct id_file *file)
{
    size_t strangers = count_strangers(build, file);
    if (strangers > 0)
        log_info(build->log, "subjects: %zu of %zu in %s are not in the genotypes: not used", strangers,
                 file->subjects->iid.count, file->path);
}

/* A list is written for these genotypes: whoever it names should be there. */
static int tell_of_list(const struct cohort_build *build, const struct id_file *file, struct error *err)
{
    struct cohort_strangers strangers;
    if (!log_is_large_loss(count_strangers(build, file), file->subjects->iid.count))
        return 0;
    if (cohort_strangers_find(&strangers, build, file->subjects, file->found, err) != 0)
        return err->code;
    size_t n_listed = file->subjects->iid.count;
    char *record = memory_format(err, "%s (%s): %zu of its %zu subjects are not in the genotypes", file->path,
                                 file->role, strangers.n_theirs, n_listed);
    char *whole = NULL;
    if (record != NULL && strangers.difference != NULL)
        whole = memory_format(err, "%s: %s", record, strangers.difference);
    if (whole != NULL)
        log_warning_of_people(build->log, whole, "%s, e.g. %s, where these have %s: %s", record,
                              strangers.theirs, strangers.ours, strangers.difference);
    else if (record != NULL)
        log_warning_of_people(build->log, record, "%s, e.g. %s", record, strangers.theirs);
    free(record);
    free(whole);
    return err->code;
}

/* A table need not have everybody of the genotypes, but whoever it drops should be known. */
static int tell_of_table(const struct cohort_build *build, const struct id_file *file, struct error *err)
{
    struct cohort_strangers strangers;
    size_t before = cohort_build_count(build), n_found = 0;
    for (size_t i = 0; i < build->n; i++)
        n_found += build->in[i] && file->found[i] != TEXT_NOT_FOUND;
    if (!log_is_large_loss(before - n_found, before))
        return 0;
    if (cohort_strangers_find(&strangers, build, file->subjects, file->found, err) != 0)
        return err->code;
    if (strangers.difference == NULL) {
        log_note(build->log, "%zu of %zu subjects dropped: not in %s (%s), e.g. %s", strangers.n_ours, before,
                 file->path, file->role, strangers.ours);
        return 0;
    }
    char *record = memory_format(err, "%zu of %zu subjects dropped: not in %s (%s); %zu others are there: %s",
                                 strangers.n_ours, before, file->path, file->role, strangers.n_theirs,
                                 strangers.difference);
    if (record != NULL)
        log_warning_of_people(
            build->log, record,
            "%zu of %zu subjects dropped: not in %s (%s), e.g. %s; %zu others are there, e.g. %s: %s",
            strangers.n_ours, before, file->path, file->role, strangers.ours, strangers.n_theirs,
            strangers.theirs, strangers.difference);
    free(record);
    return err->code;
}

/* A keep (drop_found false) or remove list. */
static int apply_list(struct cohort_build *build, const char *path, bool drop_found, struct error *err)
{
    if (path == NULL)
        return 0;
    const struct genotypes *genotypes = &build->cohort->genotypes;
    struct subjects listed;
    if (id_list_read_subjects(&listed, path, drop_found ? ID_LIST_MAY_BE_EMPTY : ID_LIST_ONE_OR_MORE, err) !=
        0)
        return err->code;
    ptrdiff_t *found = memory_zeroed(build->n, sizeof *found, "matched subjects", err);
    const struct id_file file = {
        .path = path, .role = drop_found ? "remove" : "keep", .subjects = &listed, .found = found};
    int code = found == NULL ? err->code
                             : subjects_match(&genotypes->fid, &genotypes->iid, &listed, path, found, err);
    if (code == 0 && listed.iid.count == 0)
        log_note(build->log, "%s (%s): nobody in it: it leaves nobody out", path, file.role);
    else if (code == 0)
        code = check_common(build, &file, err);
    if (code == 0)
        code = tell_of_list(build, &file, err);
    if (code == 0) {
        log_strangers(build, &file);
        code = drop(build, &file, drop_found, err);
    }
    free(found);
    subjects_free(&listed);
    return code;
}

static int apply_table(struct cohort_build *build, struct cohort_table *side, struct error *err)
{
    if (side->path == NULL)
        return 0;
    const struct genotypes *genotypes = &build->cohort->genotypes;
    if (table_open(&side->table, side->path, side->id_column, err) != 0)
        return err->code;
    const struct subjects *rows = &side->table.subjects;
    side->row_of_person = memory_zeroed(build->n, sizeof *side->row_of_person, "matched subjects", err);
    side->subject_of_row =
        memory_zeroed(rows->iid.count, sizeof *side->subject_of_row, "matched subjects", err);
    if (side->row_of_person == NULL || side->subject_of_row == NULL)
        return err->code;
    const struct id_file file = {
        .path = side->path, .role = side->role, .subjects = rows, .found = side->row_of_person};
    if (subjects_match(&genotypes->fid, &genotypes->iid, rows, side->path, side->row_of_person, err) != 0 ||
        check_common(build, &file, err) != 0 || tell_of_table(build, &file, err) != 0)
        return err->code;
    log_strangers(build, &file);
    return drop(build, &file, false, err);
}

static void number_rows(struct cohort_table *side, const size_t *positions, size_t count)
{
    if (side->path == NULL)
        return;
    for (size_t row = 0; row < side->table.subjects.iid.count; row++)
        side->subject_of_row[row] = TEXT_NOT_FOUND;
    for (size_t k = 0; k < count; k++)
        side->subject_of_row[side->row_of_person[positions[k]]] = (ptrdiff_t)k;
}

/* Makes those still in the subjects 0 ... n - 1. */
static int keep_matched(struct cohort_build *build, struct error *err)
{
    size_t count = 0;
    size_t *positions = memory_zeroed(build->n, sizeof *positions, "the kept subjects", err);
    if (positions == NULL)
        return err->code;
    for (size_t i = 0; i < build->n; i++)
        if (build->in[i])
            positions[count++] = i;
    number_rows(&build->targets, positions, count);
    number_rows(&build->covariates, positions, count);
    number_rows(&build->folds, positions, count);
    int code = genotypes_keep(&build->cohort->genotypes, positions, count, err);
    build->n = count;
    for (size_t i = 0; i < count; i++)
        build->in[i] = true;
    free(positions);
    return code;
}

/* The table that says who has targets. */
static const char *targets_table(const struct cohort_request *request)
{
    const struct cohort_images *images = request->images;
    if (images == NULL)
        return request->targets_table;
    return images->ids != NULL ? images->ids : images->images;
}

int cohort_subjects_match(struct cohort_build *build, struct error *err)
{
    const struct cohort_request *request = build->request;
    build->n = build->cohort->genotypes.n_subjects;
    build->targets = (struct cohort_table){
        .path = targets_table(request), .id_column = request->targets_id, .role = "targets"};
    build->covariates = (struct cohort_table){
        .path = request->covariates_table, .id_column = request->covariates_id, .role = "covariates"};
    build->folds =
        (struct cohort_table){.path = request->folds_table, .id_column = request->folds_id, .role = "folds"};
    build->in = memory_zeroed(build->n, sizeof *build->in, "the subjects", err);
    if (build->in == NULL)
        return err->code;
    for (size_t i = 0; i < build->n; i++)
        build->in[i] = true;
    log_info(build->log, "subjects: %zu in %s", build->n, build->genotypes);
    if (apply_list(build, request->keep, false, err) != 0 ||
        apply_list(build, request->remove, true, err) != 0 || apply_table(build, &build->targets, err) != 0 ||
        apply_table(build, &build->covariates, err) != 0 || apply_table(build, &build->folds, err) != 0 ||
        cohort_image_gaps_drop(build, err) != 0)
        return err->code;
    return keep_matched(build, err);
}

static void free_side(struct cohort_table *side)
{
    if (side->path == NULL)
        return;
    table_close(&side->table);
    free(side->row_of_person);
    free(side->subject_of_row);
}

void cohort_subjects_free(struct cohort_build *build)
{
    free_side(&build->targets);
    free_side(&build->covariates);
    free_side(&build->folds);
    free(build->in);
}
