#include "input/tables/subjects.h"

#include "base/memory.h"
#include "input/tables/problems.h"
#include "input/tables/subject_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int subjects_add(struct subjects *subjects, const char *fid, const char *iid, size_t line, struct error *err)
{
    size_t *lines = memory_grow(subjects->lines, &subjects->lines_capacity, subjects->iid.count + 1,
                                sizeof *lines, "line numbers of subjects", err);
    if (lines == NULL)
        return err->code;
    subjects->lines = lines;
    lines[subjects->iid.count] = line;
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

int subjects_match(const struct text_list *fid, const struct text_list *iid, const struct subjects *others,
                   const char *path, ptrdiff_t *found, struct error *err)
{
    struct subject_index index;
    if (subject_index_init(&index, fids_of(others), others->iid.items, others->iid.count,
                           others->participants, err) != 0)
        return err->code;
    for (size_t i = 0; i < iid->count; i++)
        found[i] = subject_index_find(&index, fid->items[i], iid->items[i]);
    subject_index_free(&index);
    size_t *person_of = memory_zeroed(others->iid.count, sizeof *person_of, "matched subjects", err);
    if (person_of == NULL)
        return err->code;
    int code = check_one_each(fid, iid, others, path, found, person_of, err);
    free(person_of);
    return code;
}
