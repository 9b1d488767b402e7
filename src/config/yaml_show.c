#include "config/yaml_show.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 100 };

const char *yaml_show_text(const char *text, char shown[YAML_SHOW_BYTES])
{
    size_t bytes = strlen(text);
    bool cut = bytes > LONGEST;
    if (cut) {
        bytes = LONGEST;
        while (bytes > 0 && ((unsigned char)text[bytes] & 0xC0) == 0x80) /* not inside a UTF-8 character */
            bytes--;
    }
    for (size_t i = 0; i < bytes; i++)
        shown[i] = (unsigned char)text[i] < ' ' || text[i] == 0x7F ? ' ' : text[i];
    memcpy(shown + bytes, cut ? "..." : "", cut ? 4 : 1);
    return shown;
}

const char *yaml_show_value(const struct yaml_tree *value, char shown[YAML_SHOW_BYTES])
{
    if (value->kind == YAML_LIST)
        return value->n_children == 0 ? "an empty list" : "a list";
    if (value->kind == YAML_MAPPING)
        return "a mapping";
    if (yaml_tree_is_null(value))
        return "nothing";
    char text[YAML_SHOW_BYTES];
    double number;
    bool is_number = value->plain && text_to_double(value->text, &number);
    snprintf(shown, YAML_SHOW_BYTES, is_number ? "%s" : "text \"%s\"", yaml_show_text(value->text, text));
    return shown;
}

char *yaml_show_place(const char *source, size_t line, size_t column, struct error *err)
{
    if (line == 0)
        return memory_string(source, err);
    return memory_format(err, "%s:%zu:%zu", source, line, column);
}
