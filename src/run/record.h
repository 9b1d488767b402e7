/* The campaign that a run keeps: its file, what it holds, which of its units are done, and where this rank
 * saves more of them. Rank 0 has the campaign's file, under its lock (record_lock.h), the others a part file
 * each. */
#ifndef ARETE_RUN_RECORD_H
#define ARETE_RUN_RECORD_H

#include "base/error.h"
#include "base/log.h"
#include "checkpoint/campaign.h"
#include "ranks/ranks.h"

#include <stdbool.h>
#include <stdint.h>

struct record {
    char *campaign_path, *results_path, *page_path, *predictions_path;
    char *other_path;  /* the campaign of the other command, arete associate or arete run */
    const char *model; /* of the campaigns that it takes; as in struct campaign */
    bool fresh;        /* --fresh: a campaign that is there is to be replaced */
    bool is_there;     /* a campaign was there when the run began, and its lock was taken */
    bool resumed;      /* whether that one goes on */
    bool is_locked;    /* this process holds the folder's lock, open as `lock` */
    int lock;
    struct campaign
        campaign; /* that one or the new one; in other ranks what they were told of it (broadcast.h) */

    struct campaign_units *units; /* of the campaign file, open for saving; of a part file in other ranks */
    bool *done;                   /* which of the campaign's are done */
    int64_t n_units, n_left;      /* that this study's permutations take; of them not done */
};

/* Names campaign and results of record->model in the output folder. */
int record_name_files(struct record *record, const char *folder, struct error *err);
void record_free(struct record *record);

/* What follows up to record_open_units is for rank 0, but for record_is_begun. */

/* record_lock_enter; then whether a campaign is there to go on with, which is opened for saving and read.
 * What belongs to a campaign (parts, sums, blocks) beside none is refused, but for --fresh, and so are a link
 * in its place (lock, parts and larger files stand beside the name) and units that are not what this program
 * computes. */
int record_find_earlier(struct record *record, struct error *err);

/* The output folder is made for a new campaign: record_lock_take. Refused where another run has made one
 * since record_find_earlier. */
int record_begin(struct record *record, struct error *err);

/* The file of a new campaign, in the place of one that --fresh gives up. gram, residual: what the campaign
 * itself does not have, n x n and n x T. */
int record_create(struct record *record, double *gram, double *residual, struct error *err);

/* In every rank, once a new campaign has its file: the run was told --fresh, but nobody should be from here
 * on. */
void record_is_begun(const struct record *record);

/* More permutations than the file has room for: a new file in its place. Fewer: it stays. Refused where
 * somebody without the lock has put another campaign there. */
int record_make_room(struct record *record, int64_t n_permutations, struct log *log, struct error *err);

/* Takes over what other ranks of an earlier run left in part files; then looks at what is done. Refused like
 * record_make_room. */
int record_open_units(struct record *record, int64_t n_permutations, struct log *log, struct error *err);

/* Collective: where this rank saves, rank 0 in the campaign, another in its part file. */
int record_begin_saving(struct record *record, struct ranks *ranks, struct error *err);
/* Collective, when this rank has saved its last: all ranks' units stand in the campaign afterwards. Unless
 * `stopped`, rank 0 has looked at every one of them: `done` and n_left say which are not whole. */
int record_end_saving(struct record *record, struct ranks *ranks, bool stopped, struct error *err);

/* Collective: all ranks know of `done` and n_left what rank 0 does. */
int record_share_left(struct record *record, struct ranks *ranks, struct error *err);

/* Brings `done` up to what is on the disk. In rank 0. */
int record_look(struct record *record, struct error *err);

#endif
