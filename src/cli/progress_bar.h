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
    int64_t stops_at;      /* where the work ends early; 0 = it has not been asked to stop */
    bool begun;
    bool drawn; /* a line of the terminal waits for its end */
};

void progress_bar_begin(struct progress_bar *bar, FILE *out, const char *label, const char *unit,
                        double scale, double most);
void progress_bar_update(struct progress_bar *bar, int64_t done, int64_t total);
/* The work ends early, `n_left` counted units from now: the bar tells of the way there from then on (0: as
 * soon as it can). What is drawn goes; the next line may be a message. */
void progress_bar_stop(struct progress_bar *bar, int64_t n_left);
/* Leaves the bar on a terminal; with the time it took, when all is done. */
void progress_bar_end(struct progress_bar *bar);

/* Seconds that `count` more units take at the rate so far; below 0 while there is none. */
double progress_bar_seconds(const struct progress_bar *bar, int64_t count);

#endif
