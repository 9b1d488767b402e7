/* Files of one folder that appear together: all of them whole, under their names, or none. */
#ifndef ARETE_OUTPUT_FILE_SET_H
#define ARETE_OUTPUT_FILE_SET_H

#include "base/replace.h"

#include <stddef.h>

struct file_set {
    const char *folder;   /* must outlive the set, and be there */
    const char *expected; /* instead of what stands under one of the names; NULL: that is replaced */
    struct replace *files;
    char **paths; /* the names they shall have */
    size_t count, capacity, path_capacity;
};

/* Opens one more for writing, under a temporary name. NULL and an error when that fails. Whether what stands
 * under its own name may go, the caller has made sure, where it is to be replaced. */
FILE *file_set_add(struct file_set *set, const char *name, struct error *err);

/* An error when a file took less than was written to it so far (a full disk), to be asked now and then. */
int file_set_check(const struct file_set *set, struct error *err);

/* Brings what is written so far to the disk: the last that a full disk can spoil. */
int file_set_sync(const struct file_set *set, struct error *err);

/* Brings all to the disk and gives them their names, in the order in which they were added: the last name
 * says that all are there. Releases everything; on failure all are removed, and so is what they replaced.
 * What stands under a name that must be new stays. */
int file_set_finish(struct file_set *set, struct error *err);

/* Removes what has no name yet, and releases everything. Safe after file_set_finish. */
void file_set_abandon(struct file_set *set);

#endif
