#include "checkpoint/block_file.h"

#include "base/memory.h"
#include "base/open_file.h"
#include "base/replace.h"
#include "checkpoint/campaign.h"
#include "checkpoint/crc32c.h"
#include "checkpoint/numbered_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char magic[16] = "arete block 1\n";
static const struct numbered_file names = {".rank-", ".block"};
static const struct replace_kind kind = {
    .a_file = "a block of associations", .begins = magic, .begins_bytes = sizeof magic};

/* In the processor's own order: the file is read where it was written. */
struct header {
    char magic[sizeof magic];
    struct block_state state;
    uint32_t values_crc, state_crc;
};

uint64_t block_file_study(const struct campaign_fingerprint *fingerprints, size_t count)
{
    uint64_t study = count;
    for (size_t k = 0; k < count; k++) {
        uint64_t name = crc32c_of(fingerprints[k].name, strlen(fingerprints[k].name));
        study = (study ^ fingerprints[k].hash ^ name << 32U) * 0x9e3779b97f4a7c15U;
    }
    return study;
}

char *block_file_path(const char *campaign_path, int rank, struct error *err)
{
    return numbered_file_path(campaign_path, &names, rank, err);
}

int block_file_check(const char *path, struct error *err)
{
    return replace_check(path, &kind, err);
}

int block_file_check_names(const char *campaign_path, struct error *err)
{
    return numbered_file_check(campaign_path, &names, block_file_check, err);
}

int block_file_check_none(const char *campaign_path, struct error *err)
{
    return numbered_file_check(campaign_path, &names, numbered_file_refuse, err);
}

int block_file_write(const char *path, const struct block_state *state, const float *values,
                     struct error *err)
{
    struct replace replace;
    struct header header = {.state = *state,
                            .values_crc = crc32c_of(values, state->n_floats * sizeof *values),
                            .state_crc = crc32c_of(state, sizeof *state)};
    memcpy(header.magic, magic, sizeof magic);
    if (replace_open(&replace, path, &kind, err) != 0)
        return err->code;
    fwrite(&header, sizeof header, 1, replace.file);
    fwrite(values, sizeof *values, state->n_floats, replace.file);
    return replace_finish(&replace, err); /* a write that failed is seen there */
}

/* Whether it is of the study, and of the length that it says. */
static bool read_state(FILE *file, uint64_t study, struct header *header)
{
    struct stat status;
    return fread(header, sizeof *header, 1, file) == 1 && fstat(fileno(file), &status) == 0 &&
           memcmp(header->magic, magic, sizeof magic) == 0 &&
           crc32c_is(&header->state, sizeof header->state, header->state_crc) &&
           header->state.study == study &&
           header->state.n_floats == ((uint64_t)status.st_size - sizeof *header) / sizeof(float);
}

/* NULL where they are not whole. */
static float *read_values(FILE *file, const struct header *header, struct error *err)
{
    size_t count = header->state.n_floats;
    float *values = memory_aligned(count, sizeof *values, "a block begun", err);
    if (values != NULL && fread(values, sizeof *values, count, file) == count &&
        crc32c_is(values, count * sizeof *values, header->values_crc))
        return values;
    free(values);
    return NULL;
}

/* NULL where there is none that can be read. */
static FILE *open_state(const char *path, uint64_t study, struct header *header)
{
    struct error unopened = {0};
    FILE *file = access(path, F_OK) == 0 ? open_file_stream(path, &unopened) : NULL;
    if (file == NULL || read_state(file, study, header))
        return file;
    fclose(file);
    return NULL;
}

int block_file_read(const char *path, uint64_t study, struct block_state *state, float **values,
                    struct error *err)
{
    struct header header;
    FILE *file = open_state(path, study, &header);
    *state = (struct block_state){0};
    *values = file != NULL ? read_values(file, &header, err) : NULL;
    if (*values != NULL)
        *state = header.state;
    if (file != NULL)
        fclose(file);
    return err->code;
}

int block_file_remove(const char *path, struct error *err)
{
    if (unlink(path) == 0 || errno == ENOENT)
        return 0;
    return error_set(err, EXIT_CODE_FAILED, "%s: cannot be removed: %s", path, strerror(errno));
}

/* Fills *found if somebody may go on with the file. */
static bool look(const char *path, const char *campaign_path, uint64_t study, struct block_file *found)
{
    struct header header;
    FILE *file = open_state(path, study, &header);
    if (file == NULL)
        return false;
    fclose(file);
    *found = (struct block_file){numbered_file_number(path, campaign_path, &names), header.state};
    return found->rank >= 0;
}

int block_file_find(const char *campaign_path, uint64_t study, struct block_file **found, size_t *count,
                    struct error *err)
{
    struct text_list files = {0}, leftovers = {0};
    *found = NULL;
    *count = 0;
    if (numbered_file_list(campaign_path, &names, &files, &leftovers, err) == 0)
        *found = memory_zeroed(files.count, sizeof **found, "blocks begun", err);
    for (size_t k = 0; err->code == 0 && k < files.count; k++)
        if (look(files.items[k], campaign_path, study, &(*found)[*count]))
            ++*count;
        else if (block_file_check(files.items[k], err) == 0)
            block_file_remove(files.items[k], err);
    for (size_t k = 0; k < leftovers.count; k++)
        unlink(leftovers.items[k]); /* if it stays, it only takes disk space */
    text_list_free(&files);
    text_list_free(&leftovers);
    return err->code;
}

int block_file_remove_all(const char *campaign_path, struct error *err)
{
    struct block_file *found;
    size_t count;
    const uint64_t of_none = 0; /* all others are removed there */
    block_file_find(campaign_path, of_none, &found, &count, err);
    for (size_t k = 0; err->code == 0 && k < count; k++) {
        char *path = block_file_path(campaign_path, found[k].rank, err);
        if (path != NULL)
            block_file_remove(path, err);
        free(path);
    }
    free(found);
    return err->code;
}
