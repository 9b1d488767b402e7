#include "config/document_file.h"

#include "base/memory.h"
#include "base/open_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_BYTES = 1 << 20 };

static int check_text(const char *path, const char *expected, const char *text, size_t length,
                      struct error *err)
{
    if (length > MOST_BYTES)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: more than 1 MB found; expected %s", path, expected);
    if (length >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0))
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s:1: is UTF-16 (\"Unicode\" of some editors); expected UTF-8", path);
    const char *zero = memchr(text, '\0', length);
    if (zero == NULL)
        return 0;
    size_t line = 1;
    for (const char *at = text; at < zero; at++)
        line += *at == '\n';
    return error_set(err, EXIT_CODE_BAD_INPUT, "%s:%zu: a zero byte found; expected a text file", path, line);
}

char *document_file_read(const char *path, const char *expected, size_t *length, struct error *err)
{
    char *text = NULL;
    struct stat status;
    errno = 0;
    FILE *file = open_file_stream(path, err);
    if (file == NULL)
        return NULL;
    bool small = fstat(fileno(file), &status) == 0 && status.st_size <= MOST_BYTES;
    size_t room = small ? (size_t)status.st_size : MOST_BYTES + 1;
    text = memory_zeroed(room + 1, 1, "a YAML file", err);
    if (text == NULL)
        goto out;
    *length = fread(text, 1, room, file);
    int code = ferror(file)
                   ? error_set(err, EXIT_CODE_BAD_INPUT, "%s: cannot be read: %s", path, strerror(errno))
                   : check_text(path, expected, text, *length, err);
    if (code != 0) {
        free(text);
        text = NULL;
    }
out:
    fclose(file); /* only read: nothing to lose */
    return text;
}
