#include "faults.h"

#include "testing.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

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

enum verdict wrapped_call(enum fault_kind kind)
{
    if (armed == NULL || armed->kind != kind || calls_before-- > 0)
        return WHOLE;
    bool first = !has_struck;
    has_struck = true;
    if (first && (armed->mode == PARTIAL || armed->mode == PARTIAL_LAST))
        return HALF;
    if (!first && armed->mode != FOR_GOOD && armed->mode != PARTIAL_LAST)
        return WHOLE;
    errno = armed->cause;
    return FAIL;
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
