/* Whole files in memory, to compare and to put back. */
#ifndef ARETE_TEST_FILE_BYTES_H
#define ARETE_TEST_FILE_BYTES_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct file_bytes {
    char *at; /* to be freed; NULL: no file */
    size_t count;
};

static inline struct file_bytes file_bytes_read(const char *path)
{
    struct file_bytes bytes = {0};
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return bytes;
    fseek(file, 0, SEEK_END);
    bytes.count = (size_t)ftell(file);
    bytes.at = malloc(bytes.count + 1);
    rewind(file);
    if (bytes.at == NULL || fread(bytes.at, 1, bytes.count, file) != bytes.count)
        abort();
    fclose(file);
    return bytes;
}

static inline bool file_bytes_same(struct file_bytes a, struct file_bytes b)
{
    if (a.at == NULL || b.at == NULL)
        return a.at == b.at;
    return a.count == b.count && memcmp(a.at, b.at, a.count) == 0;
}

static inline void file_bytes_put(const char *path, struct file_bytes bytes)
{
    unlink(path);
    if (bytes.at == NULL)
        return;
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes.at, 1, bytes.count, file) != bytes.count || fclose(file) != 0)
        abort();
}

#endif
