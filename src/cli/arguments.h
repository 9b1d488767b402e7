/* The command line of the commands that take a study file. */
#ifndef ARETE_CLI_ARGUMENTS_H
#define ARETE_CLI_ARGUMENTS_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>

struct arguments {
    const char *study_path;
    struct text_list sets; /* "key=value" of --set, and of the options that stand for one: --threads,
                              --memory, --seed, --output */
    bool fresh;            /* --fresh, where the command has it */
};

/* Wrong options: EXIT_CODE_BAD_INPUT. */
int arguments_read(struct arguments *arguments, int argc, char **argv, bool takes_fresh, struct error *err);
void arguments_free(struct arguments *arguments);

#endif
