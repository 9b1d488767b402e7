/* One section of the study file, read key by key. What is wrong is added to a list of problems and reading
 * goes on with the default, so that a user sees all of it at once; whoever reads the whole file looks at the
 * problems in the end. */
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
    bool wrong; /* the file has it, but it is no mapping: said already, so nothing in it is missed */
};

/* Bounds of a number and their words: "a number from 0 to 1". */
struct section_range {
    double low, high;
    bool low_allowed, high_allowed;
    const char *words;
};

/* Opens the mapping `tree` (NULL or null: an absent one) and reports the keys that are not among `keys`. */
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

/* Adds "nothing found; expected ..." when a key is not there. False then. */
bool section_require(const struct section *section, const char *key, const char *expected);

/* Values. The fallback comes back when the key is not there or wrong. */
double section_number(const struct section *section, const char *key, const struct section_range *range,
                      double fallback);
int64_t section_integer(const struct section *section, const char *key, int64_t low, int64_t high,
                        int64_t fallback);
/* Any 64 bits. */
uint64_t section_seed(const struct section *section, const char *key, uint64_t fallback);
/* `auto` (or absent) is 0. */
int64_t section_integer_or_auto(const struct section *section, const char *key, int64_t low, int64_t high);
/* The position of the value among `words`. */
int section_choice(const struct section *section, const char *key, const char *const *words, size_t n_words,
                   int fallback);
bool section_boolean(const struct section *section, const char *key, bool fallback);
/* A text that is not empty; the caller frees it. NULL when it is not there or wrong. */
char *section_text(const struct section *section, const char *key, const char *expected);

/* Whether a number without quotes stands there and lies in range. */
bool section_is_number(const struct yaml_tree *value, const struct section_range *range, double *number);

#endif
