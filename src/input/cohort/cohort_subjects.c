/* Who is in every file. */
#include "input/cohort/cohort_subjects.h"

#include "base/memory.h"
#include "input/tables/id_list.h"

#include <stdlib.h>

/* Drops everybody who is found (or is not) and says how many; nobody left is an error. */
static int drop(struct cohort_build *build, const ptrdiff_t *found, bool drop_found, const char *path,
                const char *role, struct error *err)
{
    size_t before = cohort_build_count(build);
    for (size_t i = 0; i < build->n; i++)
        if ((found[i] != TEXT_NOT_FOUND) == drop_found)
            build->in[i] = false;
    size_t after = cohort_build_count(build);
    log_filter(build->log, LOG_SUBJECTS, before - after, after, "%s %s (%s)", drop_found ? "in" : "not in",
               path, role);
    if (after > 0)
        return 0;
    return error_set(
        err, EXIT_CODE_BAD_INPUT,
        "%s: no subject left: all of the %zu still in are %s this file (%s); expected some to be kept", path,
        before, drop_found ? "in" : "not in", role);
}

/* The others' file has nobody of the genotypes: the usual cause is another form of ID, so show one of each.
 */
static int check_common(const struct cohort_build *build, const struct subjects *others,
                        const ptrdiff_t *found, const char *path, const char *role, struct error *err)
{
    const struct genotypes *genotypes = &build->cohort->genotypes;
    for (size_t i = 0; i < build->n; i++)
        if (found[i] != TEXT_NOT_FOUND)
            return 0;
    char ours[SUBJECTS_NAME_BYTES], theirs[SUBJECTS_NAME_BYTES];
    return error_set(
        err, EXIT_CODE_BAD_INPUT,
        "%s: no subject in common with %s: genotypes: %zu subjects, e.g. %s; %s: %zu, e.g. %s; expected "
        "the same IDs",
        path, build->genotypes, build->n,
        subjects_name(ours, genotypes->fid.items[0], genotypes->iid.items[0]), role, others->iid.count,
        subjects_name(theirs, others->fid.count > 0 ? others->fid.items[0] : NULL, others->iid.items[0]));
}

static void log_strangers(const struct cohort_build *build, const struct subjects *others,
                          const ptrdiff_t *found, const char *path)
{
    size_t strangers = others->iid.count;
    for (size_t i = 0; i < build->n; i++)
        strangers -= found[i] != TEXT_NOT_FOUND;
    if (strangers > 0)
        log_info(build->log, "subjects: %zu of %zu in %s are not in the genotypes: not used", strangers,
                 others->iid.count, path);
}

/* A keep (drop_found false) or remove list. */
static int apply_list(struct cohort_build *build, const char *path, bool drop_found, struct error *err)
{
    if (path == NULL)
        return 0;
    const char *role = drop_found ? "remove" : "keep";
    const struct genotypes *genotypes = &build->cohort->genotypes;
    struct subjects listed;
    if (id_list_read_subjects(&listed, path, err) != 0)
        return err->code;
    ptrdiff_t *found = memory_zeroed(build->n, sizeof *found, "matched subjects", err);
    int code = found == NULL ? err->code
                             : subjects_match(&genotypes->fid, &genotypes->iid, &listed, path, found, err);
    if (code == 0 && !drop_found)
        code = check_common(build, &listed, found, path, role, err);
    if (code == 0) {
        log_strangers(build, &listed, found, path);
        code = drop(build, found, drop_found, path, role, err);
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
    if (table_open(&side->table, side->path, err) != 0)
        return err->code;
    const struct subjects *rows = &side->table.subjects;
    side->row_of_person = memory_zeroed(build->n, sizeof *side->row_of_person, "matched subjects", err);
    side->subject_of_row =
        memory_zeroed(rows->iid.count, sizeof *side->subject_of_row, "matched subjects", err);
    if (side->row_of_person == NULL || side->subject_of_row == NULL)
        return err->code;
    int code = subjects_match(&genotypes->fid, &genotypes->iid, rows, side->path, side->row_of_person, err);
    if (code == 0)
        code = check_common(build, rows, side->row_of_person, side->path, side->role, err);
    if (code != 0)
        return code;
    log_strangers(build, rows, side->row_of_person, side->path);
    return drop(build, side->row_of_person, false, side->path, side->role, err);
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
    build->targets = (struct cohort_table){.path = targets_table(request), .role = "targets"};
    build->covariates = (struct cohort_table){.path = request->covariates_table, .role = "covariates"};
    build->folds = (struct cohort_table){.path = request->folds_table, .role = "folds"};
    build->in = memory_zeroed(build->n, sizeof *build->in, "the subjects", err);
    if (build->in == NULL)
        return err->code;
    for (size_t i = 0; i < build->n; i++)
        build->in[i] = true;
    log_info(build->log, "subjects: %zu in %s", build->n, build->genotypes);
    if (apply_list(build, request->keep, false, err) != 0 ||
        apply_list(build, request->remove, true, err) != 0 || apply_table(build, &build->targets, err) != 0 ||
        apply_table(build, &build->covariates, err) != 0 || apply_table(build, &build->folds, err) != 0)
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
