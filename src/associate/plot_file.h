/* A plot as an SVG file of its own. */
#ifndef ARETE_ASSOCIATE_PLOT_FILE_H
#define ARETE_ASSOCIATE_PLOT_FILE_H

#include "base/error.h"
#include "base/replace.h"

/* Whether what stands under the name may be replaced by a plot. */
int plot_file_check(const char *path, struct error *err);

/* Opens it (base/replace.h) and begins the picture; replace->file is what to draw on. */
int plot_file_open(struct replace *replace, const char *path, const double size[2], const char *title,
                   struct error *err);
/* Ends the picture and the replacement. */
int plot_file_close(struct replace *replace, struct error *err);

#endif
