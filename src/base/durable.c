#include "base/durable.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int failed(const char *path, const char *what, int cause, struct error *err)
{
    return error_set(err, EXIT_CODE_FAILED, "%s: %s: %s", path, what, strerror(cause));
}

int durable_write(int descriptor, const char *path, const void *bytes, size_t count, uint64_t offset,
                  struct error *err)
{
    const char *at = bytes;
    while (count > 0) {
        ssize_t written = pwrite(descriptor, at, count, (off_t)offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return failed(path, "cannot be written", written < 0 ? errno : ENOSPC, err);
        at += written;
        count -= (size_t)written;
        offset += (uint64_t)written;
    }
    return 0;
}

int durable_read(int descriptor, const char *path, void *bytes, size_t count, uint64_t offset,
                 struct error *err)
{
    char *at = bytes;
    while (count > 0) {
        ssize_t got = pread(descriptor, at, count, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failed(path, "cannot be read", errno, err);
        if (got == 0)
            return error_set(err, EXIT_CODE_FAILED,
                             "%s: is damaged: ends at byte %llu; expected %zu bytes more", path,
                             (unsigned long long)offset, count);
        at += got;
        count -= (size_t)got;
        offset += (uint64_t)got;
    }
    return 0;
}

int durable_allocate(int descriptor, const char *path, uint64_t bytes, struct error *err)
{
    int cause;
    do
        cause = bytes <= INT64_MAX ? posix_fallocate(descriptor, 0, (off_t)bytes) : EFBIG;
    while (cause == EINTR);
    if (cause == 0 || cause == EOPNOTSUPP || cause == EINVAL)
        return 0;
    return error_set(err, EXIT_CODE_FAILED, "%s: cannot take %.1f MB of disk space: %s", path,
                     (double)bytes / 1e6, strerror(cause));
}

static int sync_uninterrupted(int descriptor)
{
    int status;
    do
        status = fsync(descriptor);
    while (status != 0 && errno == EINTR);
    return status;
}

int durable_sync(int descriptor, const char *path, struct error *err)
{
    return sync_uninterrupted(descriptor) == 0 ? 0
                                               : failed(path, "cannot be brought to the disk", errno, err);
}

int durable_sync_data(int descriptor, const char *path, struct error *err)
{
    int status;
    do
        status = fdatasync(descriptor);
    while (status != 0 && errno == EINTR);
    return status == 0 ? 0 : failed(path, "cannot be brought to the disk", errno, err);
}

char *durable_folder(const char *path, struct error *err)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return memory_string(".", err);
    if (slash == path)
        return memory_string("/", err);
    return memory_format(err, "%.*s", (int)(slash - path), path);
}

int durable_sync_folder(const char *path, struct error *err)
{
    char *folder = durable_folder(path, err);
    if (folder == NULL)
        return err->code;
    int code = 0;
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        code = failed(folder, "cannot be opened", errno, err);
    else if (sync_uninterrupted(descriptor) != 0 &&
             errno != EINVAL) /* EINVAL: the file system has no such thing */
        code = failed(folder, "cannot be brought to the disk", errno, err);
    if (descriptor >= 0)
        close(descriptor);
    free(folder);
    return code;
}
