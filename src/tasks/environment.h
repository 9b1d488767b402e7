/* StarPU reads more than a hundred variables of the environment, aborts on some of their values, and takes
 * workers away on others: what a user has left there from other programs must not decide about a run. */
#ifndef ARETE_TASKS_ENVIRONMENT_H
#define ARETE_TASKS_ENVIRONMENT_H

#include "base/error.h"

/* Removes every variable STARPU_* but those that are honoured (environment.c lists them) and hold a number.
 */
void environment_clear(void);

/* A new folder for StarPU's own files in $TMPDIR, or in /tmp, that can hold and lock a file; STARPU_HOME
 * names it from then on. To be freed, and removed with all that is in it by environment_remove_home. NULL and
 * an error. */
char *environment_make_home(struct error *err);
/* Removes it as far as it can, and frees `home`, which may be NULL. */
void environment_remove_home(char *home);

#endif
