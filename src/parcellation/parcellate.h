/* Images to parcels: the merge tree of a mask's voxels, and its cuts as an image of labels and a table each.
 */
#ifndef ARETE_PARCELLATION_PARCELLATE_H
#define ARETE_PARCELLATION_PARCELLATE_H

#include "base/error.h"
#include "base/reporter.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdio.h>

struct parcellate_request {
    const char *path;             /* of the parcellation's file of keys */
    const struct text_list *sets; /* "key=value", each in place of a key of that file */
    bool fresh;                   /* clusters anew where the tree is of other images or options */
    const struct reporter *reporter;
    FILE *warnings; /* where warnings of the log go as well; NULL: nowhere */
    FILE *screen;   /* where the files written are named */
};

/* Reads, clusters (or takes the tree that is there), cuts and writes. Returns the exit code. */
int parcellate_run(const struct parcellate_request *request, struct error *err);

#endif
