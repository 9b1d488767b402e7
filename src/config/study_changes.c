#include "config/study_changes.h"

#include "base/memory.h"
#include "config/yaml_dump.h"
#include "config/yaml_parse.h"
#include "config/yaml_show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of two long values that begin alike so many bytes at least, a piece is shown from so many before they part,
 * or from the last blank in more. */
enum { MOST_LISTED = 6, NAME_BYTES = 256, ALIKE_BYTES = 80, BEFORE_BYTES = 20, BLANK_BYTES = 40 };

/* Two texts are compared for a purpose: keys that do not count for it, and how the two values are told. */
struct purpose {
    const char *without_effect[5]; /* as many as there are, then NULL */
    const char *first_before, *first_after, *second_before, *second_after;
    const char *unreadable; /* what is said of texts that are no mapping */
};

static const struct purpose of_results = {{"permutations.count", "output", "run", "network", "associate"},
                                          " was ",
                                          "",
                                          ", is ",
                                          "",
                                          "the study as it was cannot be read"};
static const struct purpose of_processes = {
    {"run.workers"}, " ", " there", ", ", " here", "the study there cannot be read"};

/* The text so far, and how many changes it lists. */
struct listing {
    const struct purpose *purpose;
    char *text;
    size_t count;
    struct error *err;
};

static bool has_effect(const struct purpose *purpose, const char *name)
{
    const size_t most = sizeof purpose->without_effect / sizeof *purpose->without_effect;
    for (size_t k = 0; k < most && purpose->without_effect[k] != NULL; k++)
        if (strcmp(name, purpose->without_effect[k]) == 0)
            return false;
    return true;
}

/* A value as YAML, all of it, without the last line's end; "" for none, which no value is. The caller frees
 * it. */
static char *value_text(const struct yaml_tree *value, struct error *err)
{
    if (value == NULL || yaml_tree_is_null(value))
        return memory_string("", err);
    char *dumped = yaml_dump(value, err);
    size_t length = dumped != NULL ? strlen(dumped) : 0;
    while (length > 0 && dumped[length - 1] == '\n')
        dumped[--length] = '\0';
    return dumped;
}

/* From where two values are shown: their beginning, or shortly before the first byte that differs. */
static size_t first_shown(const char *before, const char *now)
{
    size_t alike = 0;
    while (before[alike] != '\0' && before[alike] == now[alike])
        alike++;
    if (alike < ALIKE_BYTES)
        return 0;
    for (size_t from = alike; from > alike - BLANK_BYTES; from--)
        if (before[from - 1] == ' ')
            return from;
    size_t from = alike - BEFORE_BYTES;
    while (((unsigned char)before[from] & 0xC0) == 0x80) /* not inside a UTF-8 character */
        from--;
    return from;
}

/* On one line, cut. The caller frees it. */
static char *shown_text(const char *value, size_t from, struct error *err)
{
    char shown[YAML_SHOW_BYTES];
    if (value[0] == '\0')
        return memory_string("not set", err);
    return memory_format(err, "%s%s", from > 0 ? "..." : "", yaml_show_text(value + from, shown));
}

static void add(struct listing *listing, const char *name, const char *before, const char *now)
{
    if (listing->count++ > MOST_LISTED)
        return;
    const char *separator = listing->count > 1 ? "; " : "";
    const struct purpose *as = listing->purpose;
    char *longer = listing->count > MOST_LISTED
                       ? memory_format(listing->err, "%s; ...", listing->text)
                       : memory_format(listing->err, "%s%s%s%s%s%s%s%s%s", listing->text, separator, name,
                                       as->first_before, before, as->first_after, as->second_before, now,
                                       as->second_after);
    free(listing->text);
    listing->text = longer;
}

static void add_values(struct listing *listing, const char *name, const char *before, const char *now)
{
    size_t from = first_shown(before, now);
    char *old = shown_text(before, from, listing->err);
    char *new = old != NULL ? shown_text(now, from, listing->err) : NULL;
    if (new != NULL)
        add(listing, name, old, new);
    free(old);
    free(new);
}

static void compare(struct listing *listing, const char *name, const struct yaml_tree *before,
                    const struct yaml_tree *now);

/* The keys of `first` that are in `second` too, or, `only`, that are not. */
static void compare_keys(struct listing *listing, const char *name, const struct yaml_tree *first,
                         const struct yaml_tree *second, bool only)
{
    for (size_t k = 0; first != NULL && k < first->n_children; k++) {
        const struct yaml_tree *here = first->children[k], *there = yaml_tree_find(second, here->key);
        char longer[NAME_BYTES];
        snprintf(longer, sizeof longer, "%s%s%s", name, name[0] != '\0' ? "." : "", here->key);
        if (only && there == NULL)
            compare(listing, longer, NULL, here);
        else if (!only)
            compare(listing, longer, here, there);
    }
}

static bool is_mapping(const struct yaml_tree *tree)
{
    return tree != NULL && tree->kind == YAML_MAPPING;
}

static void compare(struct listing *listing, const char *name, const struct yaml_tree *before,
                    const struct yaml_tree *now)
{
    if (listing->err->code != 0 || !has_effect(listing->purpose, name))
        return;
    if ((is_mapping(before) || before == NULL) && (is_mapping(now) || now == NULL)) {
        compare_keys(listing, name, before, now, false);
        compare_keys(listing, name, now, before, true);
        return;
    }
    char *old = value_text(before, listing->err);
    char *new = old != NULL ? value_text(now, listing->err) : NULL;
    if (new != NULL && strcmp(old, new) != 0)
        add_values(listing, name, old, new);
    free(old);
    free(new);
}

static char *list_changes(const struct purpose *purpose, const char *before, const char *now,
                          struct error *err)
{
    struct error unreadable = {0};
    struct yaml_tree *old = yaml_parse(before, strlen(before), "the campaign", false, &unreadable);
    struct yaml_tree *new = yaml_parse(now, strlen(now), "the study", false, &unreadable);
    bool readable = is_mapping(old) && is_mapping(new), same = strcmp(before, now) == 0;
    struct listing listing = {.purpose = purpose, .err = err};
    listing.text = memory_string(readable || same ? "" : purpose->unreadable, err);
    if (readable)
        compare(&listing, "", old, new);
    yaml_tree_free(old);
    yaml_tree_free(new);
    if (err->code == 0)
        return listing.text;
    free(listing.text);
    return NULL;
}

char *study_changes(const char *before, const char *now, struct error *err)
{
    return list_changes(&of_results, before, now, err);
}

char *study_differences(const char *there, const char *here, struct error *err)
{
    return list_changes(&of_processes, there, here, err);
}
