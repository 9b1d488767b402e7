/* The subjects of one file by their IDs: each only once, and found again in another file. */
#ifndef ARETE_INPUT_TABLES_SUBJECTS_H
#define ARETE_INPUT_TABLES_SUBJECTS_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum { SUBJECTS_NAME_BYTES = 200, SUBJECTS_MOST = 1 << 22 /* in a file */ };

/* In the order of the file. All zeros is nobody. */
struct subjects {
    struct text_list fid; /* empty when the file has IIDs alone */
    struct text_list iid;
    size_t *lines; /* where each stands, from 1 */
    size_t lines_capacity;
    bool participants; /* the IIDs are BIDS participant_ids: a "sub-" in front does not count, on either side
                        */
};

/* Somebody in the present line. fid NULL = the file has IIDs alone; then it is so for every subject of it. */
int subjects_add(struct subjects *subjects, const char *fid, const char *iid,
                 const struct text_reader *reader, struct error *err);
void subjects_free(struct subjects *subjects);

/* Every subject that stands twice is an error with the file, both lines and the ID. */
int subjects_check_unique(const struct subjects *subjects, const char *path, struct error *err);

/* found[i] = position in `others` of the person with fid[i] and iid[i], or TEXT_NOT_FOUND: by FID and IID
 * where the others have both, else by IID alone. FID 0 is no family, and whoever has it on either side is
 * found by the IID too. An IID that fits two people is then an error. `path` is the others' file. */
int subjects_match(const struct text_list *fid, const struct text_list *iid, const struct subjects *others,
                   const char *path, ptrdiff_t *found, struct error *err);

/* Whether an FID names a family: 0 does not. */
bool subjects_has_family(const char *fid);

/* "FID 1 IID 2" or "IID 2" (fid NULL), for messages. Returns `name`. */
const char *subjects_name(char name[SUBJECTS_NAME_BYTES], const char *fid, const char *iid);

#endif
