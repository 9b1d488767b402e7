#include "input/cohort/labels.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct name {
    const char *text;
    double number; /* 0 for all unless every name is a number */
    size_t subject;
};

static int compare(const void *a, const void *b)
{
    const struct name *left = a, *right = b;
    if (left->number < right->number || left->number > right->number)
        return left->number < right->number ? -1 : 1;
    return strcmp(left->text, right->text);
}

int labels_init(struct cohort_labels *labels, char *const *texts, size_t stride, size_t n, struct error *err)
{
    *labels = (struct cohort_labels){0};
    struct name *names = memory_zeroed(n, sizeof *names, "labels", err);
    labels->level = memory_zeroed(n, sizeof *labels->level, "labels", err);
    int code = names == NULL || labels->level == NULL ? err->code : 0;
    bool numbers = true;
    for (size_t i = 0; code == 0 && i < n; i++) {
        names[i] = (struct name){.text = texts[i * stride], .subject = i};
        numbers = text_to_double(names[i].text, &names[i].number) && numbers;
    }
    for (size_t i = 0; code == 0 && i < n && !numbers; i++)
        names[i].number = 0;
    if (code == 0)
        qsort(names, n, sizeof *names, compare);
    for (size_t i = 0; code == 0 && i < n; i++) {
        if (i == 0 || strcmp(names[i - 1].text, names[i].text) != 0)
            code = text_list_add(&labels->names, names[i].text, err);
        labels->level[names[i].subject] = (int32_t)labels->names.count - 1;
    }
    free(names);
    if (code != 0)
        labels_free(labels);
    return code;
}

int labels_keep(struct cohort_labels *labels, const size_t *positions, size_t count, struct error *err)
{
    size_t n_levels = labels->names.count, n_used = 0;
    int32_t *new_level = memory_zeroed(n_levels, sizeof *new_level, "labels", err);
    if (new_level == NULL)
        return err->code;
    for (size_t k = 0; k < count; k++) {
        labels->level[k] = labels->level[positions[k]];
        new_level[labels->level[k]] = 1;
    }
    for (size_t level = 0; level < n_levels; level++) {
        char *name = labels->names.items[level];
        if (new_level[level] == 0) {
            free(name);
            continue;
        }
        labels->names.items[n_used] = name;
        new_level[level] = (int32_t)n_used++;
    }
    labels->names.count = n_used;
    for (size_t k = 0; k < count; k++)
        labels->level[k] = new_level[labels->level[k]];
    free(new_level);
    return 0;
}

void labels_free(struct cohort_labels *labels)
{
    free(labels->level);
    text_list_free(&labels->names);
    *labels = (struct cohort_labels){0};
}
