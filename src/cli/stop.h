/* Stopping on request: SIGTERM, SIGINT, SIGUSR1 (a scheduler's warning before it preempts). */
#ifndef ARETE_CLI_STOP_H
#define ARETE_CLI_STOP_H

#include "base/error.h"

#include <stdbool.h>

/* From here on the three signals only ask; a second SIGINT ends the process at once with EXIT_CODE_STOPPED
 * (nothing that is saved is lost). */
int stop_install(struct error *err);

/* Whether a signal has asked. */
bool stop_requested(void);

/* Whether it was a Ctrl-C, and another one ends the process. */
bool stop_by_interrupt(void);

/* The signal's name; NULL when none came. */
const char *stop_reason(void);

#endif
