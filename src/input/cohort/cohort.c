#include "input/cohort/cohort.h"

#include "base/memory.h"
#include "input/cohort/cohort_covariates.h"
#include "input/cohort/cohort_files.h"
#include "input/cohort/cohort_gaps.h"
#include "input/cohort/cohort_images.h"
#include "input/cohort/cohort_keep.h"
#include "input/cohort/cohort_known.h"
#include "input/cohort/cohort_likely_codes.h"
#include "input/cohort/cohort_snps.h"
#include "input/cohort/cohort_subjects.h"
#include "input/cohort/cohort_targets.h"
#include "input/cohort/labels.h"

#include <stdlib.h>
#include <string.h>

size_t cohort_build_count(const struct cohort_build *build)
{
    size_t count = 0;
    for (size_t i = 0; i < build->n; i++)
        count += build->in[i];
    return count;
}

/* In place of the pass over the calls: keeps the subjects whom the earlier pass kept. */
static int keep_known(struct cohort_build *build, const struct cohort_known *known, struct error *err)
{
    ptrdiff_t *found = memory_zeroed(build->n, sizeof *found, "the subjects of the campaign", err);
    int code = found != NULL ? cohort_known_find(build, known, found, err) : err->code;
    for (size_t i = 0; code == 0 && i < build->n; i++)
        build->in[i] = found[i] != TEXT_NOT_FOUND;
    free(found);
    if (code == 0)
        log_info(build->log,
                 "subjects: %zu of the campaign; their calls have kept size and time and were not read again",
                 cohort_build_count(build));
    return code;
}

/* Drops subjects with too many missing calls; *example is one of them. */
static size_t drop_over(struct cohort_build *build, const uint32_t *missing, size_t *example)
{
    double n_snps = (double)build->cohort->genotypes.variants.count;
    size_t n_dropped = 0;
    for (size_t i = 0; i < build->n; i++) {
        build->in[i] = missing[i] / n_snps <= build->request->max_missing_per_subject;
        if (!build->in[i] && n_dropped++ == 0)
            *example = i;
    }
    return n_dropped;
}

static void tell_of_missing_calls(const struct cohort_build *build, const uint32_t *missing, size_t n_dropped,
                                  size_t example)
{
    const struct genotypes *genotypes = &build->cohort->genotypes;
    char name[SUBJECTS_NAME_BYTES];
    if (!log_is_large_loss(n_dropped, build->n))
        return;
    struct error ignored = {0};
    char *record = memory_format(&ignored,
                                 "%zu of %zu subjects dropped: more than %g of the %zu selected calls "
                                 "missing (genotypes.max_missing_per_subject)",
                                 n_dropped, build->n, build->request->max_missing_per_subject,
                                 genotypes->variants.count);
    if (record != NULL)
        log_warning_of_people(
            build->log, record, "%s, e.g. %s, who lacks %u", record,
            subjects_name(name, genotypes->fid.items[example], genotypes->iid.items[example]),
            missing[example]);
    free(record);
}

/* The pass over the calls: drops subjects with too many missing ones. */
static int drop_missing_calls(struct cohort_build *build, uint64_t *hash, struct error *err)
{
    const struct genotypes *genotypes = &build->cohort->genotypes;
    double most = build->request->max_missing_per_subject;
    *hash = 0;
    if (build->request->headers_only)
        return 0;
    if (build->request->known != NULL) {
        *hash = build->request->known->calls_hash;
        return keep_known(build, build->request->known, err);
    }
    uint32_t *missing = memory_zeroed(build->n, sizeof *missing, "counts of missing calls", err);
    if (missing == NULL)
        return err->code;
    int code = genotypes_scan(genotypes, missing, hash, err);
    size_t example = 0, n_dropped = code == 0 ? drop_over(build, missing, &example) : 0;
    if (code == 0 && n_dropped < build->n)
        tell_of_missing_calls(build, missing, n_dropped, example);
    free(missing);
    if (code != 0)
        return code;
    log_filter(build->log, LOG_SUBJECTS, n_dropped, build->n - n_dropped, "more than %g of the calls missing",
               most);
    if (n_dropped < build->n)
        return 0;
    return error_set(
        err, EXIT_CODE_BAD_INPUT,
        "%s: no subject left: each of the %zu lacks more than %g of the %zu selected calls; expected some "
        "with fewer missing (genotypes.max_missing_per_subject)",
        build->genotypes, build->n, most, genotypes->variants.count);
}

static void keep_text_rows(struct cohort_build *build, const size_t *positions, size_t count)
{
    size_t width = build->n_text_columns;
    for (size_t i = 0; i < build->n; i++)
        for (size_t k = 0; k < width && !build->in[i]; k++)
            free(build->texts[i * width + k]);
    cohort_keep_rows(build->texts, width * sizeof *build->texts, positions, count);
}

/* Makes those still in the subjects of the cohort. */
static int keep_subjects(struct cohort_build *build, struct error *err)
{
    struct cohort *cohort = build->cohort;
    size_t count = 0;
    size_t *positions = memory_zeroed(build->n, sizeof *positions, "the kept subjects", err);
    if (positions == NULL)
        return err->code;
    for (size_t i = 0; i < build->n; i++)
        if (build->in[i])
            positions[count++] = i;
    int code = genotypes_keep(&cohort->genotypes, positions, count, err);
    if (code == 0) {
        cohort_keep_rows(cohort->targets, cohort->n_targets * sizeof *cohort->targets, positions, count);
        cohort_keep_rows(cohort->quantitative, cohort->n_quantitative * sizeof *cohort->quantitative,
                         positions, count);
        keep_text_rows(build, positions, count);
        build->n = cohort->n = count;
        log_info(build->log, "subjects: %zu kept", count);
    }
    free(positions);
    for (size_t i = 0; code == 0 && i < count; i++) {
        code = text_list_add(&cohort->fid, cohort->genotypes.fid.items[i], err);
        if (code == 0)
            code = text_list_add(&cohort->iid, cohort->genotypes.iid.items[i], err);
    }
    return code;
}

static int load(struct cohort_build *build, struct error *err)
{
    const struct cohort_request *request = build->request;
    struct cohort *cohort = build->cohort;
    uint64_t calls_hash;
    if (cohort_files_list(cohort, request, err) != 0 ||
        genotypes_open(&cohort->genotypes, request->genotypes, &request->selection, err) != 0)
        return err->code;
    build->genotypes = genotypes_subjects_path(&cohort->genotypes);
    if (cohort_snps_check(build, err) != 0 || cohort_subjects_match(build, err) != 0)
        return err->code;
    /* values before calls: a table that is wrong should not cost a pass over the genotypes to find out */
    if (cohort_images_open(build, err) != 0 || cohort_targets_read(build, err) != 0 ||
        cohort_covariates_read(build, err) != 0 || drop_missing_calls(build, &calls_hash, err) != 0)
        return err->code;
    if (cohort_gaps_drop(build, err) != 0 || cohort_targets_settle(build, err) != 0 ||
        cohort_gaps_refuse(build, err) != 0 || keep_subjects(build, err) != 0 ||
        cohort_covariates_label(build, err) != 0)
        return err->code;
    return cohort_files_hash(cohort, calls_hash, err);
}

/* A code that no field holds is likely a slip of the pen: values that it was to take out stay in. */
static void tell_of_codes(const struct cohort_build *build)
{
    const struct text_list *texts = build->request->missing_codes;
    for (size_t k = 0; texts != NULL && k < texts->count; k++)
        if (!build->target_codes.found[k] && !build->covariate_codes.found[k])
            log_warning(build->log,
                        "targets.missing_codes: %s is declared, but no value of a target, covariate or label "
                        "of these subjects is it",
                        texts->items[k]);
}

static int take_codes(struct missing_codes *codes, const char *section, const struct cohort_request *request,
                      const struct cohort_values *values, struct error *err)
{
    if (missing_codes_init(codes, request->missing_codes, err) != 0)
        return err->code;
    codes->section = section;
    codes->values = values->numbers;
    codes->n_values = values->count;
    return 0;
}

int cohort_load(struct cohort *cohort, const struct cohort_request *request, struct log *log,
                struct error *err)
{
    *cohort = (struct cohort){0};
    struct cohort_build build = {.request = request, .log = log, .cohort = cohort};
    int code = take_codes(&build.target_codes, "targets", request, &request->target_values, err);
    if (code == 0)
        code = take_codes(&build.covariate_codes, "covariates", request, &request->covariate_values, err);
    if (code == 0)
        code = load(&build, err);
    if (code == 0) {
        tell_of_codes(&build);
        code = cohort_likely_codes_tell(&build, err);
    }
    missing_codes_free(&build.target_codes);
    missing_codes_free(&build.covariate_codes);
    cohort_images_free(&build);
    cohort_covariates_free(&build);
    cohort_subjects_free(&build);
    if (code != 0)
        cohort_free(cohort);
    return code;
}

void cohort_free(struct cohort *cohort)
{
    genotypes_close(&cohort->genotypes);
    text_list_free(&cohort->fid);
    text_list_free(&cohort->iid);
    text_list_free(&cohort->target_names);
    for (size_t t = 0; cohort->target_notes != NULL && t < cohort->n_targets; t++)
        free(cohort->target_notes[t]);
    free(cohort->target_notes);
    free(cohort->target_n_missing);
    free(cohort->targets);
    if (cohort->regions != NULL)
        regions_free(cohort->regions);
    free(cohort->regions);
    free(cohort->mean_greys);
    text_list_free(&cohort->quantitative_names);
    free(cohort->quantitative);
    text_list_free(&cohort->categorical_names);
    for (size_t k = 0; k < cohort->n_categorical; k++)
        labels_free(&cohort->categorical[k]);
    free(cohort->categorical);
    labels_free(&cohort->within);
    labels_free(&cohort->group);
    labels_free(&cohort->fold);
    for (size_t i = 0; i < cohort->n_files; i++)
        free(cohort->files[i].path);
    free(cohort->files);
    *cohort = (struct cohort){0};
}

void cohort_release_targets(struct cohort *cohort, uint64_t hash)
{
    cohort->has_targets_hash = true;
    cohort->targets_hash = hash;
    free(cohort->targets);
    cohort->targets = NULL;
}

/* Reorders the rows of an array in place, cycle by cycle, so that a large one is not needed twice. */
static int reorder_rows(void *array, size_t row_bytes, const size_t *order, size_t n, struct error *err)
{
    if (array == NULL || row_bytes == 0)
        return 0;
    char *bytes = array;
    char *saved = memory_zeroed(row_bytes, 1, "one subject's row", err);
    bool *done = memory_zeroed(n, sizeof *done, "the new order", err);
    for (size_t start = 0; saved != NULL && done != NULL && start < n; start++) {
        if (done[start])
            continue;
        memcpy(saved, bytes + start * row_bytes, row_bytes);
        size_t k = start;
        for (; order[k] != start; k = order[k]) {
            memcpy(bytes + k * row_bytes, bytes + order[k] * row_bytes, row_bytes);
            done[k] = true;
        }
        memcpy(bytes + k * row_bytes, saved, row_bytes);
        done[k] = true;
    }
    int code = saved == NULL || done == NULL ? err->code : 0;
    free(saved);
    free(done);
    return code;
}

int cohort_reorder(struct cohort *cohort, const size_t *order, struct error *err)
{
    size_t n = cohort->n;
    if (genotypes_keep(&cohort->genotypes, order, n, err) != 0 ||
        reorder_rows(cohort->fid.items, sizeof *cohort->fid.items, order, n, err) != 0 ||
        reorder_rows(cohort->iid.items, sizeof *cohort->iid.items, order, n, err) != 0 ||
        reorder_rows(cohort->targets, cohort->n_targets * sizeof *cohort->targets, order, n, err) != 0 ||
        reorder_rows(cohort->quantitative, cohort->n_quantitative * sizeof *cohort->quantitative, order, n,
                     err) != 0)
        return err->code;
    for (size_t k = 0; k < cohort->n_categorical; k++)
        if (reorder_rows(cohort->categorical[k].level, sizeof(int32_t), order, n, err) != 0)
            return err->code;
    if (reorder_rows(cohort->within.level, sizeof(int32_t), order, n, err) != 0 ||
        reorder_rows(cohort->group.level, sizeof(int32_t), order, n, err) != 0)
        return err->code;
    return reorder_rows(cohort->fold.level, sizeof(int32_t), order, n, err);
}
