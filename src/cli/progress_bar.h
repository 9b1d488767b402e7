/* Progress on stderr: a bar with rate and time left on a terminal, within its width; a line a minute
 * otherwise. */
#ifndef ARETE_CLI_PROGRESS_BAR_H
#define ARETE_CLI_PROGRESS_BAR_H

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
    int64_t done, total;   /* as of the last update */
    bool begun;
    bool drawn; /* a line of the terminal waits for its end */
};

void progress_bar_begin(struct progress_bar *bar, FILE *out, const char *label, const char *unit,
                        double scale, double most);
void progress_bar_update(struct progress_bar *bar, int64_t done, int64_t total);
/* Leaves the bar on a terminal; with the time it took, when all is done. */
void progress_bar_end(struct progress_bar *bar);

/* Seconds that `count` more units take at the rate so far; below 0 while there is none. */
double progress_bar_seconds(const struct progress_bar *bar, int64_t count);

#endif
