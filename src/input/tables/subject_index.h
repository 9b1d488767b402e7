/* Finds people by their IDs: the one index of FID and IID. */
#ifndef ARETE_INPUT_TABLES_SUBJECT_INDEX_H
#define ARETE_INPUT_TABLES_SUBJECT_INDEX_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct subject_index_entry {
    const char *fid, *iid;
    size_t position; /* in the arrays given */
};

/* It keeps pointers into the IDs given, which must outlive it and not move. All zeros is nobody. */
struct subject_index {
    struct subject_index_entry *entries; /* sorted by FID, IID, position */
    size_t count;
    bool by_fid;
    bool participants; /* the IIDs are BIDS participant_ids: a "sub-" in front does not count, on either side
                        */
};

/* fid NULL: people are told apart by their IIDs alone, and `fid` of subject_index_find is not looked at. */
int subject_index_init(struct subject_index *index, char *const *fid, char *const *iid, size_t count,
                       bool participants, struct error *err);
void subject_index_free(struct subject_index *index);

/* The first position of a person, or TEXT_NOT_FOUND. */
ptrdiff_t subject_index_find(const struct subject_index *index, const char *fid, const char *iid);

/* The second position of a person who stands there more than once, or TEXT_NOT_FOUND. */
ptrdiff_t subject_index_find_second(const struct subject_index *index, const char *fid, const char *iid);

/* Whether entry k (from 1 on) is the same person as the one before it. */
bool subject_index_repeats(const struct subject_index *index, size_t k);

#endif
