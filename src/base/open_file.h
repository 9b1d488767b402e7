/* Opening a file whose name comes from outside. Only a file is opened: a pipe, a device or a folder under the
 * name is refused by one line, and nobody waits for the other end of a pipe. */
#ifndef ARETE_BASE_OPEN_FILE_H
#define ARETE_BASE_OPEN_FILE_H

#include "base/error.h"

#include <stdio.h>
#include <sys/stat.h>

/* The exit code of a path that cannot be opened: EXIT_CODE_BAD_INPUT where it names nothing that could be,
 * which is the user's to put right, else EXIT_CODE_FAILED. */
int open_file_code(int cause);

/* For reading: a descriptor to be closed, or -1. status: of the opened file; may be
 * NULL. */
int open_file_read(const char *path, struct stat *status, struct error *err);
/* The same as a stream; NULL and an error. */
FILE *open_file_stream(const char *path, struct error *err);

/* For adding to what is there, made with the permissions `mode` less the umask. -1: EXIT_CODE_BAD_INPUT where
 * something else stands there, else EXIT_CODE_FAILED. A link under the name is not followed: whoever can make
 * one in the folder could choose what is written to. */
int open_file_append(const char *path, mode_t mode, struct error *err);

/* Files that tell of single people are made for their user and, as far as the umask allows, the group. */
enum { OPEN_FILE_PRIVATE = 0660, OPEN_FILE_PUBLIC = 0666 };

/* What stands there instead of a file: "a folder", "a pipe or device". */
const char *open_file_what(const struct stat *status);

#endif
