#include "base/unpack.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>
#include <zlib.h>

enum { FIRST_BYTE = 0x1f /* of a gzip file; no text begins with it */, PIECE_BYTES = 128 << 10 };

static ssize_t read_piece(void *cookie, char *bytes, size_t count)
{
    int code, got = gzread(cookie, bytes, count > INT_MAX ? INT_MAX : (unsigned)count);
    (void)gzerror(cookie, &code);
    if (got >= 0 && code == Z_OK)
        return got;
    if (code != Z_ERRNO)
        errno = EBADMSG;
    return -1;
}

static int close_packed(void *cookie)
{
    (void)gzclose(cookie); /* only read: nothing to lose */
    return 0;
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
        return file;
    int descriptor = dup(fileno(file));
    gzFile packed = descriptor >= 0 ? gzdopen(descriptor, "rb") : NULL;
    if (packed == NULL && descriptor >= 0)
        close(descriptor);
    fclose(file);
    if (packed == NULL)
        return NULL;
    gzbuffer(packed, PIECE_BYTES);
    FILE *stream =
        fopencookie(packed, "r", (cookie_io_functions_t){.read = read_piece, .close = close_packed});
    if (stream == NULL)
        gzclose(packed);
    return stream;
}
