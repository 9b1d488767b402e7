#include "input/tables/subject_index.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static const char *without_prefix(const char *iid, bool participants)
{
    return participants && strncmp(iid, "sub-", 4) == 0 ? iid + 4 : iid;
}

/* Without FIDs every fid is "". */
static int compare_ids(const struct subject_index_entry *left, const struct subject_index_entry *right)
{
    int order = strcmp(left->fid, right->fid);
    return order != 0 ? order : strcmp(left->iid, right->iid);
}

static int compare_entries(const void *a, const void *b)
{
    const struct subject_index_entry *left = a, *right = b;
    int order = compare_ids(left, right);
    if (order != 0)
        return order;
    return left->position < right->position ? -1 : left->position > right->position;
}

int subject_index_init(struct subject_index *index, char *const *fid, char *const *iid, size_t count,
                       bool participants, struct error *err)
{
    *index = (struct subject_index){.participants = participants};
    index->entries = memory_zeroed(count, sizeof *index->entries, "an index of subjects", err);
    if (index->entries == NULL)
        return err->code;
    index->count = count;
    index->by_fid = fid != NULL;
    for (size_t i = 0; i < count; i++)
        index->entries[i] = (struct subject_index_entry){
            .fid = fid != NULL ? fid[i] : "", .iid = without_prefix(iid[i], participants), .position = i};
    qsort(index->entries, count, sizeof *index->entries, compare_entries);
    return 0;
}

void subject_index_free(struct subject_index *index)
{
    free(index->entries);
    *index = (struct subject_index){0};
}

/* Which entry is a person's nth one (from 0): its position, or TEXT_NOT_FOUND. */
static ptrdiff_t find_nth(const struct subject_index *index, const char *fid, const char *iid, size_t nth)
{
    struct subject_index_entry wanted = {.fid = index->by_fid ? fid : "",
                                         .iid = without_prefix(iid, index->participants)};
    size_t low = 0, high = index->count;
    while (low < high) { /* the first entry that is not before the person */
        size_t middle = low + (high - low) / 2;
        if (compare_ids(&index->entries[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    size_t k = low + nth;
    return k < index->count && compare_ids(&index->entries[k], &wanted) == 0
               ? (ptrdiff_t)index->entries[k].position
               : TEXT_NOT_FOUND;
}

ptrdiff_t subject_index_find(const struct subject_index *index, const char *fid, const char *iid)
{
    return find_nth(index, fid, iid, 0);
}

ptrdiff_t subject_index_find_second(const struct subject_index *index, const char *fid, const char *iid)
{
    return find_nth(index, fid, iid, 1);
}

bool subject_index_repeats(const struct subject_index *index, size_t k)
{
    return compare_ids(&index->entries[k - 1], &index->entries[k]) == 0;
}
