#include "starter/yaml_lines.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "starter/name_ranges.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { COMMENT_COLUMN = 40, LINE_WIDTH = 110 };

void yaml_lines_put(FILE *file, const char *comment, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    int length = vfprintf(file, format, values);
    va_end(values);
    if (comment != NULL)
        fprintf(file, "%*s# %s", length < COMMENT_COLUMN ? COMMENT_COLUMN - length : 1, "", comment);
    fputc('\n', file);
}

void yaml_lines_remark(FILE *file, const char *comment, const char *what, const char *name)
{
    int length = fprintf(file, "  # %s", what);
    while (*name != '\0') {
        size_t bytes = utf8_shown_bytes(name);
        length += (int)fwrite(bytes == 0 ? "?" : name, 1, bytes == 0 ? 1 : bytes, file);
        name += bytes == 0 ? 1 : bytes;
    }
    fprintf(file, "%*s# %s\n", length < COMMENT_COLUMN ? COMMENT_COLUMN - length : 1, "", comment);
}

bool yaml_lines_can_name(const char *name)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    size_t bytes;
    if (strstr(name, byte_order_mark) != NULL) /* YAML passes over it */
        return false;
    while ((bytes = utf8_shown_bytes(name)) > 0)
        name += bytes;
    return *name == '\0';
}

char *yaml_lines_scalar(const char *text, struct error *err)
{
    static const char *const WORDS[] = {"true", "false", "null", "yes", "no", "on", "off", "y", "n", NULL};
    bool plain = isalpha((unsigned char)*text) || *text == '_' || *text == '/';
    size_t n_quotes = 0;
    for (const char *at = text; *at != '\0'; at++) {
        plain = plain && (isalnum((unsigned char)*at) || strchr("_./-{}", *at) != NULL);
        n_quotes += *at == '\'';
    }
    for (const char *const *word = WORDS; *word != NULL; word++)
        plain = plain && strcasecmp(text, *word) != 0;
    if (plain)
        return memory_string(text, err);
    char *quoted = memory_zeroed(strlen(text) + n_quotes + 3, 1, "a name", err), *to = quoted;
    if (quoted == NULL)
        return NULL;
    *to++ = '\'';
    for (; *text != '\0'; text++) {
        *to++ = *text;
        if (*text == '\'')
            *to++ = '\'';
    }
    *to = '\'';
    return quoted;
}

int yaml_lines_path(FILE *file, const char *key, const char *path, const char *comment, struct error *err)
{
    if (!yaml_lines_can_name(path))
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: a name that no study file can hold: line breaks, or no UTF-8; expected another",
                         path);
    char *text = yaml_lines_scalar(path, err);
    if (text != NULL)
        yaml_lines_put(file, comment, "  %s: %s", key, text);
    free(text);
    return err->code;
}

/* `  key: [a, b{1..9}, ...]`, over several lines where it is long. */
int yaml_lines_list(FILE *file, const char *key, const struct text_list *names, const char *comment,
                    struct error *err)
{
    struct text_list folded = {0};
    int length = fprintf(file, "  %s: [", key);
    name_ranges_fold(names->items, names->count, &folded, err);
    for (size_t k = 0; k < folded.count && err->code == 0; k++) {
        char *text = yaml_lines_scalar(folded.items[k], err);
        if (text == NULL)
            break;
        if (length + (int)strlen(text) > LINE_WIDTH) {
            fputs("\n    ", file);
            length = 4;
        }
        length += fprintf(file, "%s%s", text, k + 1 < folded.count ? ", " : "");
        free(text);
    }
    length += fprintf(file, "]");
    text_list_free(&folded);
    if (comment != NULL)
        fprintf(file, "%*s# %s", length < COMMENT_COLUMN ? COMMENT_COLUMN - length : 1, "", comment);
    fputc('\n', file);
    return err->code;
}
