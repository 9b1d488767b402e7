/* Makes system calls and allocations of arete's own objects fail, one after another, until an operation
 * succeeds.
 *
 * Which calls: wrapped_calls.h. */
#ifndef ARETE_TEST_FAULTS_H
#define ARETE_TEST_FAULTS_H

#include "wrapped_calls.h"

#include "base/error.h"

#include <stdbool.h>

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
