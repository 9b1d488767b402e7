/* One error object for the whole program: a process exit code and the text a user reads.
 *
 * Functions that can fail take a `struct error *` last (never NULL) and return 0, or the code they set.
 * A message is written once, where the fault is seen, and names the file, the line or record, what was found
 * and what is expected. It has no trailing newline and no "arete:" in front: cli/command.c adds that. */
#ifndef ARETE_BASE_ERROR_H
#define ARETE_BASE_ERROR_H

#include <stddef.h>

/* The exit codes of the process (README, "Your own study"). */
enum exit_code {
    EXIT_CODE_DONE = 0,
    EXIT_CODE_FAILED = 1,    /* it could not be done: disk full, a task failed, out of memory */
    EXIT_CODE_BAD_INPUT = 2, /* command line, study file or an input file is wrong */
    EXIT_CODE_STOPPED = 75   /* stopped on request; run again to go on (EX_TEMPFAIL) */
};

enum { ERROR_MESSAGE_BYTES = 8192 };

struct error {
    int code; /* 0 = no error */
    char message[ERROR_MESSAGE_BYTES];
};

/* Sets the error and returns `code`, so that `return error_set(...)` is the usual way out. A message that is
 * too long is cut. An earlier message is overwritten. */
int error_set(struct error *err, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Adds one more line to an error, for problems of one kind that are listed at once. Sets it when there is
 * none. Lines past the room left are dropped. Returns `code`. */
int error_add_line(struct error *err, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Appends to the message what only the caller knows, such as " (outer fold 3)". */
void error_append(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
