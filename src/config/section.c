#include "config/section.h"

#include "base/folder.h"
#include "base/memory.h"
#include "config/yaml_show.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXPECTED_BYTES = 512 };

/* "genotypes, targets, model" in a buffer of EXPECTED_BYTES; `last` is what stands before the last word. */
static const char *join(const char *const *words, size_t count, const char *last, char text[EXPECTED_BYTES])
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < count && used < EXPECTED_BYTES; i++) {
        const char *before = i == 0 ? "" : i + 1 == count ? last : ", ";
        used += (size_t)snprintf(text + used, EXPECTED_BYTES - used, "%s%s", before, words[i]);
    }
    return text;
}

static void refuse_unknown_keys(const struct section *section, struct yaml_tree *const *children,
                                size_t n_children, const char *const *keys, size_t n_keys)
{
    char known[EXPECTED_BYTES], shown[YAML_SHOW_BYTES];
    join(keys, n_keys, ", ", known);
    for (size_t i = 0; i < n_children; i++) {
        const struct yaml_tree *child = children[i];
        size_t k = 0;
        while (k < n_keys && strcmp(keys[k], child->key) != 0)
            k++;
        if (k == n_keys)
            section_problem(section, child, yaml_show_text(child->key, shown),
                            "unknown key; expected one of: %s", known);
    }
}

/* Keys that a --set took away without finding them: of this section, and of one that was not there. */
static void refuse_unknown_absent(const struct section *section, const struct yaml_tree *parent,
                                  const char *const *keys, size_t n_keys)
{
    const char *dot = strrchr(section->name, '.'), *leaf = dot != NULL ? dot + 1 : section->name;
    const struct yaml_tree *absent = yaml_tree_find_absent(parent, leaf), *tree = section->tree;
    if (absent != NULL)
        refuse_unknown_keys(section, absent->absent, absent->n_absent, keys, n_keys);
    if (tree != NULL)
        refuse_unknown_keys(section, tree->absent, tree->n_absent, keys, n_keys);
}

struct section section_open(const struct section *parent, const struct yaml_tree *tree, const char *name,
                            const char *const *keys, size_t n_keys)
{
    struct section section = {.tree = tree, .name = name, .file = parent->file, .problems = parent->problems};
    if (tree == NULL || yaml_tree_is_null(tree)) {
        section.tree = NULL;
        refuse_unknown_absent(&section, parent->tree, keys, n_keys);
        return section;
    }
    if (tree->kind != YAML_MAPPING) {
        char known[EXPECTED_BYTES], expected[EXPECTED_BYTES + 32];
        snprintf(expected, sizeof expected, "a mapping of: %s", join(keys, n_keys, ", ", known));
        section_wrong(&section, tree, NULL, expected);
        section.tree = NULL;
        section.wrong = true;
        return section;
    }
    refuse_unknown_keys(&section, tree->children, tree->n_children, keys, n_keys);
    refuse_unknown_absent(&section, parent->tree, keys, n_keys);
    return section;
}

const struct yaml_tree *section_find(const struct section *section, const char *key)
{
    return yaml_tree_find(section->tree, key);
}

void section_problem(const struct section *section, const struct yaml_tree *value, const char *key,
                     const char *format, ...)
{
    if (section->problems->code == EXIT_CODE_FAILED)
        return; /* out of memory: what was read since may be wrong */
    char text[2 * EXPECTED_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const struct yaml_tree *at = value != NULL ? value : section->tree;
    char *place = at != NULL ? yaml_show_place(at->source, at->line, at->column, section->problems)
                             : memory_string(section->file, section->problems);
    if (place == NULL)
        return;
    const char *dot = section->name[0] != '\0' && key != NULL ? "." : "";
    error_add_line(section->problems, EXIT_CODE_BAD_INPUT, "%s: %s%s%s: %s", place, section->name, dot,
                   key != NULL ? key : "", text);
    free(place);
}

void section_wrong(const struct section *section, const struct yaml_tree *value, const char *key,
                   const char *expected)
{
    char shown[YAML_SHOW_BYTES];
    const char *found = value != NULL ? yaml_show_value(value, shown) : "nothing";
    section_problem(section, value, key, "%s found; expected %s", found, expected);
}

bool section_require(const struct section *section, const char *key, const char *expected)
{
    if (section_find(section, key) != NULL)
        return true;
    if (!section->wrong)
        section_wrong(section, NULL, key, expected);
    return false;
}

bool section_is_number(const struct yaml_tree *value, const struct section_range *range, double *number)
{
    if (value->kind != YAML_SCALAR || !value->plain || !text_to_double(value->text, number))
        return false;
    bool above = range->low_allowed ? *number >= range->low : *number > range->low;
    bool below = range->high_allowed ? *number <= range->high : *number < range->high;
    return above && below;
}

double section_number(const struct section *section, const char *key, const struct section_range *range,
                      double fallback)
{
    const struct yaml_tree *value = section_find(section, key);
    double number;
    if (value == NULL)
        return fallback;
    if (section_is_number(value, range, &number))
        return number;
    section_wrong(section, value, key, range->words);
    return fallback;
}

static bool is_integer(const struct yaml_tree *value, int64_t low, int64_t high, int64_t *number)
{
    return value->kind == YAML_SCALAR && value->plain && text_to_int64(value->text, number) &&
           *number >= low && *number <= high;
}

int64_t section_integer_of(const struct section *section, const struct yaml_tree *value, int64_t low,
                           int64_t high, int64_t fallback)
{
    int64_t number;
    if (is_integer(value, low, high, &number))
        return number;
    char expected[EXPECTED_BYTES];
    snprintf(expected, sizeof expected, "an integer from %" PRId64 " to %" PRId64, low, high);
    section_wrong(section, value, value->key, expected);
    return fallback;
}

int64_t section_integer(const struct section *section, const char *key, int64_t low, int64_t high,
                        int64_t fallback)
{
    const struct yaml_tree *value = section_find(section, key);
    return value == NULL ? fallback : section_integer_of(section, value, low, high, fallback);
}

uint64_t section_seed(const struct section *section, const char *key, uint64_t fallback)
{
    const struct yaml_tree *value = section_find(section, key);
    if (value == NULL)
        return fallback;
    bool digits = value->kind == YAML_SCALAR && value->plain && value->text[0] != '\0' &&
                  strspn(value->text, "0123456789") == strlen(value->text);
    errno = 0;
    unsigned long long seed = digits ? strtoull(value->text, NULL, 10) : 0;
    if (digits && errno == 0)
        return seed;
    section_wrong(section, value, key, "an integer from 0 to 18446744073709551615");
    return fallback;
}

int64_t section_integer_or_auto(const struct section *section, const char *key, int64_t low, int64_t high)
{
    const struct yaml_tree *value = section_find(section, key);
    int64_t number;
    if (value == NULL || (value->kind == YAML_SCALAR && strcmp(value->text, "auto") == 0))
        return 0;
    if (is_integer(value, low, high, &number))
        return number;
    char expected[EXPECTED_BYTES];
    snprintf(expected, sizeof expected, "auto or an integer from %" PRId64 " to %" PRId64, low, high);
    section_wrong(section, value, key, expected);
    return 0;
}

int section_choice(const struct section *section, const char *key, const char *const *words, size_t n_words,
                   int fallback)
{
    const struct yaml_tree *value = section_find(section, key);
    if (value == NULL)
        return fallback;
    for (size_t i = 0; value->kind == YAML_SCALAR && i < n_words; i++)
        if (strcmp(value->text, words[i]) == 0)
            return (int)i;
    char expected[EXPECTED_BYTES];
    section_wrong(section, value, key, join(words, n_words, " or ", expected));
    return fallback;
}

bool section_boolean(const struct section *section, const char *key, bool fallback)
{
    static const char *const WORDS[] = {"true", "false"};
    return section_choice(section, key, WORDS, 2, fallback ? 0 : 1) == 0;
}

static bool is_text(const struct yaml_tree *value)
{
    return value->kind == YAML_SCALAR && value->text[0] != '\0' && !yaml_tree_is_null(value);
}

char *section_text(const struct section *section, const char *key, const char *expected)
{
    const struct yaml_tree *value = section_find(section, key);
    if (value == NULL)
        return NULL;
    if (is_text(value))
        return memory_string(value->text, section->problems);
    section_wrong(section, value, key, expected);
    return NULL;
}

char *section_path(const struct section *section, const char *key, const char *expected)
{
    char *text = section_text(section, key, expected);
    if (text != NULL && folder_lacks_home(text))
        section_problem(section, section_find(section, key), key, SECTION_NO_HOME);
    char *path = text != NULL ? folder_expand_home(text, section->problems) : NULL;
    free(text);
    return path;
}

double section_grid_tolerance(const struct section *section)
{
    static const struct section_range RANGE = {0, 100, false, true, "a number greater than 0, up to 100"};
    return section_number(section, "grid_tolerance_mm", &RANGE, 1e-3);
}
