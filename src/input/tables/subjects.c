#include "input/tables/subjects.h"

#include "base/memory.h"
#include "input/tables/problems.h"

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

/* One string a subject that is equal when the subjects are. No ID holds a tab: it separates the fields of a
 * .fam. */
static int make_keys(struct text_list *keys, const struct text_list *fid, const struct text_list *iid,
                     bool participants, struct error *err)
{
    for (size_t i = 0; i < iid->count; i++) {
        const char *id = iid->items[i];
        if (participants && strncmp(id, "sub-", 4) == 0)
            id += 4;
        if (fid == NULL || fid->count == 0) {
            if (text_list_add(keys, id, err) != 0)
                return err->code;
            continue;
        }
        char *key = memory_format(err, "%s\t%s", fid->items[i], id);
        if (key == NULL)
            return err->code;
        int code = text_list_add(keys, key, err);
        free(key);
        if (code != 0)
            return code;
    }
    return 0;
}

int subjects_check_unique(const struct subjects *subjects, const char *path, struct error *err)
{
    struct text_list keys = {0};
    struct text_index index = {0};
    struct problems problems = {0};
    int code = make_keys(&keys, &subjects->fid, &subjects->iid, subjects->participants, err);
    if (code == 0)
        code = text_index_init(&index, keys.items, keys.count, err);
    for (size_t k = 1; code == 0 && k < index.count; k++) {
        if (strcmp(index.names[k - 1], index.names[k]) != 0)
            continue;
        char name[SUBJECTS_NAME_BYTES];
        problems_add(&problems, err, "%s:%zu: %s found, as at line %zu; expected every subject once", path,
                     subjects->lines[index.positions[k]],
                     name_at(name, &subjects->fid, &subjects->iid, index.positions[k]),
                     subjects->lines[index.positions[k - 1]]);
    }
    if (code == 0)
        code = problems_end(&problems, err);
    text_index_free(&index);
    text_list_free(&keys);
    return code;
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
            "%s:%zu: %s fits two subjects of the .fam, %s and %s; expected FID and IID, which tell them "
            "apart",
            path, others->lines[other], name_at(name, &others->fid, &others->iid, other),
            name_at(first, fid, iid, person_of[other] - 1), name_at(second, fid, iid, i));
    }
    return problems_end(&problems, err);
}

int subjects_match(const struct text_list *fid, const struct text_list *iid, const struct subjects *others,
                   const char *path, ptrdiff_t *found, struct error *err)
{
    struct text_list keys = {0}, other_keys = {0};
    struct text_index index = {0};
    size_t *person_of = memory_zeroed(others->iid.count, sizeof *person_of, "matched subjects", err);
    int code = person_of == NULL ? err->code : 0;
    bool by_fid = others->fid.count > 0;
    if (code == 0)
        code = make_keys(&keys, by_fid ? fid : NULL, iid, others->participants, err);
    if (code == 0)
        code = make_keys(&other_keys, &others->fid, &others->iid, others->participants, err);
    if (code == 0)
        code = text_index_init(&index, other_keys.items, other_keys.count, err);
    if (code == 0) {
        for (size_t i = 0; i < keys.count; i++)
            found[i] = text_index_find(&index, keys.items[i]);
        code = check_one_each(fid, iid, others, path, found, person_of, err);
    }
    text_index_free(&index);
    text_list_free(&other_keys);
    text_list_free(&keys);
    free(person_of);
    return code;
}
