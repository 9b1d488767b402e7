/* The files a cohort is made of. */
#include "input/cohort/cohort_files.h"

#include "base/memory.h"
#include "base/open_file.h"
#include "input/genotypes/genotype_files.h"
#include "input/tables/problems.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum { HASH_PIECE_BYTES = 1 << 20 };

static int64_t modified_ns(const struct stat *status)
{
    return (int64_t)status->st_mtim.tv_sec * 1000000000 + status->st_mtim.tv_nsec;
}

static int add_file(struct cohort *cohort, size_t *capacity, const char *path, struct problems *problems,
                    struct error *err)
{
    struct cohort_file *files =
        memory_grow(cohort->files, capacity, cohort->n_files + 1, sizeof *files, "the list of files", err);
    if (files == NULL)
        return err->code;
    cohort->files = files;
    struct cohort_file *file = &files[cohort->n_files];
    *file = (struct cohort_file){.path = memory_string(path, err)};
    if (file->path == NULL)
        return err->code;
    cohort->n_files++;
    struct stat status;
    if (stat(path, &status) != 0 || access(path, R_OK) != 0) {
        problems_add(problems, err, "%s: cannot be read: %s", path, strerror(errno));
        return 0;
    }
    if (!S_ISREG(status.st_mode)) /* a pipe could be read only once */
        problems_add(problems, err, "%s: %s found; expected a file", path, open_file_what(&status));
    file->size_bytes = status.st_size;
    file->modified_ns = modified_ns(&status);
    file->device = status.st_dev;
    file->inode = status.st_ino;
    return 0;
}

int cohort_check_unchanged(const struct cohort *cohort, struct error *err)
{
    for (size_t f = 0; f < cohort->n_files; f++) {
        const struct cohort_file *file = &cohort->files[f];
        struct stat status;
        if (stat(file->path, &status) != 0)
            return error_set(err, EXIT_CODE_FAILED, "%s: was there when it was read, and is not now: %s",
                             file->path, strerror(errno));
        if (status.st_dev != file->device || status.st_ino != file->inode ||
            status.st_size != file->size_bytes || modified_ns(&status) != file->modified_ns)
            return error_set(err, EXIT_CODE_FAILED,
                             "%s: was changed or replaced while it was read; expected it to stay as it is: "
                             "nothing is kept of it, the same command reads it anew",
                             file->path);
    }
    return 0;
}

/* A file is listed once, even if it is both the targets' and the covariates' table. */
static int list_file(struct cohort *cohort, size_t *capacity, const char *path, struct problems *problems,
                     struct error *err)
{
    for (size_t i = 0; i < cohort->n_files; i++)
        if (strcmp(cohort->files[i].path, path) == 0)
            return 0;
    return add_file(cohort, capacity, path, problems, err);
}

static int list_fileset(struct cohort *cohort, size_t *capacity, const char *name, struct problems *problems,
                        struct error *err)
{
    struct genotype_files files;
    struct error here = {0}; /* err may hold what is wrong with another fileset */
    if (genotype_files_find(&files, name, &here) != 0)
        return error_add_line(err, here.code, "%s", here.message);
    size_t first = cohort->n_files;
    int code = list_file(cohort, capacity, files.calls, problems, err);
    if (code == 0 && cohort->n_files > first)
        cohort->files[first].holds_calls = true;
    if (code == 0)
        code = list_file(cohort, capacity, files.variants, problems, err);
    if (code == 0)
        code = list_file(cohort, capacity, files.subjects, problems, err);
    genotype_files_free(&files);
    return code;
}

int cohort_files_list(struct cohort *cohort, const struct cohort_request *request, struct error *err)
{
    const struct cohort_images none = {0}, *images = request->images != NULL ? request->images : &none;
    const char *const others[] = {request->selection.extract,
                                  request->selection.exclude,
                                  request->keep,
                                  request->remove,
                                  request->targets_table,
                                  request->covariates_table,
                                  request->folds_table,
                                  images->images,
                                  images->ids,
                                  images->mask,
                                  images->atlas,
                                  images->label_names};
    struct problems problems = {0};
    size_t capacity = 0;
    for (size_t f = 0; f < request->genotypes->count; f++)
        if (list_fileset(cohort, &capacity, request->genotypes->items[f], &problems, err) != 0)
            return err->code;
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        if (others[k] != NULL && list_file(cohort, &capacity, others[k], &problems, err) != 0)
            return err->code;
    return problems_end(&problems, err);
}

int cohort_files_add_images(struct cohort *cohort, char *const *paths, size_t count, struct error *err)
{
    struct problems problems = {0};
    size_t capacity = 0; /* not known any more: the first one moves the list */
    for (size_t i = 0; i < count; i++)
        if (add_file(cohort, &capacity, paths[i], &problems, err) != 0)
            return err->code;
    return problems_end(&problems, err);
}

static int hash_file(struct cohort_file *file, XXH3_state_t *state, char *piece, struct error *err)
{
    FILE *stream = open_file_stream(file->path, err);
    if (stream == NULL)
        return err->code;
    setvbuf(stream, NULL, _IONBF, 0);
    XXH3_64bits_reset(state);
    size_t count;
    while ((count = fread(piece, 1, HASH_PIECE_BYTES, stream)) > 0)
        XXH3_64bits_update(state, piece, count);
    int code = ferror(stream) == 0 ? 0
                                   : error_set(err, EXIT_CODE_BAD_INPUT, "%s: cannot be read: %s", file->path,
                                               strerror(errno));
    fclose(stream);
    file->hash = XXH3_64bits_digest(state);
    return code;
}

int cohort_files_hash(struct cohort *cohort, uint64_t calls_hash, struct error *err)
{
    XXH3_state_t *state = XXH3_createState();
    char *piece = memory_aligned(HASH_PIECE_BYTES, 1, "hashing files", err);
    int code = piece == NULL ? err->code : 0;
    if (state == NULL)
        code = error_set(err, EXIT_CODE_FAILED, "out of memory for hashing files");
    for (size_t i = 0; code == 0 && i < cohort->n_files; i++) {
        if (cohort->files[i].holds_calls)
            cohort->files[i].hash = calls_hash;
        else if (!cohort->files[i].is_hashed)
            code = hash_file(&cohort->files[i], state, piece, err);
    }
    free(piece);
    XXH3_freeState(state);
    return code;
}
