/* The study file of what was found, with a comment beside what a user should look at. */
#ifndef ARETE_STARTER_STUDY_TEXT_H
#define ARETE_STARTER_STUDY_TEXT_H

#include "base/error.h"
#include "starter/roles.h"

#include <stdio.h>

/* study: its path, whose name without ending is that of the output folder. Whether the bytes arrived is seen
 * where the file is closed. */
int study_text_write(FILE *file, const struct roles *roles, const char *study, struct error *err);

#endif
