/* Stopping on request: SIGTERM, SIGINT, SIGUSR1 (a scheduler's warning before it preempts), or a time limit
 * of one's own. */
#ifndef ARETE_CLI_STOP_H
#define ARETE_CLI_STOP_H

#include "base/error.h"

#include <stdbool.h>

/* From here on the three signals only ask; a second SIGINT ends the process at once with EXIT_CODE_STOPPED
 * (nothing that is saved is lost). */
int stop_install(struct error *err);

/* Whether a signal has asked, or `after_s` seconds have passed since `started` (0 = no limit). */
bool stop_requested(double started, double after_s);

/* The signal's name, "run.stop_after" when none came. */
const char *stop_reason(void);

#endif
