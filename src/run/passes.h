/* Permutations that go through the outer folds in passes, mostly in one: what a pass reads, what it saves,
 * and which units it has left. Which pass comes next follows from the files of sums beside the campaign
 * (checkpoint/fold_sums.h), so that a run goes on wherever another one ended, also with other memory. */
#ifndef ARETE_RUN_PASSES_H
#define ARETE_RUN_PASSES_H

#include "base/error.h"
#include "model/ridge/score.h"
#include "planning/fold_chains.h"
#include "run/record.h"
#include "run/session.h"

#include <stdbool.h>
#include <stdint.h>

struct pass {
    size_t n_outer;
    struct fold_span folds;
    struct campaign_units *from; /* sums over the folds before; NULL in the first pass */
    struct campaign_units *to;   /* where this rank saves; the record's own in the last pass */
    bool *done;                  /* of the record's units: those that are done, or not for this pass */
    int64_t n_left;              /* the others */
};

/* The pass that is under way or comes next. most_folds: whose forms or operators fit into
 * memory at once. Collective. */
int pass_begin(struct pass *pass, struct session *session, struct record *record, size_t n_outer,
               size_t most_folds, enum score_kind kind, struct error *err);

bool pass_is_last(const struct pass *pass);

/* After a pass, or part of one: all ranks' units stand in one file, and rank 0 has looked at every one of
 * them: `done` says which, of a pass that is not the last. When none is left and not `stopped`, the sums that
 * the pass read are removed. Collective. */
int pass_end(struct pass *pass, struct session *session, struct record *record, bool stopped,
             struct error *err);

/* At the end, and after an error: releases what pass_begin took, whether or not it failed. */
void pass_free(struct pass *pass, const struct record *record);

/* "pass over outer folds 1 to 4 of 10" into text of PASS_TEXT_BYTES, which it returns. */
enum { PASS_TEXT_BYTES = 80 };
const char *pass_text(const struct pass *pass, char *text);

#endif
