#include "starter/name_ranges.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Where two names differ: `prefix` characters are alike, then numbers stand, of which the second is one more.
 */
struct step {
    size_t prefix, digits, next_digits; /* lengths; of the number in the first name, and in the second */
    bool counts;
};

enum { MOST_DIGITS = 9 };

static size_t n_digits(const char *text)
{
    size_t count = 0;
    while (isdigit((unsigned char)text[count]))
        count++;
    return count;
}

/* From one name to the next. */
static struct step step_between(const char *name, const char *next)
{
    struct step step = {0};
    while (name[step.prefix] != '\0' && name[step.prefix] == next[step.prefix])
        step.prefix++;
    while (step.prefix > 0 && isdigit((unsigned char)name[step.prefix - 1]))
        step.prefix--;
    step.digits = n_digits(name + step.prefix);
    step.next_digits = n_digits(next + step.prefix);
    if (step.digits == 0 || step.next_digits == 0 || step.digits > MOST_DIGITS ||
        step.next_digits > MOST_DIGITS)
        return step;
    bool padded = name[step.prefix] == '0' && step.digits > 1;
    bool alike = strcmp(name + step.prefix + step.digits, next + step.prefix + step.next_digits) == 0 &&
                 (padded ? step.digits == step.next_digits : next[step.prefix] != '0');
    step.counts = alike && strtol(next + step.prefix, NULL, 10) == strtol(name + step.prefix, NULL, 10) + 1;
    return step;
}

int name_ranges_fold(char *const *names, size_t count, struct text_list *folded, struct error *err)
{
    for (size_t first = 0, last; first < count && err->code == 0; first = last + 1) {
        struct step step = {0};
        for (last = first; last + 1 < count; last++) {
            struct step next = step_between(names[last], names[last + 1]);
            if (!next.counts || (last > first && next.prefix != step.prefix))
                break;
            if (last == first)
                step = next;
        }
        const char *name = names[first];
        char *text = last == first
                         ? memory_string(name, err)
                         : memory_format(err, "%.*s{%.*s..%.*s}%s", (int)step.prefix, name, (int)step.digits,
                                         name + step.prefix, (int)n_digits(names[last] + step.prefix),
                                         names[last] + step.prefix, name + step.prefix + step.digits);
        if (text != NULL)
            text_list_add(folded, text, err);
        free(text);
    }
    return err->code;
}
