/* Progress on stderr: a bar with rate and time left on a terminal, a line a minute otherwise. */
#ifndef ARETE_CLI_PROGRESS_BAR_H
#define ARETE_CLI_PROGRESS_BAR_H

#include "tasks/progress.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct progress_bar {
    FILE *out;
    bool terminal;
    const char *label, *unit; /* "permutations", "permutations/s" */
    double scale;             /* units shown for each unit counted (permutations of a unit) */
    double most; /* never show more than this (the last unit may hold more than asked for); 0 = no limit */
    double started, shown; /* seconds */
    int64_t first;         /* done before this run */
    bool begun;
};

void progress_bar_begin(struct progress_bar *bar, FILE *out, const char *label, const char *unit,
                        double scale, double most);
/* For struct progress_sink; context is the bar. */
void progress_bar_update(void *bar, int64_t done, int64_t total);
/* Leaves the finished bar on a terminal. */
void progress_bar_end(struct progress_bar *bar);

/* "3h05m", "12m30s", "8s" into text of PROGRESS_BAR_DURATION_BYTES. */
enum { PROGRESS_BAR_DURATION_BYTES = 32 };
void progress_bar_duration(double seconds, char *text);

#endif
