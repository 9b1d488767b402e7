#include "checkpoint/pack.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static size_t wider(size_t width, const char *text)
{
    size_t bytes = strlen(text);
    return bytes > width ? bytes : width;
}

char *pack_texts(char *const *texts, size_t count, size_t *width, struct error *err)
{
    *width = 1; /* HDF5 has no text of no bytes */
    for (size_t i = 0; i < count; i++)
        *width = wider(*width, texts[i]);
    char *bytes = memory_zeroed(count, *width, "texts of the campaign file", err);
    for (size_t i = 0; bytes != NULL && i < count; i++)
        memcpy(bytes + i * *width, texts[i], strlen(texts[i]));
    return bytes;
}

static void *pack_fingerprints(const struct campaign_fingerprint *rows, size_t count, size_t *width,
                               struct error *err)
{
    *width = 1;
    for (size_t i = 0; i < count; i++)
        *width = wider(*width, rows[i].name);
    size_t row_bytes = layout_element_bytes(LAYOUT_FINGERPRINT, *width);
    char *bytes = memory_zeroed(count, row_bytes, "fingerprints of the campaign file", err);
    for (size_t i = 0; bytes != NULL && i < count; i++) {
        char *row = bytes + i * row_bytes;
        memcpy(row, rows[i].name, strlen(rows[i].name));
        memcpy(row + *width, &rows[i].hash, 8);
    }
    return bytes;
}

static void *pack_files(const struct campaign_file *rows, size_t count, size_t *width, struct error *err)
{
    *width = 1;
    for (size_t i = 0; i < count; i++)
        *width = wider(*width, rows[i].path);
    size_t row_bytes = layout_element_bytes(LAYOUT_FILE, *width);
    char *bytes = memory_zeroed(count, row_bytes, "input files of the campaign file", err);
    for (size_t i = 0; bytes != NULL && i < count; i++) {
        char *row = bytes + i * row_bytes;
        memcpy(row, rows[i].path, strlen(rows[i].path));
        memcpy(row + *width, &rows[i].size_bytes, 8);
        memcpy(row + *width + 8, &rows[i].modified_ns, 8);
        memcpy(row + *width + 16, &rows[i].hash, 8);
    }
    return bytes;
}

int pack_make(struct packed *packed, const struct layout_dataset *dataset, const struct campaign *campaign,
              const uint64_t length[LAYOUT_LENGTHS], struct error *err)
{
    *packed = (struct packed){.width = 1};
    size_t count = 1;
    for (int d = 0; d < dataset->rank; d++)
        count *= length[dataset->shape[d]];
    void *values = layout_field(campaign, dataset);
    switch (dataset->type) {
    case LAYOUT_TEXT: {
        char *one = values;
        packed->owned = pack_texts(dataset->rank == 0 ? &one : values, count, &packed->width, err);
        break;
    }
    case LAYOUT_FINGERPRINT:
        packed->owned = pack_fingerprints(values, count, &packed->width, err);
        break;
    case LAYOUT_FILE:
        packed->owned = pack_files(values, count, &packed->width, err);
        break;
    default:
        packed->bytes = values;
        packed->count_bytes = count * layout_element_bytes(dataset->type, 0);
        return 0;
    }
    packed->bytes = packed->owned;
    packed->count_bytes = count * layout_element_bytes(dataset->type, packed->width);
    return packed->owned != NULL ? 0 : err->code;
}

void pack_free(struct packed *packed)
{
    free(packed->owned);
    *packed = (struct packed){0};
}

/* A string of the bytes up to the first zero byte. */
static char *restore_text(const char *bytes, size_t width, struct error *err)
{
    char *text = memory_zeroed(width + 1, 1, "a text of the campaign file", err);
    if (text != NULL)
        memcpy(text, bytes, strnlen(bytes, width));
    return text;
}

char **pack_split_texts(const char *bytes, size_t width, size_t count, struct error *err)
{
    char **texts = memory_zeroed(count, sizeof *texts, "texts of the campaign file", err);
    for (size_t i = 0; texts != NULL && i < count; i++) {
        texts[i] = restore_text(bytes + i * width, width, err);
        if (texts[i] == NULL) {
            pack_free_texts(texts, count);
            return NULL;
        }
    }
    return texts;
}

void pack_free_texts(char **texts, size_t count)
{
    for (size_t i = 0; texts != NULL && i < count; i++)
        free(texts[i]);
    free(texts);
}

static int restore_fingerprints(struct campaign *campaign, const char *bytes, size_t count, size_t width,
                                struct error *err)
{
    campaign->fingerprints = memory_zeroed(count, sizeof *campaign->fingerprints, "fingerprints", err);
    if (campaign->fingerprints == NULL)
        return err->code;
    for (size_t i = 0; i < count; i++) {
        const char *row = bytes + i * layout_element_bytes(LAYOUT_FINGERPRINT, width);
        campaign->fingerprints[i].name = restore_text(row, width, err);
        if (campaign->fingerprints[i].name == NULL)
            return err->code;
        memcpy(&campaign->fingerprints[i].hash, row + width, 8);
    }
    return 0;
}

static int restore_files(struct campaign *campaign, const char *bytes, size_t count, size_t width,
                         struct error *err)
{
    campaign->files = memory_zeroed(count, sizeof *campaign->files, "input files", err);
    if (campaign->files == NULL)
        return err->code;
    for (size_t i = 0; i < count; i++) {
        struct campaign_file *file = &campaign->files[i];
        const char *row = bytes + i * layout_element_bytes(LAYOUT_FILE, width);
        file->path = restore_text(row, width, err);
        if (file->path == NULL)
            return err->code;
        memcpy(&file->size_bytes, row + width, 8);
        memcpy(&file->modified_ns, row + width + 8, 8);
        memcpy(&file->hash, row + width + 16, 8);
    }
    return 0;
}

int pack_restore(struct campaign *campaign, const struct layout_dataset *dataset, size_t count, size_t width,
                 void *bytes, struct error *err)
{
    int code = 0;
    void *texts = NULL;
    switch (dataset->type) {
    case LAYOUT_TEXT:
        texts = dataset->rank == 0 ? (void *)restore_text(bytes, width, err)
                                   : (void *)pack_split_texts(bytes, width, count, err);
        layout_set_field(campaign, dataset, texts);
        code = texts != NULL ? 0 : err->code;
        break;
    case LAYOUT_FINGERPRINT:
        code = restore_fingerprints(campaign, bytes, count, width, err);
        break;
    case LAYOUT_FILE:
        code = restore_files(campaign, bytes, count, width, err);
        break;
    default:
        layout_set_field(campaign, dataset, bytes);
        return 0;
    }
    free(bytes);
    return code;
}
