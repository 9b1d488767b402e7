/* The commands of arete: main picks one by name. */
#ifndef ARETE_CLI_COMMAND_H
#define ARETE_CLI_COMMAND_H

#include "base/error.h"

#include <stddef.h>
#include <stdio.h>

#define COMMAND_EXIT_CODES                                                                                              \
    "Exit codes: 0 done; 1 it failed; 2 bad command line, study file or input; 75 stopped on request, or 200 another\n" \
    "rank was lost: run again to go on.\n"

struct command {
    const char *name, *summary;
    const char *help;             /* the text of `arete NAME --help` ... */
    void (*more_help)(FILE *out); /* ... and what follows it, from a table elsewhere; or NULL */
    /* argv[0] is the command's name. Returns the exit code, with err set when it is not 0. */
    int (*run)(int argc, char **argv, struct error *err);
};

extern const struct command command_init, command_run, command_plan, command_status, command_results,
    command_report, command_permutation, command_simulate, command_parcellate, command_associate;

/* The lines of an error on stderr, each with the program's name in front. */
void command_print_error(const struct error *err);

/* Runs what the command line asks for and returns the process's exit code; errors go to stderr. */
int command_main(int argc, char **argv);

#endif
