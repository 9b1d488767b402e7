#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    LEAST_OPEN_FILES = 64,      /* libraries, a pipe for each worker, the files of a small study */
    LEAST_STACK_BYTES = 1 << 20 /* of main and, by default, of every thread */
};

/* In ascending order, so that each gets its own number. */
static int open_standard(struct error *err)
{
    for (int descriptor = 0; descriptor <= 2; descriptor++)
        if (fcntl(descriptor, F_GETFD) < 0 && errno == EBADF && open("/dev/null", O_RDWR) != descriptor)
            return error_set(err, EXIT_CODE_FAILED,
                             "/dev/null: cannot be opened in place of descriptor %d: %s", descriptor,
                             strerror(errno));
    return 0;
}

static int check_open_files(struct error *err)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= LEAST_OPEN_FILES)
        return 0;
    limit.rlim_cur = limit.rlim_max < LEAST_OPEN_FILES ? limit.rlim_max : LEAST_OPEN_FILES;
    if (limit.rlim_cur == LEAST_OPEN_FILES && setrlimit(RLIMIT_NOFILE, &limit) == 0)
        return 0;
    return error_set(err, EXIT_CODE_FAILED, "at most %llu open files are allowed; expected %d (ulimit -n)",
                     (unsigned long long)limit.rlim_cur, LEAST_OPEN_FILES);
}

static int check_stack(struct error *err)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur >= LEAST_STACK_BYTES)
        return 0;
    return error_set(err, EXIT_CODE_FAILED, "a stack of %llu kB is allowed; expected %d (ulimit -s)",
                     (unsigned long long)limit.rlim_cur >> 10, LEAST_STACK_BYTES >> 10);
}

int process_begin(struct error *err)
{
    int code = open_standard(err);
    if (code == 0)
        code = check_open_files(err);
    return code == 0 ? check_stack(err) : code;
}

void process_end(int code)
{
    fflush(NULL);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    exit(code); /* leaks are looked for there */
#else
    _exit(code);
#endif
}
