#include "input/tables/subjects.h"

#include "base/memory.h"
#include "base/utf8_check.h"
#include "input/tables/problems.h"
#include "input/tables/subject_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int subjects_add(struct subjects *subjects, const char *fid, const char *iid,
                 const struct text_reader *reader, struct error *err)
{
    if (subjects->iid.count == SUBJECTS_MOST)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s:%zu: more than %d people found; expected no more",
                         reader->path, reader->line_number, SUBJECTS_MOST);
    if ((fid != NULL && utf8_check(fid, reader->path, reader->line_number, "FID", err) != 0) ||
        utf8_check(iid, reader->path, reader->line_number, "IID", err) != 0)
        return err->code;
    size_t *lines = memory_grow(subjects->lines, &subjects->lines_capacity, subjects->iid.count + 1,
                                sizeof *lines, "line numbers of subjects", err);
    if (lines == NULL)
        return err->code;
    subjects->lines = lines;
    lines[subjects->iid.count] = reader->line_number;
    if (fid != NULL && text_list_add(&subjects->fid, fid, err) != 0)
        return err->code;
    return text_list_add(&subjects->iid, iid, err);
}

void subjects_free(struct subjects *subjects)
{
    text_list_free(&subjects->fid);
    text_list_free(&subjects->iid);
    free(subjects->lines);
    *subjects = (struct subjects){0};
}

const char *subjects_name(char name[SUBJECTS_NAME_BYTES], const char *fid, const char *iid)
{
    if (fid != NULL)
        snprintf(name, SUBJECTS_NAME_BYTES, "FID %s IID %s", fid, iid);
    else
        snprintf(name, SUBJECTS_NAME_BYTES, "IID %s", iid);
    return name;
}

static const char *name_at(char name[SUBJECTS_NAME_BYTES], const struct text_list *fid,
                           const struct text_list *iid, size_t i)
{
    return subjects_name(name, fid->count > 0 ? fid->items[i] : NULL, iid->items[i]);
}

/* NULL where a file has IIDs alone. */
static char *const *fids_of(const struct subjects *subjects)
{
    return subjects->fid.count > 0 ? subjects->fid.items : NULL;
}

int subjects_check_unique(const struct subjects *subjects, const char *path, struct error *err)
{
    struct subject_index index;
    struct problems problems = {0};
    if (subject_index_init(&index, fids_of(subjects), subjects->iid.items, subjects->iid.count,
                           subjects->participants, err) != 0)
        return err->code;
    for (size_t k = 1; k < index.count; k++) {
        if (!subject_index_repeats(&index, k))
            continue;
        size_t first = index.entries[k - 1].position, second = index.entries[k].position;
        char name[SUBJECTS_NAME_BYTES];
        problems_add(&problems, err, "%s:%zu: %s found, as at line %zu; expected every subject once", path,
                     subjects->lines[second], name_at(name, &subjects->fid, &subjects->iid, second),
                     subjects->lines[first]);
    }
    subject_index_free(&index);
    return problems_end(&problems, err);
}

/* Two people who were given the same subject of the others. person_of: the others' count, zeroed. */
static int check_one_each(const struct text_list *fid, const struct text_list *iid,
                          const struct subjects *others, const char *path, const ptrdiff_t *found,
                          size_t *person_of, struct error *err)
{
    struct problems problems = {0};
    for (size_t i = 0; i < iid->count; i++) {
        if (found[i] == TEXT_NOT_FOUND)
            continue;
        size_t other = (size_t)found[i];
        if (person_of[other] == 0) {
            person_of[other] = i + 1;
            continue;
        }
        char name[SUBJECTS_NAME_BYTES], first[SUBJECTS_NAME_BYTES], second[SUBJECTS_NAME_BYTES];
        problems_add(
            &problems, err,
            "%s:%zu: %s fits two subjects of the genotypes, %s and %s; expected FID and IID, which tell them "
            "apart",
            path, others->lines[other], name_at(name, &others->fid, &others->iid, other),
            name_at(first, fid, iid, person_of[other] - 1), name_at(second, fid, iid, i));
    }
    return problems_end(&problems, err);
}

/* Those of the others whom nobody has been given, by their IIDs alone. */
struct remaining {
    bool *taken; /* of all others: whether it is none of them */
    char **iid;
    size_t *position; /* of each in the others */
    size_t count;
    struct subject_index index;
};

static int remaining_init(struct remaining *remaining, const struct subjects *others, const ptrdiff_t *found,
                          size_t n_found, struct error *err)
{
    *remaining = (struct remaining){0};
    remaining->taken = memory_zeroed(others->iid.count, sizeof *remaining->taken, "matched subjects", err);
    remaining->iid = memory_zeroed(others->iid.count, sizeof *remaining->iid, "matched subjects", err);
    remaining->position =
        memory_zeroed(others->iid.count, sizeof *remaining->position, "matched subjects", err);
    if (remaining->taken == NULL || remaining->iid == NULL || remaining->position == NULL)
        return err->code;
    for (size_t i = 0; i < n_found; i++)
        if (found[i] != TEXT_NOT_FOUND)
            remaining->taken[found[i]] = true;
    for (size_t k = 0; k < others->iid.count; k++) {
        if (remaining->taken[k])
            continue;
        remaining->iid[remaining->count] = others->iid.items[k];
        remaining->position[remaining->count++] = k;
    }
    return subject_index_init(&remaining->index, NULL, remaining->iid, remaining->count, false, err);
}

static void remaining_free(struct remaining *remaining)
{
    subject_index_free(&remaining->index);
    free(remaining->taken);
    free(remaining->iid);
    free(remaining->position);
}

/* Whom a person of the genotypes with FID 0 fits, by the IID. */
static ptrdiff_t find_of_any_family(const struct remaining *remaining, const struct subjects *others,
                                    const char *path, const char *iid, struct problems *problems,
                                    struct error *err)
{
    ptrdiff_t first = subject_index_find(&remaining->index, NULL, iid);
    ptrdiff_t second = subject_index_find_second(&remaining->index, NULL, iid);
    if (first == TEXT_NOT_FOUND)
        return TEXT_NOT_FOUND;
    size_t k = remaining->position[first];
    char name[SUBJECTS_NAME_BYTES], other[SUBJECTS_NAME_BYTES];
    if (second != TEXT_NOT_FOUND)
        problems_add(problems, err,
                     "%s:%zu: %s found, and %s at line %zu; FID 0 IID %s of the genotypes fits both; "
                     "expected one",
                     path, others->lines[k], name_at(name, &others->fid, &others->iid, k),
                     name_at(other, &others->fid, &others->iid, remaining->position[second]),
                     others->lines[remaining->position[second]], iid);
    return (ptrdiff_t)k;
}

/* FID 0 is no family: whoever has it, on either side, is found by the IID. */
static int match_without_family(const struct text_list *fid, const struct text_list *iid,
                                const struct subjects *others, const struct subject_index *index,
                                const char *path, ptrdiff_t *found, struct error *err)
{
    struct remaining remaining;
    struct problems problems = {0};
    int code = remaining_init(&remaining, others, found, iid->count, err);
    for (size_t i = 0; code == 0 && i < iid->count; i++) {
        if (found[i] != TEXT_NOT_FOUND)
            continue;
        if (!subjects_has_family(fid->items[i])) {
            found[i] = find_of_any_family(&remaining, others, path, iid->items[i], &problems, err);
            continue;
        }
        ptrdiff_t alone = subject_index_find(index, "0", iid->items[i]);
        if (alone != TEXT_NOT_FOUND && !remaining.taken[alone])
            found[i] = alone;
    }
    remaining_free(&remaining);
    return code == 0 ? problems_end(&problems, err) : code;
}

int subjects_match(const struct text_list *fid, const struct text_list *iid, const struct subjects *others,
                   const char *path, ptrdiff_t *found, struct error *err)
{
    struct subject_index index;
    if (subject_index_init(&index, fids_of(others), others->iid.items, others->iid.count,
                           others->participants, err) != 0)
        return err->code;
    for (size_t i = 0; i < iid->count; i++)
        found[i] = subject_index_find(&index, fid->items[i], iid->items[i]);
    if (others->fid.count > 0)
        match_without_family(fid, iid, others, &index, path, found, err);
    subject_index_free(&index);
    if (err->code != 0)
        return err->code;
    size_t *person_of = memory_zeroed(others->iid.count, sizeof *person_of, "matched subjects", err);
    if (person_of == NULL)
        return err->code;
    int code = check_one_each(fid, iid, others, path, found, person_of, err);
    free(person_of);
    return code;
}

bool subjects_has_family(const char *fid)
{
    return strcmp(fid, "0") != 0;
}
