/* Makes system calls and allocations of arete's own objects fail, one after another, until an operation
 * succeeds.
 *
 * The linker's --wrap sends these calls through faults.c (the list is in CMakeLists.txt); those that HDF5 and
 * libc make themselves are not reached. */
#ifndef ARETE_TEST_FAULTS_H
#define ARETE_TEST_FAULTS_H

#include "base/error.h"

#include <stdbool.h>

enum fault_kind {
    FAULT_WRITE,
    FAULT_PWRITE,
    FAULT_PREAD,
    FAULT_FSYNC,
    FAULT_FDATASYNC,
    FAULT_RENAME,
    FAULT_OPEN,
    FAULT_FALLOCATE,
    FAULT_FTRUNCATE,
    FAULT_CLOSE,
    FAULT_FOPEN,
    FAULT_MEMORY, /* malloc, calloc, realloc, aligned_alloc, vasprintf, asprintf, getline */
    FAULT_KINDS
};

/* One operation, tried again and again under every fault. */
struct faults_operation {
    void (*prepare)(void *context); /* the state before, the same each time */
    int (*run)(void *context, struct error *err);
    /* After each run, with nothing failing any more: whether what is left is right, for a success too. It
     * releases what `prepare` and `run` made. */
    void (*check)(void *context, int code);
    bool reads_input;   /* exit code 2 is right too when a file cannot be opened or read: the user named it */
    bool interruptible; /* it may fail when a call was interrupted or did only a part */
};

/* Tries call 0, 1, 2, ... of every kind, and asserts after each: success, or exit code 1 with one line that
 * names the cause; no file left open. What no user may notice (an interrupted or a partial call) must not
 * fail. struck[kind] counts the runs that met that fault, so that a test can say that it tested something. */
void faults_try(const struct faults_operation *operation, void *context, int struck[FAULT_KINDS]);

#endif
