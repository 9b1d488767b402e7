#include "faults.h"

#include "testing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum fault_mode {
    ONCE,
    FOR_GOOD,     /* that call and all later ones of the kind */
    PARTIAL,      /* that call does half of the work, and is right to say so */
    PARTIAL_LAST, /* that call does half of the work, all later ones fail */
    MOST_CALLS = 20000
};

struct fault {
    enum fault_kind kind;
    enum fault_mode mode;
    int cause;
    bool harmless; /* no user may notice */
};

static const struct fault faults[] = {
    {FAULT_WRITE, ONCE, EIO, false},
    {FAULT_WRITE, FOR_GOOD, ENOSPC, false},
    {FAULT_WRITE, PARTIAL, 0, true},
    {FAULT_WRITE, PARTIAL_LAST, ENOSPC, false},
    {FAULT_WRITE, ONCE, EINTR, true},
    {FAULT_PWRITE, ONCE, EIO, false},
    {FAULT_PWRITE, FOR_GOOD, ENOSPC, false},
    {FAULT_PWRITE, PARTIAL, 0, true},
    {FAULT_PWRITE, PARTIAL_LAST, ENOSPC, false},
    {FAULT_PWRITE, ONCE, EINTR, true},
    {FAULT_PREAD, ONCE, EIO, false},
    {FAULT_PREAD, PARTIAL, 0, true},
    {FAULT_PREAD, ONCE, EINTR, true},
    {FAULT_FSYNC, ONCE, EIO, false},
    {FAULT_FSYNC, FOR_GOOD, ENOSPC, false},
    {FAULT_FSYNC, ONCE, EINTR, true},
    {FAULT_FDATASYNC, ONCE, EIO, false},
    {FAULT_FDATASYNC, FOR_GOOD, ENOSPC, false},
    {FAULT_FDATASYNC, ONCE, EINTR, true},
    {FAULT_RENAME, ONCE, EIO, false},
    {FAULT_RENAME, FOR_GOOD, ENOSPC, false},
    {FAULT_OPEN, ONCE, EIO, false},
    {FAULT_OPEN, ONCE, ENOSPC, false},
    {FAULT_OPEN, FOR_GOOD, EMFILE, false},
    {FAULT_FALLOCATE, ONCE, EIO, false},
    {FAULT_FALLOCATE, FOR_GOOD, ENOSPC, false},
    {FAULT_FALLOCATE, FOR_GOOD, EOPNOTSUPP, true},
    {FAULT_FALLOCATE, ONCE, EINTR, true},
    {FAULT_FTRUNCATE, ONCE, EIO, false},
    {FAULT_CLOSE, ONCE, EIO, false},
    {FAULT_FOPEN, ONCE, EIO, false},
    {FAULT_FOPEN, FOR_GOOD, EMFILE, false},
    {FAULT_MEMORY, ONCE, ENOMEM, false},
    {FAULT_MEMORY, FOR_GOOD, ENOMEM, false},
};

static const struct fault *armed; /* NULL: nothing fails */
static long calls_before;         /* of the kind, until the fault strikes */
static bool has_struck;

static void arm(const struct fault *fault, long call)
{
    armed = fault;
    calls_before = call;
    has_struck = false;
}

enum verdict { WHOLE, HALF, FAIL };

static enum verdict judge(enum fault_kind kind)
{
    if (armed == NULL || armed->kind != kind || calls_before-- > 0)
        return WHOLE;
    bool first = !has_struck;
    has_struck = true;
    if (first && (armed->mode == PARTIAL || armed->mode == PARTIAL_LAST))
        return HALF;
    return first || armed->mode == FOR_GOOD || armed->mode == PARTIAL_LAST ? FAIL : WHOLE;
}

static bool fails(enum fault_kind kind)
{
    bool failing = judge(kind) == FAIL;
    if (failing)
        errno = armed->cause;
    return failing;
}

/* How many of `count` bytes this call does; 0 when it fails. */
static size_t share(enum fault_kind kind, size_t count)
{
    switch (judge(kind)) {
    case WHOLE:
        return count;
    case HALF:
        return count > 1 ? count / 2 : count;
    case FAIL:
        errno = armed->cause;
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

int __real_posix_fallocate(int, off_t, off_t);
int __wrap_posix_fallocate(int descriptor, off_t offset, off_t count)
{
    return fails(FAULT_FALLOCATE) ? armed->cause : __real_posix_fallocate(descriptor, offset, count);
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

FILE *__real_fopen(const char *, const char *);
FILE *__wrap_fopen(const char *path, const char *mode)
{
    return fails(FAULT_FOPEN) ? NULL : __real_fopen(path, mode);
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

static int open_files(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int count = 0;
    while (folder != NULL && readdir(folder) != NULL)
        count++;
    if (folder != NULL)
        closedir(folder);
    return count;
}

/* One clear line with the cause, and the right exit code; or success. */
static bool tells(const struct faults_operation *operation, const struct fault *fault, int code,
                  const struct error *err)
{
    /* What was not written must not be claimed; a lost line of the log or a file read and badly closed may.
     */
    bool forgivable =
        !has_struck || fault->harmless || fault->kind == FAULT_MEMORY || fault->kind == FAULT_CLOSE;
    if (code == 0)
        return err->code == 0 && forgivable;
    bool reading = fault->kind == FAULT_OPEN || fault->kind == FAULT_FOPEN || fault->kind == FAULT_PREAD;
    bool right_code =
        code == EXIT_CODE_FAILED || (code == EXIT_CODE_BAD_INPUT && operation->reads_input && reading);
    bool may_fail = !fault->harmless || (fault->cause != EOPNOTSUPP && operation->interruptible);
    const char *cause = fault->kind == FAULT_MEMORY ? "out of memory"
                        : fault->cause != 0         ? strerror(fault->cause)
                                                    : "";
    return may_fail && right_code && err->code == code && strchr(err->message, '\n') == NULL &&
           strstr(err->message, cause) != NULL;
}

/* Whether the fault struck. */
static bool try_call(const struct faults_operation *operation, void *context, const struct fault *fault,
                     long call)
{
    struct error err = {0};
    unsigned failures = CU_get_number_of_failures();
    int files = open_files();
    operation->prepare(context);
    arm(fault, call);
    int code = operation->run(context, &err);
    armed = NULL;
    CU_ASSERT(tells(operation, fault, code, &err));
    operation->check(context, code);
    CU_ASSERT_EQUAL(open_files(), files);
    if (CU_get_number_of_failures() > failures)
        fprintf(stderr, "fault of kind %d, mode %d (%s) at call %ld: code %d, message: %s\n",
                (int)fault->kind, (int)fault->mode, strerror(fault->cause), call, code, err.message);
    return has_struck;
}

void faults_try(const struct faults_operation *operation, void *context, int struck[FAULT_KINDS])
{
    memset(struck, 0, FAULT_KINDS * sizeof *struck);
    for (size_t f = 0; f < sizeof faults / sizeof *faults; f++) {
        long call = 0;
        while (call < MOST_CALLS && try_call(operation, context, &faults[f], call))
            call++;
        CU_ASSERT(call < MOST_CALLS); /* else it never succeeds */
        struck[faults[f].kind] += (int)call;
    }
}
