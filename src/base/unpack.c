#include "base/unpack.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum {
    FIRST_BYTE = 0x1f, /* of a gzip file; no text begins with it */
    PIECE_BYTES = 128 << 10,
    /* Text is packed to a twentieth, repeated numbers to a hundredth. Deflate can go to a thousandth: some
     * kilobytes would fill the memory. */
    MOST_RATIO = 300,
    RATIO_FROM_BYTES = 64 << 20,
    LINE_BYTES = 64 << 20 /* a line is held in memory */
};

struct packed {
    gzFile file;
    int64_t unpacked, line; /* bytes; of the line that is not yet at its end */
    bool after_return;
};

/* Whether there is more than honest files have. */
static bool is_bomb(struct packed *packed, const char *bytes, size_t count)
{
    const char *end = memrchr(bytes, '\n', count), *carriage_return = memrchr(bytes, '\r', count);
    if (end == NULL || (carriage_return != NULL && carriage_return > end))
        end = carriage_return;
    packed->unpacked += (int64_t)count;
    packed->line = end != NULL ? bytes + count - end : packed->line + (int64_t)count;
    return packed->line > LINE_BYTES ||
           (packed->unpacked > RATIO_FROM_BYTES && packed->unpacked / MOST_RATIO > gzoffset(packed->file));
}

static ssize_t read_piece(void *cookie, char *bytes, size_t count)
{
    struct packed *packed = cookie;
    int code, got = gzread(packed->file, bytes, count > INT_MAX ? INT_MAX : (unsigned)count);
    (void)gzerror(packed->file, &code);
    if (got > 0 && is_bomb(packed, bytes, (size_t)got)) {
        errno = EFBIG;
        return -1;
    }
    if (got >= 0 && code == Z_OK)
        return got;
    if (code != Z_ERRNO)
        errno = EBADMSG;
    return -1;
}

/* Ends every line by \n alone, where it was by \r\n or \r, which spreadsheets and old Macs write. A pair may
 * stand in two pieces. Returns how many bytes are left. */
static size_t end_lines(char *bytes, size_t count, bool *after_return)
{
    size_t kept = 0;
    if (!*after_return && memchr(bytes, '\r', count) == NULL)
        return count;
    for (size_t k = 0; k < count; k++) {
        bool is_return = bytes[k] == '\r';
        if (bytes[k] != '\n' || !*after_return)
            bytes[kept++] = is_return ? '\n' : bytes[k];
        *after_return = is_return;
    }
    return kept;
}

static ssize_t read_packed(void *cookie, char *bytes, size_t count)
{
    struct packed *packed = cookie;
    ssize_t got;
    do
        got = read_piece(packed, bytes, count);
    while (got > 0 && (got = (ssize_t)end_lines(bytes, (size_t)got, &packed->after_return)) == 0);
    return got;
}

static int close_packed(void *cookie)
{
    struct packed *packed = cookie;
    (void)gzclose(packed->file); /* only read: nothing to lose */
    free(packed);
    return 0;
}

static struct packed *open_packed(FILE *file)
{
    struct packed *packed = calloc(1, sizeof *packed);
    int descriptor = packed != NULL ? dup(fileno(file)) : -1;
    if (descriptor >= 0)
        packed->file = gzdopen(descriptor, "rb");
    if (packed == NULL || packed->file != NULL)
        return packed;
    if (descriptor >= 0)
        close(descriptor);
    free(packed);
    return NULL;
}

/* A file that is not packed. No text holds a zero byte: it ends with the first one, so that a hole of
 * terabytes is not read into a line. */
struct plain {
    FILE *file;
    bool has_zero, after_return;
};

static ssize_t read_plain(void *cookie, char *bytes, size_t count)
{
    struct plain *plain = cookie;
    if (plain->has_zero)
        return 0;
    ssize_t got;
    do
        got = read(fileno(plain->file), bytes, count);
    while (got > 0 && (got = (ssize_t)end_lines(bytes, (size_t)got, &plain->after_return)) == 0);
    const char *zero = got > 0 ? memchr(bytes, '\0', (size_t)got) : NULL;
    plain->has_zero = zero != NULL;
    return zero != NULL ? zero - bytes + 1 : got;
}

static int close_plain(void *cookie)
{
    struct plain *plain = cookie;
    fclose(plain->file); /* only read: nothing to lose */
    free(plain);
    return 0;
}

static FILE *plain_stream(FILE *file)
{
    struct plain *plain = calloc(1, sizeof *plain);
    FILE *stream =
        plain == NULL
            ? NULL
            : fopencookie(plain, "r", (cookie_io_functions_t){.read = read_plain, .close = close_plain});
    if (stream == NULL) {
        fclose(file);
        free(plain);
        return NULL;
    }
    plain->file = file;
    return stream;
}

FILE *unpack_stream(FILE *file)
{
    unsigned char first = 0;
    ssize_t got = pread(fileno(file), &first, 1, 0);
    if (got < 0 && errno != ESPIPE &&
        errno != EISDIR) { /* a pipe is no packed file; a folder is told of later */
        fclose(file);
        return NULL;
    }
    if (first != FIRST_BYTE)
        return plain_stream(file);
    struct packed *packed = open_packed(file);
    fclose(file);
    if (packed == NULL)
        return NULL;
    gzbuffer(packed->file, PIECE_BYTES);
    FILE *stream =
        fopencookie(packed, "r", (cookie_io_functions_t){.read = read_packed, .close = close_packed});
    if (stream == NULL)
        close_packed(packed);
    return stream;
}
