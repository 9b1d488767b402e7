#include "measure.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

double measure_thread_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double measure_median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, ascending);
    return count % 2 == 1 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static void print_options(FILE *to, const char *program, const char *purpose,
                          const struct measure_option *options, size_t n_options)
{
    fprintf(to, "usage: %s [--name VALUE ...]\n%s\n", program, purpose);
    for (size_t i = 0; i < n_options; i++)
        if (options[i].number != NULL)
            fprintf(to, "  --%-12s %s (default %zu)\n", options[i].name, options[i].meaning,
                    *options[i].number);
        else
            fprintf(to, "  --%-12s %s\n", options[i].name, options[i].meaning);
}

static bool read_option(const char *name, const char *value, const struct measure_option *options,
                        size_t n_options)
{
    if (strncmp(name, "--", 2) != 0 || value == NULL)
        return false;
    for (size_t i = 0; i < n_options; i++)
        if (strcmp(name + 2, options[i].name) == 0) {
            if (options[i].text != NULL) {
                *options[i].text = value;
                return true;
            }
            char *end;
            size_t number = strtoul(value, &end, 10);
            if (value[0] < '1' || value[0] > '9' || *end != '\0')
                return false;
            *options[i].number = number;
            return true;
        }
    return false;
}

void measure_options(int argc, char **argv, const char *purpose, const struct measure_option *options,
                     size_t n_options)
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        print_options(stdout, argv[0], purpose, options, n_options);
        exit(0);
    }
    for (int i = 1; i < argc; i += 2)
        if (!read_option(argv[i], argv[i + 1], options, n_options)) {
            fprintf(stderr, "%s: %s: not an option with its value\n", argv[0], argv[i]);
            print_options(stderr, argv[0], purpose, options, n_options);
            exit(2);
        }
}

void measure_tiles_options(int argc, char **argv, const char *purpose, struct measure_tiles *shape)
{
    const struct measure_option options[] = {
        {"subjects", "n", &shape->subjects, NULL},
        {"targets", "T", &shape->targets, NULL},
        {"penalties", "how many", &shape->penalties, NULL},
        {"repetitions", "of each measurement; the median counts", &shape->repetitions, NULL},
        {"tiles", "column tiles a repetition, of two threads together", &shape->tiles, NULL},
    };
    measure_options(argc, argv, purpose, options, sizeof options / sizeof *options);
}
