#include "base/packed_file.h"

#include <errno.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>
#include <zlib.h>

static ssize_t write_packed(void *packed, const char *bytes, size_t count)
{
    return gzwrite(packed, bytes, (unsigned)count); /* 0 = it failed, as here */
}

static int close_packed(void *packed)
{
    return gzclose(packed) == Z_OK ? 0 : -1;
}

static int fail(const struct replace *replace, struct error *err)
{
    return error_set(err, EXIT_CODE_FAILED, "%s: cannot be written whole: %s", replace->path,
                     errno != 0 ? strerror(errno) : "an error of zlib");
}

FILE *packed_file_open(const struct replace *replace, struct error *err)
{
    errno = 0;
    int descriptor = dup(replace->descriptor); /* gzclose closes it */
    gzFile packed = descriptor >= 0 ? gzdopen(descriptor, "wb6") : NULL;
    FILE *file =
        packed == NULL
            ? NULL
            : fopencookie(packed, "w", (cookie_io_functions_t){.write = write_packed, .close = close_packed});
    if (file != NULL)
        return file;
    fail(replace, err);
    if (packed != NULL)
        gzclose(packed);
    else if (descriptor >= 0)
        close(descriptor);
    return NULL;
}

int packed_file_close(FILE *file, const struct replace *replace, struct error *err)
{
    errno = 0;
    int failed = ferror(file);
    if (fclose(file) != 0 || failed)
        return fail(replace, err);
    return 0;
}
