#include "checkpoint/block_file.h"

#include "base/memory.h"
#include "base/open_file.h"
#include "base/replace.h"
#include "checkpoint/campaign.h"
#include "checkpoint/crc32c.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char magic[16] = "arete block 1\n";
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

int block_file_check(const char *path, struct error *err)
{
    return replace_check(path, &kind, err);
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

/* Whether it is whole; of another study it is not looked at. */
static float *read_values(FILE *file, int64_t bytes, uint64_t study, struct block_state *state,
                          struct error *err)
{
    struct header header;
    if (fread(&header, sizeof header, 1, file) != 1 || memcmp(header.magic, magic, sizeof magic) != 0 ||
        !crc32c_is(&header.state, sizeof header.state, header.state_crc) || header.state.study != study ||
        header.state.n_floats != ((uint64_t)bytes - sizeof header) / sizeof(float))
        return NULL;
    float *values = memory_aligned(header.state.n_floats, sizeof *values, "a block begun", err);
    if (values != NULL &&
        fread(values, sizeof *values, header.state.n_floats, file) == header.state.n_floats &&
        crc32c_is(values, header.state.n_floats * sizeof *values, header.values_crc)) {
        *state = header.state;
        return values;
    }
    free(values);
    return NULL;
}

int block_file_read(const char *path, uint64_t study, struct block_state *state, float **values,
                    struct error *err)
{
    struct stat status;
    struct error unopened = {0};
    *state = (struct block_state){0};
    *values = NULL;
    if (access(path, F_OK) != 0)
        return 0;
    FILE *file = open_file_stream(path, &unopened);
    if (file == NULL)
        return 0;
    if (fstat(fileno(file), &status) == 0)
        *values = read_values(file, status.st_size, study, state, err);
    fclose(file);
    return err->code;
}

int block_file_remove(const char *path, struct error *err)
{
    if (unlink(path) == 0 || errno == ENOENT)
        return 0;
    return error_set(err, EXIT_CODE_FAILED, "%s: cannot be removed: %s", path, strerror(errno));
}
