/* arete with one call that fails, for tests of the whole program.
 *
 * ARETE_FAULT=KIND:CALL:CAUSE lets call CALL (from 0) of a kind fail, such as memory:17:ENOMEM; with
 * :for-good after it all later ones too. With the cause STOP the process stops itself (SIGSTOP) before that
 * call, which is then made: another may run meanwhile, at a moment that a test has chosen.
 * ARETE_FAULT_CALLS=FILE: how many calls of each kind there were, a line each. */
#include "wrapped_calls.h"

#include "cli/command.h"
#include "model/blas/blas_kernels.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BAD_USE = 99 }; /* no exit code of arete */
enum { STOPS = -1 };   /* no errno */

static const char *const kind_names[FAULT_KINDS] = {
    [FAULT_WRITE] = "write",   [FAULT_PWRITE] = "pwrite",       [FAULT_PREAD] = "pread",
    [FAULT_FSYNC] = "fsync",   [FAULT_FDATASYNC] = "fdatasync", [FAULT_RENAME] = "rename",
    [FAULT_OPEN] = "open",     [FAULT_FALLOCATE] = "fallocate", [FAULT_FTRUNCATE] = "ftruncate",
    [FAULT_CLOSE] = "close",   [FAULT_FOPEN] = "fopen",         [FAULT_LOCK] = "lock",
    [FAULT_MEMORY] = "memory",
};

static const struct {
    const char *name;
    int number;
} causes[] = {{"EIO", EIO},       {"ENOSPC", ENOSPC},
              {"ENOMEM", ENOMEM}, {"EMFILE", EMFILE},
              {"ENOLCK", ENOLCK}, {"EINVAL", EINVAL},
              {"STOP", STOPS},    {"ENOTSUPP", 524 /* Linux's own, which NFS lets out */}};

static struct {
    int kind; /* FAULT_KINDS: none */
    long call;
    int cause;
    bool for_good;
} fault = {.kind = FAULT_KINDS};

static atomic_long calls[FAULT_KINDS];

enum verdict wrapped_call(enum fault_kind kind)
{
    long call = atomic_fetch_add(&calls[kind], 1);
    if ((int)kind != fault.kind || call < fault.call || (call > fault.call && !fault.for_good))
        return WHOLE;
    if (fault.cause == STOPS) {
        raise(SIGSTOP);
        return WHOLE;
    }
    errno = fault.cause;
    return FAIL;
}

static bool read_fault(const char *text)
{
    char kind[16], cause[16], mode[16] = "";
    int fields = sscanf(text, "%15[a-z]:%ld:%15[A-Z]:%15s", kind, &fault.call, cause, mode);
    if (fields < 3 || (fields == 4 && strcmp(mode, "for-good") != 0))
        return false;
    fault.for_good = fields == 4;
    for (size_t c = 0; c < sizeof causes / sizeof *causes; c++)
        if (strcmp(causes[c].name, cause) == 0)
            fault.cause = causes[c].number;
    int k = 0;
    while (k < FAULT_KINDS && strcmp(kind_names[k], kind) != 0)
        k++;
    fault.kind = k;
    return fault.cause != 0 && k < FAULT_KINDS;
}

static bool write_calls(const char *path)
{
    long counted[FAULT_KINDS];
    for (int k = 0; k < FAULT_KINDS; k++)
        counted[k] = atomic_load(&calls[k]);
    fault.kind = FAULT_KINDS;
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return false;
    for (int k = 0; k < FAULT_KINDS; k++)
        fprintf(file, "%s %ld\n", kind_names[k], counted[k]);
    return fclose(file) == 0;
}

int main(int argc, char **argv)
{
    struct error slow = {0};
    blas_kernels_choose(&slow); /* before calls fail: where it cannot, results have other last digits */
    const char *asked = getenv("ARETE_FAULT"), *counts = getenv("ARETE_FAULT_CALLS");
    if (asked != NULL && !read_fault(asked)) {
        fprintf(stderr, "ARETE_FAULT=%s: expected KIND:CALL:CAUSE[:for-good]\n", asked);
        return BAD_USE;
    }
    int code = command_main(argc, argv);
    return counts == NULL || write_calls(counts) ? code : BAD_USE;
}
