#include "input/genotypes/genotypes.h"

#include "base/memory.h"
#include "input/genotypes/genotype_fileset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

/* A fileset that is named twice would count its SNPs twice. */
static int check_names(const struct text_list *names, struct error *err)
{
    struct text_index index;
    if (text_index_init(&index, names->items, names->count, err) != 0)
        return err->code;
    ptrdiff_t twice = text_index_duplicate(&index);
    text_index_free(&index);
    if (twice == TEXT_NOT_FOUND)
        return 0;
    return error_set(err, EXIT_CODE_BAD_INPUT, "genotypes.plink: %s found twice; expected every fileset once",
                     names->items[twice]);
}

static int open_filesets(struct genotypes *genotypes, const struct text_list *names,
                         struct variant_sink *sink, struct error *err)
{
    genotypes->filesets = memory_zeroed(names->count, sizeof *genotypes->filesets, "the filesets", err);
    if (genotypes->filesets == NULL)
        return err->code;
    for (size_t f = 0; f < names->count; f++) {
        genotypes->n_filesets = f + 1;
        if (genotype_fileset_open(genotypes, f, names->items[f], sink, err) != 0)
            return err->code;
    }
    variants_trim(&genotypes->variants);
    return 0;
}

static struct genotype_list_use use_of(const struct id_list *list)
{
    struct id_list_tally tally = id_list_count(list);
    struct genotype_list_use use = {.n_listed = tally.n_names, .n_absent = tally.n_absent};
    snprintf(use.absent, sizeof use.absent, "%s", tally.absent != NULL ? tally.absent : "");
    return use;
}

int genotypes_open(struct genotypes *genotypes, const struct text_list *names,
                   const struct genotype_selection *selection, struct error *err)
{
    *genotypes = (struct genotypes){0};
    struct id_list extract = {0}, exclude = {0};
    struct variant_sink sink = {.all_chromosomes = selection->all_chromosomes,
                                .extract = selection->extract != NULL ? &extract : NULL,
                                .exclude = selection->exclude != NULL ? &exclude : NULL,
                                .variants = &genotypes->variants,
                                .counts = &genotypes->dropped};
    int code = check_names(names, err);
    if (code == 0 && sink.extract != NULL)
        code = id_list_open(&extract, selection->extract, ID_LIST_ONE_OR_MORE, err);
    if (code == 0 && sink.exclude != NULL)
        code = id_list_open(&exclude, selection->exclude, ID_LIST_MAY_BE_EMPTY, err);
    if (code == 0)
        code = open_filesets(genotypes, names, &sink, err);
    if (code == 0) {
        genotypes->extract = use_of(&extract);
        genotypes->exclude = use_of(&exclude);
    }
    id_list_close(&extract);
    id_list_close(&exclude);
    if (code != 0)
        genotypes_close(genotypes);
    return code;
}

void genotypes_close(struct genotypes *genotypes)
{
    for (size_t f = 0; f < genotypes->n_filesets; f++)
        genotype_fileset_close(&genotypes->filesets[f]);
    free(genotypes->filesets);
    variants_free(&genotypes->variants);
    text_list_free(&genotypes->fid);
    text_list_free(&genotypes->iid);
    *genotypes = (struct genotypes){0};
}

/* The strings at the positions given move to the front, in that order; the others are released. `moved` has
 * room for `count`. */
static void keep_texts(struct text_list *list, const size_t *positions, size_t count, char **moved)
{
    for (size_t k = 0; k < count; k++) {
        moved[k] = list->items[positions[k]];
        list->items[positions[k]] = NULL;
    }
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    memcpy(list->items, moved, count * sizeof *moved);
    list->count = count;
}

int genotypes_keep(struct genotypes *genotypes, const size_t *positions, size_t count, struct error *err)
{
    char **texts = memory_zeroed(count, sizeof *texts, "the kept subjects", err);
    uint32_t *kept = memory_zeroed(count, sizeof *kept, "the kept subjects", err);
    if (texts == NULL || kept == NULL) {
        free(texts);
        free(kept);
        return err->code;
    }
    keep_texts(&genotypes->fid, positions, count, texts);
    keep_texts(&genotypes->iid, positions, count, texts);
    for (size_t f = 0; f < genotypes->n_filesets; f++) {
        struct genotype_fileset *fileset = &genotypes->filesets[f];
        for (size_t k = 0; k < count; k++)
            kept[k] = fileset->subject_rows[positions[k]];
        memcpy(fileset->subject_rows, kept, count * sizeof *kept);
        fileset->n_subjects = count;
    }
    genotypes->n_subjects = count;
    free(texts);
    free(kept);
    return 0;
}

int genotypes_read_calls(const struct genotypes *genotypes, size_t first, size_t count, uint8_t *calls,
                         struct error *err)
{
    for (size_t f = 0; f < genotypes->n_filesets && count > 0; f++) {
        const struct genotype_fileset *fileset = &genotypes->filesets[f];
        if (first >= fileset->n_variants) {
            first -= fileset->n_variants;
            continue;
        }
        size_t here = fileset->n_variants - first < count ? fileset->n_variants - first : count;
        if (fileset->files.format->read_calls(fileset, first, here, calls, err) != 0)
            return err->code;
        calls += here * genotypes->n_subjects;
        count -= here;
        first = 0;
    }
    return 0;
}

int genotypes_scan(const struct genotypes *genotypes, uint32_t *missing, uint64_t *hash, struct error *err)
{
    XXH3_state_t *state = XXH3_createState();
    if (state == NULL)
        return error_set(err, EXIT_CODE_FAILED, "out of memory for the hash of the genotypes");
    XXH3_64bits_reset(state);
    memset(missing, 0, genotypes->n_subjects * sizeof *missing);
    int code = 0;
    for (size_t f = 0; code == 0 && f < genotypes->n_filesets; f++)
        code = genotype_fileset_scan(&genotypes->filesets[f], state, missing, err);
    *hash = XXH3_64bits_digest(state);
    XXH3_freeState(state);
    return code;
}

int genotypes_read_columns(const struct genotypes *genotypes, const struct genotype_columns *columns,
                           double *values, struct error *err)
{
    const struct genotype_fileset *fileset = &genotypes->filesets[0];
    const struct genotype_format *format = fileset->files.format;
    size_t n_rows = fileset->n_subjects_in_file;
    if (format->read_columns == NULL)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: columns of targets asked for (targets.fam_columns), but a %s file has none; "
                         "expected targets.table",
                         fileset->files.subjects, format->name);
    ptrdiff_t *subject_of_row =
        memory_zeroed(n_rows, sizeof *subject_of_row, "the subjects of a fileset", err);
    if (subject_of_row == NULL)
        return err->code;
    for (size_t row = 0; row < n_rows; row++)
        subject_of_row[row] = TEXT_NOT_FOUND;
    for (size_t i = 0; i < fileset->n_subjects; i++)
        subject_of_row[fileset->subject_rows[i]] = (ptrdiff_t)i;
    int code = format->read_columns(fileset->files.subjects, columns, subject_of_row, n_rows, values, err);
    free(subject_of_row);
    return code;
}

const char *genotypes_path_of(const struct genotypes *genotypes, size_t k)
{
    const struct genotype_fileset *fileset = genotypes->filesets;
    for (; k >= fileset->n_variants; fileset++)
        k -= fileset->n_variants;
    return fileset->files.variants;
}

const char *genotypes_subjects_path(const struct genotypes *genotypes)
{
    return genotypes->filesets[0].files.subjects;
}

const char *genotypes_variants_path(const struct genotypes *genotypes)
{
    return genotypes->filesets[0].files.variants;
}

uint64_t genotypes_digest(const struct genotypes *genotypes)
{
    uint64_t hash = variants_hash(&genotypes->variants);
    for (size_t f = 0; f < genotypes->n_filesets; f++) {
        const struct genotype_fileset *fileset = &genotypes->filesets[f];
        const uint64_t sizes[] = {fileset->n_variants_in_file, fileset->n_subjects_in_file,
                                  fileset->n_variants};
        hash = XXH3_64bits_withSeed(sizes, sizeof sizes, hash);
        if (fileset->n_variants > 0)
            hash = XXH3_64bits_withSeed(fileset->variant_rows,
                                        fileset->n_variants * sizeof *fileset->variant_rows, hash);
    }
    return hash;
}

uint64_t genotypes_stamp(const struct genotypes *genotypes)
{
    uint64_t hash = 0;
    for (size_t f = 0; f < genotypes->n_filesets; f++) {
        struct stat status = {0};
        int64_t seen[3] = {0};
        if (stat(genotypes->filesets[f].files.calls, &status) == 0) {
            seen[0] = status.st_size;
            seen[1] = status.st_mtim.tv_sec;
            seen[2] = status.st_mtim.tv_nsec;
        }
        hash = XXH3_64bits_withSeed(seen, sizeof seen, hash);
    }
    return hash;
}
