#include "config/ranges.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_RANGES = 4, MOST_DIGITS = 9, NAME_OVERHEAD = 64, LONGEST = 1000 };

struct range {
    const char *open, *after; /* the { in the text; behind the } */
    long first, last, now;
    int width; /* of the number, padded with zeros; 0 = as it is */
};

static bool read_number(const char **at, long *number, int *digits)
{
    *digits = 0;
    *number = 0;
    for (; isdigit((unsigned char)**at) && *digits <= MOST_DIGITS; (*at)++, (*digits)++)
        *number = *number * 10 + (**at - '0');
    return *digits >= 1 && *digits <= MOST_DIGITS;
}

/* Reads "{a..b}" at range->open. NULL when it is one, else what was expected. */
static const char *read_range(struct range *range)
{
    static const char EXPECTED[] = "a range with two dots, such as PC{1..10}";
    const char *at = range->open + 1;
    int digits, last_digits;
    bool padded = at[0] == '0' && isdigit((unsigned char)at[1]);
    if (!read_number(&at, &range->first, &digits) || strncmp(at, "..", 2) != 0)
        return EXPECTED;
    at += 2;
    if (!read_number(&at, &range->last, &last_digits) || *at != '}')
        return EXPECTED;
    if (range->first > range->last)
        return "a range that goes up, such as PC{1..10}";
    if (range->last - range->first >= RANGES_MOST_NAMES)
        return "at most 100000 names";
    range->after = at + 1;
    range->width = padded ? digits : 0;
    range->now = range->first;
    return NULL;
}

/* Finds all ranges of a name. NULL, or what was expected. */
static const char *find_ranges(const char *text, struct range ranges[MOST_RANGES], size_t *count)
{
    *count = 0;
    if (strlen(text) > LONGEST && strpbrk(text, "{}") != NULL)
        return "at most 1000 bytes in a name with a range";
    for (const char *at = strpbrk(text, "{}"); at != NULL; at = strpbrk(at, "{}")) {
        if (*count == MOST_RANGES)
            return "at most 4 ranges in a name";
        ranges[*count].open = at;
        const char *expected = *at == '{' ? read_range(&ranges[*count]) : "a { before the }";
        if (expected != NULL)
            return expected;
        at = ranges[(*count)++].after;
    }
    return NULL;
}

/* The name with every range at its present number. */
static void write_name(const char *text, const struct range *ranges, size_t count, char *name)
{
    for (size_t k = 0; k < count; k++) {
        size_t before = (size_t)(ranges[k].open - text);
        memcpy(name, text, before);
        name += before;
        name += sprintf(name, "%0*ld", ranges[k].width, ranges[k].now);
        text = ranges[k].after;
    }
    memcpy(name, text, strlen(text) + 1);
}

/* Counts up like an odometer; false after the last. */
static bool advance(struct range *ranges, size_t count)
{
    for (size_t k = count; k-- > 0;) {
        if (ranges[k].now < ranges[k].last) {
            ranges[k].now++;
            return true;
        }
        ranges[k].now = ranges[k].first;
    }
    return false;
}

int ranges_write_out(const char *text, struct text_list *list, const char **expected, struct error *err)
{
    struct range ranges[MOST_RANGES];
    size_t count;
    *expected = find_ranges(text, ranges, &count);
    if (*expected != NULL)
        return EXIT_CODE_BAD_INPUT;
    char *name = memory_zeroed(strlen(text) + NAME_OVERHEAD, 1, "a list of names", err);
    if (name == NULL)
        return err->code;
    int code = 0;
    do {
        if (list->count == RANGES_MOST_NAMES) {
            *expected = "at most 100000 names";
            code = EXIT_CODE_BAD_INPUT;
            break;
        }
        write_name(text, ranges, count, name);
        code = text_list_add(list, name, err);
    } while (code == 0 && advance(ranges, count));
    free(name);
    return code;
}
