/* Reading a section of a study file, key by key. What is wrong is added to a list of problems, and the
 * default is taken instead. So a user sees all problems at once. The caller looks at the list when the whole
 * file is read. */
#ifndef ARETE_CONFIG_SECTION_H
#define ARETE_CONFIG_SECTION_H

#include "base/error.h"
#include "base/text.h"
#include "config/yaml_tree.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct section {
    const struct yaml_tree *tree; /* the mapping; NULL when the file does not have it */
    const char *name;             /* "model", "model.penalties"; "" for the whole file */
    const char *file;
    struct error *problems;
    bool wrong; /* the file has it, but not as a mapping. That is a problem already; missing keys are none */
};

/* The bounds of a number, and the words for them: "a number from 0 to 1". */
struct section_range {
    double low, high;
    bool low_allowed, high_allowed;
    const char *words;
};

/* Opens the mapping `tree` and reports keys that are not among `keys`. NULL, or null in the file: an absent
 * section. */
struct section section_open(const struct section *parent, const struct yaml_tree *tree, const char *name,
                            const char *const *keys, size_t n_keys);

/* The value of a key; NULL when it is not there. */
const struct yaml_tree *section_find(const struct section *section, const char *key);

/* Adds "place: section.key: ..." The place is the value's, or the section's when `value` is NULL. */
void section_problem(const struct section *section, const struct yaml_tree *value, const char *key,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Adds "place: section.key: ... found; expected ..." ("nothing found" when `value` is NULL). */
void section_wrong(const struct section *section, const struct yaml_tree *value, const char *key,
                   const char *expected);

/* Whether the key is there. If not, adds "nothing found; expected ...". */
bool section_require(const struct section *section, const char *key, const char *expected);

/* The value of a key; `fallback` if it is not there or wrong. */
double section_number(const struct section *section, const char *key, const struct section_range *range,
                      double fallback);
int64_t section_integer(const struct section *section, const char *key, int64_t low, int64_t high,
                        int64_t fallback);
/* The same of a value at hand: whoever reads all keys of a long mapping need not look for each. */
int64_t section_integer_of(const struct section *section, const struct yaml_tree *value, int64_t low,
                           int64_t high, int64_t fallback);
/* Any 64 bits. */
uint64_t section_seed(const struct section *section, const char *key, uint64_t fallback);
/* 0 for `auto`, and if the key is not there. */
int64_t section_integer_or_auto(const struct section *section, const char *key, int64_t low, int64_t high);
/* The index of the value among `words`. */
int section_choice(const struct section *section, const char *key, const char *const *words, size_t n_words,
                   int fallback);
bool section_boolean(const struct section *section, const char *key, bool fallback);
/* grid_tolerance_mm, of all files that name images. */
double section_grid_tolerance(const struct section *section);
/* A text that is not empty; the caller frees it. NULL when it is not there or wrong. */
char *section_text(const struct section *section, const char *key, const char *expected);
#define SECTION_NO_HOME                                                                                        \
    "a path found that begins with ~, your home, while the variable HOME is not set; expected it to be, or a " \
    "path without ~"
/* The same for the path of a file or folder: "~/..." begins at the user's home. */
char *section_path(const struct section *section, const char *key, const char *expected);

/* Whether the value is a number without quotes, and in range. */
bool section_is_number(const struct yaml_tree *value, const struct section_range *range, double *number);

#endif
