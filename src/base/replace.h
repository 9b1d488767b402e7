/* Writing a file so that its name always holds a whole one: the old or the new. Every output of the program
 * that is not appended to is written this way.
 *
 * It is written under another name in the same folder, "<path>.<12 random hexadecimal digits>.tmp": in a
 * folder that others can write to nobody foresees the name, the file is made anew (O_EXCL), never reached
 * through a link (O_NOFOLLOW), and only the file that was written is renamed. Messages name `path`.
 *
 * Whoever is killed leaves the temporary file. The next one who writes the same path removes it: the writer
 * of a temporary file holds a lock on it, which ends with its process. */
#ifndef ARETE_BASE_REPLACE_H
#define ARETE_BASE_REPLACE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What a file must be to be replaced. Whatever else stands under the name is somebody's, and stays. */
struct replace_kind {
    const char *a_file;  /* "a table of results", for messages */
    const char *begins;  /* its first bytes; NULL: anything that is a file */
    size_t begins_bytes; /* so many */
    const char
        *holds;      /* a text among its first 4096 bytes too, of a packed file (gzip) unpacked; NULL: none */
    bool is_private; /* it tells of single people: made for the user and, by the umask, the group */
};

/* Any file: for whoever has made sure otherwise that it may go. */
extern const struct replace_kind replace_any;

struct replace {
    FILE *file;     /* write here, */
    int descriptor; /* or here; open for reading too, closed with `file` */
    char *path, *temporary;
    const char *expected; /* of a file that must be new; else NULL */
};

/* Whether `path` may be replaced: nothing is there, or an empty file, or one of that kind. A link counts as
 * what it leads to. Else EXIT_CODE_BAD_INPUT. */
int replace_check(const char *path, const struct replace_kind *kind, struct error *err);

/* Makes the temporary file, when `path` may be replaced. It has the permissions of the file that it
 * replaces. */
int replace_open(struct replace *replace, const char *path, const struct replace_kind *kind,
                 struct error *err);

/* The same of a file that must be new: nothing may stand under the name, now or when the file gets it; then
 * EXIT_CODE_BAD_INPUT. expected: the end of that message, "a new name", which outlives `replace`. */
int replace_check_new(const char *path, const char *expected, struct error *err);
int replace_open_new(struct replace *replace, const char *path, const char *expected, struct error *err);

/* For libraries that open files by name: a path that leads to the temporary file itself, whatever stands
 * under its name. Without /proc it is that name. Returns `way`, or what belongs to `replace`. */
enum { REPLACE_WAY_BYTES = 32 };
const char *replace_way(const struct replace *replace, char way[REPLACE_WAY_BYTES]);

/* Brings what is written so far to the disk. */
int replace_sync(const struct replace *replace, struct error *err);

/* Brings it to the disk, renames it to `path` (if that is still free, where it must be new) and brings the
 * folder to the disk. On failure the temporary file is removed and what stood under `path` is still there
 * (but where only the folder could not be brought to the disk: then the new file stands). Releases everything
 * either way. */
int replace_finish(struct replace *replace, struct error *err);

/* Removes the temporary file instead, and releases everything. Safe after replace_finish. */
void replace_abandon(struct replace *replace);

/* Removes what killed processes left beside `path`. The caller knows that nobody is writing it: then it is
 * removed where the file system has no locks too, and so is "<path>.tmp", which arete 0.1.0 left. What stays
 * only takes room. */
int replace_clear(const char *path, struct error *err);

/* Whether `entry` is the temporary name of a file called `name`. */
bool replace_is_temporary(const char *entry, const char *name);

#endif
