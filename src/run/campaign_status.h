/* How far a campaign is, while a run is saving, after a crash, or in a damaged file. Only reads. */
#ifndef ARETE_RUN_CAMPAIGN_STATUS_H
#define ARETE_RUN_CAMPAIGN_STATUS_H

#include "base/error.h"
#include "checkpoint/campaign.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum { CAMPAIGN_STATUS_DAMAGE = 10 };

struct campaign_status {
    const char *path;
    int64_t n_permutations, permutations_done;
    double unit_permutations; /* of a unit; with slices of targets its share of an orbit's */
    int64_t n_units, n_done, n_damaged;
    int64_t damaged[CAMPAIGN_STATUS_DAMAGE]; /* the first of them */
    int64_t n_orbits, n_shifts;              /* 0 where permutations are drawn one by one */
    /* A pass over outer folds that is under way or was the last to end (checkpoint/fold_sums.h); 0 without.
     */
    size_t pass_from, pass_through, n_outer;
    int64_t n_pass_done;             /* units of it */
    size_t n_parts, n_parts_ignored; /* files of other ranks beside it */
    char *ignored_because;
    enum lock_state running;
    char holder[CAMPAIGN_HOLDER_BYTES];
    time_t last_save;
    double rate; /* permutations a second of the run that holds the lock; 0 = unknown */
};

/* path must stay. To be freed after a failure too. */
int campaign_status_read(struct campaign_status *status, const char *path, struct error *err);
void campaign_status_free(struct campaign_status *status);

double campaign_status_seconds_left(const struct campaign_status *status);

#endif
