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
    LINE_BYTES = 64 << 20, /* a line is held in memory */
    MOST_ZEROS = 1 << 20   /* behind the last member */
};

struct packed {
    FILE *file;
    z_stream stream;
    bool is_behind;         /* a member (a file may be several, one after the other) */
    size_t zeros;           /* that stand there */
    int64_t taken;          /* bytes of the file */
    int64_t unpacked, line; /* bytes; of the line that is not yet at its end */
    bool after_return;
    unsigned char input[PIECE_BYTES]; /* what the stream takes from */
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
           (packed->unpacked > RATIO_FROM_BYTES &&
            packed->unpacked / MOST_RATIO > packed->taken - packed->stream.avail_in);
}

/* Has something to unpack, unless the file is at its end. */
static int fill(struct packed *packed)
{
    ssize_t got = packed->stream.avail_in > 0 ? 0 : read(fileno(packed->file), packed->input, PIECE_BYTES);
    if (got <= 0)
        return (int)got;
    packed->taken += got;
    packed->stream.next_in = packed->input;
    packed->stream.avail_in = (uInt)got;
    return 0;
}

/* Behind a member there is another one, or nothing but some zeros, as of a tape's last block. zlib's gzread
 * passes over whatever else stands there, a member with a damaged header and all that follows. */
static int next_member(struct packed *packed)
{
    z_stream *stream = &packed->stream;
    for (; stream->avail_in > 0 && *stream->next_in == 0; stream->next_in++, stream->avail_in--)
        packed->zeros++;
    if (packed->zeros > MOST_ZEROS || (packed->zeros > 0 && stream->avail_in > 0)) {
        errno = EBADMSG;
        return -1;
    }
    packed->is_behind = stream->avail_in == 0;
    return 0;
}

static int unpack_some(struct packed *packed)
{
    int code = inflate(&packed->stream, Z_NO_FLUSH);
    if (code == Z_STREAM_END) {
        packed->is_behind = true;
        code = inflateReset(&packed->stream);
    }
    if (code != Z_OK)
        errno =
            code == Z_MEM_ERROR ? ENOMEM : EBADMSG; /* with nothing to take (Z_BUF_ERROR) it is cut short */
    return code == Z_OK ? 0 : -1;
}

static ssize_t read_piece(void *cookie, char *bytes, size_t count)
{
    struct packed *packed = cookie;
    z_stream *stream = &packed->stream;
    if (count > INT_MAX)
        count = INT_MAX;
    stream->next_out = (Bytef *)bytes;
    stream->avail_out = (uInt)count;
    while (stream->avail_out > 0) {
        if (fill(packed) != 0)
            return -1;
        if (packed->is_behind && stream->avail_in == 0)
            break;
        if ((packed->is_behind ? next_member(packed) : unpack_some(packed)) != 0)
            return -1;
    }
    count -= stream->avail_out;
    if (count == 0 || !is_bomb(packed, bytes, count))
        return (ssize_t)count;
    errno = EFBIG;
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
    inflateEnd(&packed->stream);
    fclose(packed->file); /* only read: nothing to lose */
    free(packed);
    return 0;
}

static FILE *packed_stream(FILE *file)
{
    const int gzip_alone = 16 + MAX_WBITS;
    struct packed *packed = calloc(1, sizeof *packed);
    if (packed == NULL || inflateInit2(&packed->stream, gzip_alone) != Z_OK) {
        fclose(file);
        free(packed);
        errno = ENOMEM;
        return NULL;
    }
    packed->file = file;
    FILE *stream =
        fopencookie(packed, "r", (cookie_io_functions_t){.read = read_packed, .close = close_packed});
    if (stream == NULL)
        close_packed(packed);
    return stream;
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
    return first == FIRST_BYTE ? packed_stream(file) : plain_stream(file);
}
