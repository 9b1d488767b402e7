/* What a process must have before anything else, whoever started it, and how it ends. */
#ifndef ARETE_BASE_PROCESS_H
#define ARETE_BASE_PROCESS_H

#include "base/error.h"

/* Opens /dev/null in place of standard input, output and error where they are closed, or the first file that
 * is opened would be taken for one of them. Raises the limit on open files where that is allowed; refuses
 * (EXIT_CODE_FAILED) limits on open files and on the stack that nothing works with. */
int process_begin(struct error *err);

/* Ends the process without waiting for threads that libraries have started: OpenBLAS's wait for memory for
 * ever where there is too little (ulimit -v). All that is to be written has been. */
_Noreturn void process_end(int code);

#endif
