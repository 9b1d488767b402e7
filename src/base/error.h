/* One error object for the whole program: the exit code of the process and the text that a user reads.
 *
 * A function that can fail takes a `struct error *` last, never NULL, and returns 0 or the code that it has
 * set. A message is written once, where the fault is seen. It names the file, the line or record, what was
 * found and what is expected. It has neither a newline at its end nor "arete:" in front; cli/command.c adds
 * these. */
#ifndef ARETE_BASE_ERROR_H
#define ARETE_BASE_ERROR_H

#include <stddef.h>

/* The exit codes of the process (README, "Your own study"). */
enum exit_code {
    EXIT_CODE_DONE = 0,
    EXIT_CODE_FAILED = 1,    /* it could not be done: disk full, a task failed, out of memory */
    EXIT_CODE_BAD_INPUT = 2, /* command line, study file or an input file is wrong */
    EXIT_CODE_STOPPED = 75,  /* stopped on request; run again to go on (EX_TEMPFAIL) */
    /* Another rank was lost; run again to go on. srun ends with the highest code of all tasks and kills those
     * that are left, so this one is above 128 and every signal's number. */
    EXIT_CODE_RANK_LOST = 200
};

enum { ERROR_MESSAGE_BYTES = 8192 };

struct error {
    int code; /* 0 = no error */
    char message[ERROR_MESSAGE_BYTES];
};

/* Sets the error and returns `code`, so that `return error_set(...)` is the usual way out. It overwrites an
 * earlier message. A message that is too long is cut. */
int error_set(struct error *err, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Adds a line to an error, so that several problems are listed at once. Sets the error if there is none yet.
 * Lines for which there is no more room are dropped. Returns `code`. */
int error_add_line(struct error *err, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Appends what only a caller knows to the message, such as " (outer fold 3)". */
void error_append(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
