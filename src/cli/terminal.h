/* The terminal as a reporter: progress bars, lines with the program's name in front, and the stop that
 * signals ask for. */
#ifndef ARETE_CLI_TERMINAL_H
#define ARETE_CLI_TERMINAL_H

#include "base/reporter.h"
#include "cli/progress_bar.h"

#include <stdio.h>

struct terminal {
    FILE *out;
    struct progress_bar bar;
};

/* A reporter that writes to `out`; it points to `terminal`, which must stay. stop_install must have been
 * called where work is to be stopped. */
struct reporter terminal_reporter(struct terminal *terminal, FILE *out);

/* Each line of a text with "arete: " in front. */
void terminal_say(FILE *out, const char *text);

#endif
