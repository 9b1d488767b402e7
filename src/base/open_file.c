#include "base/open_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

const char *open_file_what(const struct stat *status)
{
    return S_ISDIR(status->st_mode) ? "a folder" : S_ISLNK(status->st_mode) ? "a link" : "a pipe or device";
}

int open_file_code(int cause)
{
    bool named_wrongly = cause == ENOENT || cause == ENOTDIR || cause == EISDIR || cause == EACCES ||
                         cause == ELOOP || cause == ENAMETOOLONG;
    return named_wrongly ? EXIT_CODE_BAD_INPUT : EXIT_CODE_FAILED;
}

static int refuse(const char *path, const struct stat *status, struct error *err)
{
    error_set(err, EXIT_CODE_BAD_INPUT, "%s: %s found; expected a file", path, open_file_what(status));
    return -1;
}

static int cannot(const char *path, const char *what, struct error *err)
{
    error_set(err, open_file_code(errno), "%s: cannot be %s: %s", path, what, strerror(errno));
    return -1;
}

int open_file_read(const char *path, struct stat *status, struct error *err)
{
    struct stat own, *found = status != NULL ? status : &own;
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (descriptor < 0 && errno == ENXIO && stat(path, found) == 0) /* a socket, or a device without one */
        return refuse(path, found, err);
    if (descriptor < 0 || fstat(descriptor, found) != 0)
        cannot(path, "read", err);
    else if (!S_ISREG(found->st_mode))
        refuse(path, found, err);
    else
        return descriptor;
    if (descriptor >= 0)
        close(descriptor);
    return -1;
}

FILE *open_file_stream(const char *path, struct error *err)
{
    int descriptor = open_file_read(path, NULL, err);
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "r") : NULL;
    if (descriptor >= 0 && file == NULL) {
        cannot(path, "read", err);
        close(descriptor);
    }
    return file;
}

int open_file_append(const char *path, mode_t mode, struct error *err)
{
    struct stat status;
    int descriptor =
        open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, mode);
    int cause = errno;
    if (descriptor < 0 && lstat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return refuse(path, &status, err);
    errno = cause;
    if (descriptor < 0 || fstat(descriptor, &status) != 0)
        error_set(err, EXIT_CODE_FAILED, "%s: cannot be written: %s", path, strerror(errno));
    else if (!S_ISREG(status.st_mode))
        refuse(path, &status, err);
    else
        return descriptor;
    if (descriptor >= 0)
        close(descriptor);
    return -1;
}
