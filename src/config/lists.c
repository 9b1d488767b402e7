#include "config/lists.h"

#include "base/compare.h"
#include "base/folder.h"
#include "base/memory.h"
#include "config/ranges.h"
#include "config/yaml_show.h"

#include <stdlib.h>
#include <string.h>

enum { EXPECTED_BYTES = 256 };

/* The values of a key: the list's, or the one value there is. */
static size_t values_of(const struct yaml_tree *const *value, const struct yaml_tree *const **items)
{
    *items = value;
    if ((*value)->kind != YAML_LIST)
        return 1;
    *items = (const struct yaml_tree *const *)(*value)->children;
    return (*value)->n_children;
}

static void add_name(const struct section *section, const struct yaml_tree *item, const char *key,
                     const char *expected, struct text_list *names)
{
    if (item->kind != YAML_SCALAR || item->text[0] == '\0' || yaml_tree_is_null(item)) {
        section_wrong(section, item, key, expected);
        return;
    }
    const char *expected_range;
    int code = ranges_write_out(item->text, names, &expected_range, section->problems);
    if (code != 0 && expected_range != NULL)
        section_wrong(section, item, key, expected_range);
}

static void refuse_twice(const struct section *section, const struct yaml_tree *value, const char *key,
                         const struct text_list *names)
{
    struct text_index index;
    if (text_index_init(&index, names->items, names->count, section->problems) != 0)
        return;
    ptrdiff_t twice = text_index_duplicate(&index);
    char shown[YAML_SHOW_BYTES];
    if (twice != TEXT_NOT_FOUND)
        section_problem(section, value, key, "text \"%s\" found twice; expected different names",
                        yaml_show_text(names->items[twice], shown));
    text_index_free(&index);
}

void lists_names(const struct section *section, const char *key, const char *expected,
                 struct text_list *names)
{
    const struct yaml_tree *value = section_find(section, key);
    if (value == NULL)
        return;
    const struct yaml_tree *const *items;
    size_t count = values_of(&value, &items);
    if (count == 0)
        section_wrong(section, value, key, expected);
    for (size_t i = 0; i < count; i++)
        add_name(section, items[i], key, expected, names);
    refuse_twice(section, value, key, names);
}

void lists_paths(const struct section *section, const char *key, const char *expected,
                 struct text_list *paths)
{
    lists_names(section, key, expected, paths);
    for (size_t i = 0; i < paths->count; i++) {
        if (folder_lacks_home(paths->items[i]))
            section_problem(section, section_find(section, key), key, SECTION_NO_HOME);
        char *path = folder_expand_home(paths->items[i], section->problems);
        if (path == NULL)
            return;
        free(paths->items[i]);
        paths->items[i] = path;
    }
}

void lists_codes(const struct section *section, const char *key, const char *expected,
                 struct text_list *codes)
{
    const struct yaml_tree *value = section_find(section, key);
    if (value == NULL)
        return;
    const struct yaml_tree *const *items;
    size_t count = values_of(&value, &items);
    for (size_t i = 0; i < count; i++) {
        if (items[i]->kind != YAML_SCALAR)
            section_wrong(section, items[i], key, expected);
        else if (text_list_add(codes, items[i]->text, section->problems) != 0)
            return;
    }
}

void lists_numbers(const struct section *section, const char *key, const struct section_range *range,
                   size_t most, double **values, size_t *count)
{
    *values = NULL;
    *count = 0;
    const struct yaml_tree *value = section_find(section, key);
    if (value == NULL)
        return;
    const struct yaml_tree *const *items;
    size_t n_items = values_of(&value, &items);
    if (n_items == 0 || n_items > most) {
        section_problem(section, value, key, "a list of %zu found; expected 1 to %zu values", n_items, most);
        return;
    }
    double *numbers = memory_zeroed(n_items, sizeof *numbers, "the study file", section->problems);
    if (numbers == NULL)
        return;
    bool good = true;
    for (size_t i = 0; i < n_items; i++) {
        if (section_is_number(items[i], range, &numbers[i]))
            continue;
        section_wrong(section, items[i], key, range->words);
        good = false;
    }
    qsort(numbers, n_items, sizeof *numbers, compare_doubles);
    for (size_t i = 1; good && i < n_items; i++) {
        if (numbers[i - 1] < numbers[i])
            continue;
        section_problem(section, value, key, "%g found twice; expected different values", numbers[i]);
        good = false;
    }
    if (!good) {
        free(numbers);
        return;
    }
    *values = numbers;
    *count = n_items;
}
