/* The command line of the commands that take a study file. */
#ifndef ARETE_CLI_ARGUMENTS_H
#define ARETE_CLI_ARGUMENTS_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>

struct arguments {
    const char *study_path;
    struct text_list sets; /* "key=value" of --set, and of the shortcuts that stand for one */
    bool flag;             /* the command's own option without a value was given */
};

/* own_flag: name of an option without a value that this command alone has, such as "fresh". shortcuts: those
 * the command takes of "threads", "memory", "seed", "output" and "parcels", then NULL. Wrong options:
 * EXIT_CODE_BAD_INPUT. */
int arguments_read(struct arguments *arguments, int argc, char **argv, const char *own_flag,
                   const char *const *shortcuts, struct error *err);
void arguments_free(struct arguments *arguments);

#endif
