#include "input/cohort/cohort_image_gaps.h"

#include "base/memory.h"
#include "input/cohort/cohort_gaps.h"
#include "input/images/image_table.h"

#include <stdlib.h>

/* Which of the people still in each row is. */
static ptrdiff_t *number_rows(const struct cohort_build *build, struct error *err)
{
    size_t n_rows = build->targets.table.subjects.iid.count;
    ptrdiff_t *person = memory_zeroed(n_rows, sizeof *person, "the table of images", err);
    for (size_t row = 0; person != NULL && row < n_rows; row++)
        person[row] = TEXT_NOT_FOUND;
    for (size_t i = 0; person != NULL && i < build->n; i++)
        if (build->in[i])
            person[build->targets.row_of_person[i]] = (ptrdiff_t)i;
    return person;
}

static int drop(struct cohort_build *build, char *const *paths, struct error *err)
{
    const struct genotypes *genotypes = &build->cohort->genotypes;
    const char *table = build->targets.path;
    size_t before = cohort_build_count(build), first = 0, n_dropped = 0;
    for (size_t i = 0; i < build->n; i++) {
        if (!build->in[i] || paths[i] != NULL)
            continue;
        build->in[i] = false;
        first = n_dropped++ == 0 ? i : first;
    }
    log_filter(build->log, LOG_SUBJECTS, n_dropped, before - n_dropped, "without an image in %s", table);
    if (n_dropped == before)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: no subject left: none of the %zu has an image; expected some with one", table,
                         before);
    char name[SUBJECTS_NAME_BYTES];
    if (log_is_large_loss(n_dropped, before))
        log_note(build->log, "%zu of %zu subjects dropped: without an image in %s, e.g. %s", n_dropped,
                 before, table,
                 subjects_name(name, genotypes->fid.items[first], genotypes->iid.items[first]));
    return 0;
}

int cohort_image_gaps_drop(struct cohort_build *build, struct error *err)
{
    const struct cohort_request *request = build->request;
    if (request->images == NULL || request->images->ids != NULL ||
        request->missing != COHORT_MISSING_DROP_SUBJECT)
        return 0;
    ptrdiff_t *person = number_rows(build, err);
    char **paths = person != NULL ? memory_zeroed(build->n, sizeof *paths, "the images' paths", err) : NULL;
    if (paths != NULL &&
        image_table_read(&build->targets.table, person, &build->target_codes, paths, build->n, err) == 0)
        drop(build, paths, err);
    for (size_t i = 0; paths != NULL && i < build->n; i++)
        free(paths[i]);
    free(paths);
    free(person);
    return err->code;
}

int cohort_image_gaps_refuse(const struct cohort_build *build, struct error *err)
{
    size_t n_lacking = 0;
    bool *lacks = memory_zeroed(build->n, sizeof *lacks, "who lacks an image", err);
    if (lacks == NULL)
        return err->code;
    for (size_t i = 0; i < build->n; i++) {
        lacks[i] = build->image_paths[i] == NULL;
        n_lacking += lacks[i];
    }
    if (n_lacking > 0)
        cohort_gaps_name(build, lacks,
                         &(struct cohort_gaps_words){
                             .path = build->targets.path,
                             .what = "without an image",
                             .list = "without_targets.tsv",
                             .remedy = "targets.missing: drop-subject leaves out those who lack one"},
                         err);
    free(lacks);
    return err->code;
}
