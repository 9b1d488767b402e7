/* The lock of the output folder, which rank 0 of a run holds. Where a campaign is there it is taken before
 * that is read: so nobody replaces it between reading and saving. Else it is taken when the folder is made,
 * before anything of an earlier run is removed. It is kept to the end of the run. */
#ifndef ARETE_RUN_RECORD_LOCK_H
#define ARETE_RUN_RECORD_LOCK_H

#include "base/error.h"
#include "base/log.h"
#include "run/record.h"

#include <stdbool.h>

/* Refused where another run holds it. Takes it where a campaign of arete is in the folder, also that of the
 * other command; where none is, nothing is written yet. */
int record_lock_enter(struct record *record, struct error *err);

/* The folder is made: takes it, unless record_lock_enter has. */
int record_lock_take(struct record *record, struct error *err);

/* Sets *found: whether a file stands there that may be arete's campaign. Others (an empty one, somebody's,
 * one that may not be read) are refused elsewhere, and get no lock beside them. An error where it cannot be
 * told. */
int record_lock_look(const char *path, bool *found, struct error *err);

/* Warns where the file system has no locks. */
void record_lock_warn(const struct record *record, struct log *log);

/* Safe without a lock. */
void record_lock_release(struct record *record);

#endif
