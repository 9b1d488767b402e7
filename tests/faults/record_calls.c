/* Preloaded into arete, it writes down what happens to the files of one folder, in order, for
 * crash_images.py.
 *
 * ARETE_RECORD_FOLDER: which; ARETE_RECORD: the record, to which every process adds. A line for each call
 * that succeeded, and bytes after it where it says so:
 *
 *     C INODE NAME            a new file has this name        M NAME    a new folder
 *     W INODE OFFSET COUNT    bytes were written, as follow   T INODE SIZE    it was cut, or made longer
 *     K INODE COUNT           this, which follows, is all of the file: before it is brought to the disk,
 * since what libc's streams write is not seen S INODE                 it is on the disk               D NAME
 * the folder's entries are R INODE OLD<TAB>NEW     renamed                         U NAME    removed */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

typedef int open_function(const char *, int, ...);

#define NEXT(name) ((__typeof__(&name))(uintptr_t)dlsym(RTLD_NEXT, #name))

/* One line and its bytes, in one piece: other processes write to the record too. */
static void tell(const void *bytes, size_t count, const char *format, ...)
{
    static int record = -1;
    char line[2 * PATH_MAX];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    int before = errno;
    if (record < 0)
        record = (int)((open_function *)(uintptr_t)dlsym(RTLD_NEXT, "open"))(
            getenv("ARETE_RECORD"), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    struct iovec pieces[2] = {{line, (size_t)length}, {(void *)(uintptr_t)bytes, count}};
    if (writev(record, pieces, 2) != (ssize_t)((size_t)length + count))
        abort();
    errno = before;
}

/* The name in the folder that is watched; NULL when it is not there. */
static const char *inside(const char *path, char full[PATH_MAX])
{
    const char *folder = getenv("ARETE_RECORD_FOLDER");
    char parent[PATH_MAX];
    const char *slash = strrchr(path, '/');
    if (folder == NULL || strlen(path) >= PATH_MAX)
        return NULL;
    snprintf(parent, sizeof parent, "%.*s", slash != NULL ? (int)(slash - path) : 1,
             slash != NULL ? path : ".");
    if (realpath(parent[0] != '\0' ? parent : "/", full) == NULL)
        return NULL;
    size_t used = strlen(full), length = strlen(folder);
    snprintf(full + used, PATH_MAX - used, "/%s", slash != NULL ? slash + 1 : path);
    if (strncmp(full, folder, length) != 0 || full[length] != '/')
        return strcmp(full, folder) == 0 ? "." : NULL;
    return full + length + 1;
}

/* Whether the open file is in the folder, and its name there. */
static const char *name_of(int descriptor, char full[PATH_MAX])
{
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length > 0 ? length : 0] = '\0';
    return path[0] == '/' ? inside(path, full) : NULL;
}

static unsigned long inode_of(int descriptor)
{
    struct stat status;
    return fstat(descriptor, &status) == 0 ? (unsigned long)status.st_ino : 0;
}

static bool is_watched(int descriptor)
{
    char full[PATH_MAX];
    int before = errno;
    bool watched = name_of(descriptor, full) != NULL;
    errno = before;
    return watched;
}

static int record_open(const char *function, const char *path, int flags, mode_t mode)
{
    char full[PATH_MAX];
    struct stat status;
    const char *name = inside(path, full);
    bool is_new = name != NULL && (flags & O_CREAT) != 0 && lstat(path, &status) != 0;
    int descriptor = ((open_function *)(uintptr_t)dlsym(RTLD_NEXT, function))(path, flags, mode);
    if (descriptor < 0)
        return descriptor;
    if (is_new)
        tell(NULL, 0, "C %lu %s\n", inode_of(descriptor), name);
    if ((flags & O_TRUNC) != 0 && is_watched(descriptor))
        tell(NULL, 0, "T %lu 0\n", inode_of(descriptor));
    return descriptor;
}

#define RECORD_OPEN(name)                                                                                    \
    int name(const char *path, int flags, ...)                                                               \
    {                                                                                                        \
        va_list arguments;                                                                                   \
        va_start(arguments, flags);                                                                          \
        mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;                                \
        va_end(arguments);                                                                                   \
        return record_open(#name, path, flags, mode);                                                        \
    }
RECORD_OPEN(open)
RECORD_OPEN(open64)

static ssize_t record_write(int descriptor, const void *bytes, ssize_t written, off_t offset)
{
    if (written > 0 && is_watched(descriptor))
        tell(bytes, (size_t)written, "W %lu %lld %zd\n", inode_of(descriptor), (long long)offset, written);
    return written;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset)
{
    return record_write(descriptor, bytes, NEXT(pwrite)(descriptor, bytes, count, offset), offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset)
{
    return record_write(descriptor, bytes, NEXT(pwrite64)(descriptor, bytes, count, offset), offset);
}

ssize_t write(int descriptor, const void *bytes, size_t count)
{
    ssize_t written = NEXT(write)(descriptor, bytes, count);
    if (written > 0 && is_watched(descriptor))
        record_write(descriptor, bytes, written, lseek(descriptor, 0, SEEK_CUR) - written);
    return written;
}

static int record_size(int descriptor, int result)
{
    struct stat status;
    if (result == 0 && is_watched(descriptor) && fstat(descriptor, &status) == 0)
        tell(NULL, 0, "T %lu %lld\n", inode_of(descriptor), (long long)status.st_size);
    return result;
}

int ftruncate(int descriptor, off_t bytes)
{
    return record_size(descriptor, NEXT(ftruncate)(descriptor, bytes));
}

int ftruncate64(int descriptor, off64_t bytes)
{
    return record_size(descriptor, NEXT(ftruncate64)(descriptor, bytes));
}

int posix_fallocate(int descriptor, off_t offset, off_t bytes)
{
    return record_size(descriptor, NEXT(posix_fallocate)(descriptor, offset, bytes));
}

static int record_sync(int descriptor, int (*sync)(int))
{
    char full[PATH_MAX];
    struct stat status;
    const char *name = name_of(descriptor, full);
    bool is_file = name != NULL && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    if (is_file && status.st_size > 0) {
        void *all = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, descriptor, 0);
        if (all != MAP_FAILED) {
            tell(all, (size_t)status.st_size, "K %lu %lld\n", (unsigned long)status.st_ino,
                 (long long)status.st_size);
            munmap(all, (size_t)status.st_size);
        }
    }
    int result = sync(descriptor);
    if (result == 0 && is_file)
        tell(NULL, 0, "S %lu\n", (unsigned long)status.st_ino);
    else if (result == 0 && name != NULL)
        tell(NULL, 0, "D %s\n", name);
    return result;
}

int fsync(int descriptor)
{
    return record_sync(descriptor, NEXT(fsync));
}

int fdatasync(int descriptor)
{
    return record_sync(descriptor, NEXT(fdatasync));
}

int rename(const char *old, const char *new)
{
    char full[2][PATH_MAX];
    struct stat status = {0};
    const char *from = inside(old, full[0]), *to = inside(new, full[1]);
    if (lstat(old, &status) != 0)
        status.st_ino = 0;
    int result = NEXT(rename)(old, new);
    if (result == 0 && from != NULL && to != NULL)
        tell(NULL, 0, "R %lu %s\t%s\n", (unsigned long)status.st_ino, from, to);
    return result;
}

int unlink(const char *path)
{
    char full[PATH_MAX];
    const char *name = inside(path, full);
    int result = NEXT(unlink)(path);
    if (result == 0 && name != NULL)
        tell(NULL, 0, "U %s\n", name);
    return result;
}

int mkdir(const char *path, mode_t mode)
{
    char full[PATH_MAX];
    const char *name = inside(path, full);
    int result = NEXT(mkdir)(path, mode);
    if (result == 0 && name != NULL)
        tell(NULL, 0, "M %s\n", name);
    return result;
}
