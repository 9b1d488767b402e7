#include "input/tables/near_name.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { PLAIN_BYTES = 64 }; /* what is longer is not compared */

static bool is_between_letters(char character)
{
    return isspace((unsigned char)character) || ispunct((unsigned char)character);
}

static char small(char character)
{
    return (char)tolower((unsigned char)character);
}

/* Letters, small, and digits: "Measure:Age " is "measureage". False for what is empty or long. */
static bool make_plain(const char *name, char plain[PLAIN_BYTES])
{
    size_t length = 0;
    for (; *name != '\0'; name++) {
        if (is_between_letters(*name))
            continue;
        if (length + 1 == PLAIN_BYTES)
            return false;
        plain[length++] = small(*name);
    }
    plain[length] = '\0';
    return length > 0;
}

static bool is_letter_or_end(char character)
{
    return !isdigit((unsigned char)character);
}

/* Whether one letter makes the difference: of the same length another one, else one more in `longer`. */
static bool differ_by_a_letter(const char *shorter, const char *longer)
{
    size_t more = strlen(longer) - strlen(shorter), same = 0;
    while (shorter[same] != '\0' && shorter[same] == longer[same])
        same++;
    return more <= 1 && is_letter_or_end(longer[same]) && is_letter_or_end(shorter[same]) &&
           strcmp(shorter + same + (more == 0 && shorter[same] != '\0'), longer + same + 1) == 0;
}

const char *near_name_find(const struct text_list *names, const char *wanted)
{
    enum { LEAST_LETTERS = 3 }; /* of "m" any other would do */
    char plain[PLAIN_BYTES], other[PLAIN_BYTES];
    const char *near = NULL;
    if (!make_plain(wanted, plain))
        return NULL;
    for (size_t k = 0; k < names->count; k++) {
        if (!make_plain(names->items[k], other))
            continue;
        if (strcmp(plain, other) == 0)
            return names->items[k];
        bool is_shorter = strlen(plain) < strlen(other);
        if (near == NULL && strlen(plain) >= LEAST_LETTERS &&
            differ_by_a_letter(is_shorter ? plain : other, is_shorter ? other : plain))
            near = names->items[k];
    }
    return near;
}
