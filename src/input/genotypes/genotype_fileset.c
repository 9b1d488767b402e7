#include "input/genotypes/genotype_fileset.h"

#include "base/memory.h"
#include "input/genotypes/genotype_files.h"

#include <stdlib.h>
#include <sys/stat.h>

/* Says that the subjects of two filesets differ, with someone who is only in one of them. */
static int report_difference(const struct genotypes *genotypes, const struct subjects *others,
                             const char *others_path, const ptrdiff_t *found, struct error *err)
{
    const char *path = genotypes_subjects_path(genotypes), *only_in = NULL;
    bool *taken = memory_zeroed(others->iid.count, sizeof *taken, "matched subjects", err);
    if (taken == NULL)
        return err->code;
    char name[SUBJECTS_NAME_BYTES] = "";
    for (size_t i = 0; i < genotypes->n_subjects && only_in == NULL; i++) {
        if (found[i] != TEXT_NOT_FOUND) {
            taken[found[i]] = true;
        } else {
            only_in = path;
            subjects_name(name, genotypes->fid.items[i], genotypes->iid.items[i]);
        }
    }
    for (size_t i = 0; i < others->iid.count && only_in == NULL; i++) {
        if (!taken[i]) {
            only_in = others_path;
            subjects_name(name, others->fid.items[i], others->iid.items[i]);
        }
    }
    free(taken);
    if (only_in == NULL)
        return 0;
    return error_set(
        err, EXIT_CODE_BAD_INPUT,
        "%s: %zu subjects and %s: %zu subjects do not agree: %s is only in %s; expected the same subjects "
        "in every fileset",
        path, genotypes->n_subjects, others_path, others->iid.count, name, only_in);
}

/* Finds everybody of the filesets before in this one, which must hold just the same people. */
static int match(const struct genotypes *genotypes, const struct subjects *others,
                 struct genotype_fileset *fileset, struct error *err)
{
    const char *path = fileset->files.subjects;
    ptrdiff_t *found = memory_zeroed(genotypes->n_subjects, sizeof *found, "matched subjects", err);
    if (found == NULL)
        return err->code;
    int code = subjects_match(&genotypes->fid, &genotypes->iid, others, path, found, err);
    if (code == 0)
        code = report_difference(genotypes, others, path, found, err);
    for (size_t i = 0; code == 0 && i < genotypes->n_subjects; i++)
        fileset->subject_rows[i] = (uint32_t)found[i];
    free(found);
    return code;
}

static int read_subjects(struct genotypes *genotypes, struct genotype_fileset *fileset, struct error *err)
{
    struct subjects subjects;
    const char *path = fileset->files.subjects;
    if (fileset->files.format->read_subjects(path, &subjects, err) != 0)
        return err->code;
    size_t count = fileset->n_subjects_in_file = fileset->n_subjects = subjects.iid.count;
    bool is_first = fileset == genotypes->filesets;
    if (count == 0 || count > UINT32_MAX)
        error_set(err, EXIT_CODE_BAD_INPUT, "%s: %zu subjects found; expected 1 to %u", path, count,
                  UINT32_MAX);
    else
        fileset->subject_rows =
            memory_zeroed(count, sizeof *fileset->subject_rows, "the subjects of a fileset", err);
    for (size_t i = 0; err->code == 0 && is_first && i < count; i++)
        fileset->subject_rows[i] = (uint32_t)i;
    if (err->code == 0 && !is_first)
        match(genotypes, &subjects, fileset, err);
    if (err->code == 0 && is_first) {
        genotypes->fid = subjects.fid;
        genotypes->iid = subjects.iid;
        genotypes->n_subjects = count;
        subjects.fid = subjects.iid = (struct text_list){0};
    }
    subjects_free(&subjects);
    return err->code;
}

static int read_variants(struct genotype_fileset *fileset, struct variant_sink *sink, struct error *err)
{
    const char *path = fileset->files.variants;
    struct stat status;
    /* A variant takes a byte of the calls at least. That they are not there is told of when they are opened.
     */
    sink->room = stat(fileset->files.calls, &status) == 0 ? (size_t)status.st_size : 0;
    sink->n_in_file = sink->n_rows = sink->rows_capacity = 0;
    sink->rows = NULL;
    int code = fileset->files.format->read_variants(path, sink, err);
    fileset->n_variants_in_file = sink->n_in_file;
    fileset->n_variants = sink->n_rows;
    fileset->variant_rows = sink->rows;
    if (code == 0 && (sink->n_in_file == 0 || sink->n_in_file > UINT32_MAX))
        code = error_set(err, EXIT_CODE_BAD_INPUT, "%s: %zu SNPs found; expected 1 to %u", path,
                         sink->n_in_file, UINT32_MAX);
    return code;
}

int genotype_fileset_open(struct genotypes *genotypes, size_t f, const char *name, struct variant_sink *sink,
                          struct error *err)
{
    struct genotype_fileset *fileset = &genotypes->filesets[f];
    *fileset = (struct genotype_fileset){.name = memory_string(name, err)};
    if (fileset->name == NULL || genotype_files_find(&fileset->files, name, err) != 0 ||
        read_subjects(genotypes, fileset, err) != 0 || read_variants(fileset, sink, err) != 0)
        return err->code;
    return fileset->files.format->open_calls(fileset, err);
}

void genotype_fileset_close(struct genotype_fileset *fileset)
{
    if (fileset->state != NULL)
        fileset->files.format->close_calls(fileset);
    genotype_files_free(&fileset->files);
    free(fileset->name);
    free(fileset->subject_rows);
    free(fileset->variant_rows);
    *fileset = (struct genotype_fileset){0};
}

/* The pass over the calls of a format that has none of its own. `whole` has all subjects of the file. */
static int scan_calls(const struct genotype_fileset *whole, XXH3_state_t *hash, uint32_t *missing,
                      struct error *err)
{
    enum { VARIANTS_AT_ONCE = 64 };
    size_t n = whole->n_subjects;
    uint8_t *calls = memory_aligned(VARIANTS_AT_ONCE * n, 1, "calls", err);
    size_t count = 0;
    for (size_t first = 0; err->code == 0 && first < whole->n_variants; first += count) {
        size_t left = whole->n_variants - first;
        count = left < VARIANTS_AT_ONCE ? left : VARIANTS_AT_ONCE;
        if (whole->files.format->read_calls(whole, first, count, calls, err) != 0)
            break;
        XXH3_64bits_update(hash, calls, count * n);
        for (size_t k = 0; k < count; k++)
            for (size_t r = 0; r < n; r++)
                missing[r] += calls[k * n + r] == GENOTYPE_CALL_MISSING;
    }
    free(calls);
    return err->code;
}

static int scan_everybody(const struct genotype_fileset *fileset, XXH3_state_t *hash, uint32_t *missing,
                          struct error *err)
{
    struct genotype_fileset whole = *fileset;
    whole.n_subjects = fileset->n_subjects_in_file;
    whole.subject_rows =
        memory_zeroed(whole.n_subjects, sizeof *whole.subject_rows, "the subjects of a fileset", err);
    if (whole.subject_rows == NULL)
        return err->code;
    for (size_t r = 0; r < whole.n_subjects; r++)
        whole.subject_rows[r] = (uint32_t)r;
    int code = scan_calls(&whole, hash, missing, err);
    free(whole.subject_rows);
    return code;
}

int genotype_fileset_scan(const struct genotype_fileset *fileset, XXH3_state_t *hash, uint32_t *missing,
                          struct error *err)
{
    const struct genotype_format *format = fileset->files.format;
    if (fileset->n_variants == 0)
        return 0;
    uint32_t *in_file = memory_zeroed(fileset->n_subjects_in_file + GENOTYPE_SCAN_PADDING, sizeof *in_file,
                                      "counts of missing calls", err);
    if (in_file == NULL)
        return err->code;
    int code = (format->scan != NULL ? format->scan : scan_everybody)(fileset, hash, in_file, err);
    for (size_t i = 0; code == 0 && i < fileset->n_subjects; i++)
        missing[i] += in_file[fileset->subject_rows[i]];
    free(in_file);
    return code;
}
