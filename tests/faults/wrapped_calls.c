#include "wrapped_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static bool fails(enum fault_kind kind)
{
    return wrapped_call(kind) == FAIL;
}

/* How many of `count` bytes this call does; 0 when it fails. */
static size_t share(enum fault_kind kind, size_t count)
{
    switch (wrapped_call(kind)) {
    case WHOLE:
        return count;
    case HALF:
        return count > 1 ? count / 2 : count;
    case FAIL:
        break;
    }
    return 0;
}

/* What the linker puts in the place of each function, and what it was before. */
ssize_t __real_write(int, const void *, size_t);
ssize_t __wrap_write(int descriptor, const void *bytes, size_t count)
{
    size_t now = share(FAULT_WRITE, count);
    return now == 0 && count > 0 ? -1 : __real_write(descriptor, bytes, now);
}

ssize_t __real_pwrite(int, const void *, size_t, off_t);
ssize_t __wrap_pwrite(int descriptor, const void *bytes, size_t count, off_t offset)
{
    size_t now = share(FAULT_PWRITE, count);
    return now == 0 && count > 0 ? -1 : __real_pwrite(descriptor, bytes, now, offset);
}

ssize_t __real_pread(int, void *, size_t, off_t);
ssize_t __wrap_pread(int descriptor, void *bytes, size_t count, off_t offset)
{
    size_t now = share(FAULT_PREAD, count);
    return now == 0 && count > 0 ? -1 : __real_pread(descriptor, bytes, now, offset);
}

/* As the compiler calls it when it knows the room there is (_FORTIFY_SOURCE); so are all that end in _chk,
 * and open without a mode. */
ssize_t __real___pread_chk(int, void *, size_t, off_t, size_t);
ssize_t __wrap___pread_chk(int descriptor, void *bytes, size_t count, off_t offset, size_t room)
{
    size_t now = share(FAULT_PREAD, count);
    return now == 0 && count > 0 ? -1 : __real___pread_chk(descriptor, bytes, now, offset, room);
}

/* No test pulls the plug, so the disk need not be waited for. */
int __wrap_fsync(int descriptor)
{
    (void)descriptor;
    return fails(FAULT_FSYNC) ? -1 : 0;
}

int __wrap_fdatasync(int descriptor)
{
    (void)descriptor;
    return fails(FAULT_FDATASYNC) ? -1 : 0;
}

int __real_rename(const char *, const char *);
int __wrap_rename(const char *from, const char *to)
{
    return fails(FAULT_RENAME) ? -1 : __real_rename(from, to);
}

int __real_renameat2(int, const char *, int, const char *, unsigned);
int __wrap_renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    return fails(FAULT_RENAME) ? -1 : __real_renameat2(from_folder, from, to_folder, to, flags);
}

int __real_link(const char *, const char *);
int __wrap_link(const char *from, const char *to)
{
    return fails(FAULT_RENAME) ? -1 : __real_link(from, to);
}

int __real_open(const char *, int, ...);
int __wrap_open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    if ((flags & O_CREAT) != 0) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    return fails(FAULT_OPEN) ? -1 : __real_open(path, flags, mode);
}

int __wrap___open_2(const char *path, int flags)
{
    return __wrap_open(path, flags);
}

int __real_posix_fallocate(int, off_t, off_t);
int __wrap_posix_fallocate(int descriptor, off_t offset, off_t count)
{
    return fails(FAULT_FALLOCATE) ? errno : __real_posix_fallocate(descriptor, offset, count);
}

int __real_ftruncate(int, off_t);
int __wrap_ftruncate(int descriptor, off_t count)
{
    return fails(FAULT_FTRUNCATE) ? -1 : __real_ftruncate(descriptor, count);
}

/* It closes all the same, as Linux does. */
int __real_close(int);
int __wrap_close(int descriptor)
{
    int status = __real_close(descriptor);
    return fails(FAULT_CLOSE) ? -1 : status;
}

int __real_fcntl(int, int, void *);
int __wrap_fcntl(int descriptor, int command, void *argument)
{
    bool locks = command == F_OFD_SETLK || command == F_OFD_GETLK;
    return locks && fails(FAULT_LOCK) ? -1 : __real_fcntl(descriptor, command, argument);
}

FILE *__real_fopen(const char *, const char *);
FILE *__wrap_fopen(const char *path, const char *mode)
{
    /* What the machine says of itself is done without where it cannot be read. */
    bool of_machine =
        strncmp(path, "/sys/", strlen("/sys/")) == 0 || strncmp(path, "/proc/", strlen("/proc/")) == 0;
    return !of_machine && fails(FAULT_FOPEN) ? NULL : __real_fopen(path, mode);
}

void *__real_malloc(size_t);
void *__wrap_malloc(size_t bytes)
{
    return fails(FAULT_MEMORY) ? NULL : __real_malloc(bytes);
}

void *__real_calloc(size_t, size_t);
void *__wrap_calloc(size_t count, size_t bytes)
{
    return fails(FAULT_MEMORY) ? NULL : __real_calloc(count, bytes);
}

void *__real_realloc(void *, size_t);
void *__wrap_realloc(void *memory, size_t bytes)
{
    return fails(FAULT_MEMORY) ? NULL : __real_realloc(memory, bytes);
}

void *__real_aligned_alloc(size_t, size_t);
void *__wrap_aligned_alloc(size_t alignment, size_t bytes)
{
    return fails(FAULT_MEMORY) ? NULL : __real_aligned_alloc(alignment, bytes);
}

int __real_vasprintf(char **, const char *, va_list);
int __wrap_vasprintf(char **text, const char *format, va_list arguments)
{
    return fails(FAULT_MEMORY) ? -1 : __real_vasprintf(text, format, arguments);
}

int __wrap___vasprintf_chk(char **text, int flag, const char *format, va_list arguments)
{
    (void)flag;
    return __wrap_vasprintf(text, format, arguments);
}

int __wrap___asprintf_chk(char **text, int flag, const char *format, ...)
{
    (void)flag;
    va_list arguments;
    va_start(arguments, format);
    int length = __wrap_vasprintf(text, format, arguments);
    va_end(arguments);
    return length;
}

int __wrap_asprintf(char **text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = __wrap_vasprintf(text, format, arguments);
    va_end(arguments);
    return length;
}

/* As glibc without memory for the line: -1 with the stream neither at its end nor in error. */
ssize_t __real_getline(char **, size_t *, FILE *);
ssize_t __wrap_getline(char **line, size_t *capacity, FILE *file)
{
    return fails(FAULT_MEMORY) ? -1 : __real_getline(line, capacity, file);
}
