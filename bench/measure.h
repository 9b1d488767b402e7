/* Clocks, medians and whole-number options for the measurements. */
#ifndef ARETE_BENCH_MEASURE_H
#define ARETE_BENCH_MEASURE_H

#include <stddef.h>

/* Seconds that the calling thread has computed: what others take from the machine does not count. */
double measure_thread_seconds(void);

/* The median; values are sorted in place. count >= 1. */
double measure_median(double *values, size_t count);

/* A program's options are all of the form --name VALUE: a whole number of at least 1, or a text. */
struct measure_option {
    const char *name, *meaning;
    size_t *number;    /* holds the default; NULL for a text ... */
    const char **text; /* ... which stands here */
};

/* Reads them; --help or a wrong option prints them all and ends the program (exit 0 or 2). */
void measure_options(int argc, char **argv, const char *purpose, const struct measure_option *options,
                     size_t n_options);

/* What benches of column tiles, as tasks and on bare threads, are asked. */
struct measure_tiles {
    size_t subjects, targets, penalties, repetitions, tiles;
};

/* measure_options of them; `shape` holds the defaults. */
void measure_tiles_options(int argc, char **argv, const char *purpose, struct measure_tiles *shape);

#endif
