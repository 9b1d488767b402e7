#include "output/footnotes.h"

#include "base/memory.h"
#include "base/screen.h"

#include <stdlib.h>
#include <string.h>

static const char separator[] = "; ";

/* The length of the first part of a note; *next is the one after it, or NULL. */
static size_t part_length(const char *note, const char **next)
{
    const char *end = strstr(note, separator);
    *next = end != NULL ? end + sizeof separator - 1 : NULL;
    return end != NULL ? (size_t)(end - note) : strlen(note);
}

static size_t find(const struct footnotes *notes, const char *part, size_t length)
{
    size_t k = 0;
    while (k < notes->texts.count &&
           (strncmp(notes->texts.items[k], part, length) != 0 || notes->texts.items[k][length] != '\0'))
        k++;
    return k;
}

int footnotes_add(struct footnotes *notes, const char *note, struct error *err)
{
    for (const char *part = note, *next; part != NULL && *part != '\0'; part = next) {
        size_t length = part_length(part, &next);
        if (find(notes, part, length) < notes->texts.count)
            continue;
        char *text = memory_format(err, "%.*s", (int)length, part);
        if (text == NULL || text_list_add(&notes->texts, text, err) != 0) {
            free(text);
            return err->code;
        }
        free(text);
    }
    return 0;
}

void footnotes_free(struct footnotes *notes)
{
    text_list_free(&notes->texts);
}

enum { LETTER_BYTES = 16 }; /* of any size_t */

/* a ... z, aa ... az, ba ... zz, aaa ... */
static const char *letter_of(size_t k, char letter[LETTER_BYTES])
{
    enum { LETTERS = 26 };
    char *first = letter + LETTER_BYTES - 1;
    *first = '\0';
    for (size_t left = k + 1; left > 0; left = (left - 1) / LETTERS)
        *--first = (char)('a' + (left - 1) % LETTERS);
    return first;
}

void footnotes_letters(const struct footnotes *notes, const char *note, char letters[FOOTNOTES_BYTES])
{
    size_t used = 0;
    letters[0] = '\0';
    for (const char *part = note, *next; part != NULL && *part != '\0'; part = next) {
        char room[LETTER_BYTES];
        size_t length = part_length(part, &next);
        const char *letter = letter_of(find(notes, part, length), room);
        bool is_full = used + strlen(letter) + sizeof ",,..." > FOOTNOTES_BYTES;
        used += (size_t)snprintf(letters + used, FOOTNOTES_BYTES - used, "%s%s", used > 0 ? "," : "",
                                 is_full ? "..." : letter);
        if (is_full)
            return;
    }
}

/* Characters of UTF-8 in so many bytes: a byte 10xxxxxx goes on with one. */
static int characters(const char *text, size_t bytes)
{
    int count = 0;
    for (size_t i = 0; i < bytes; i++)
        count += ((unsigned char)text[i] & 0xC0U) != 0x80U;
    return count;
}

/* The words of a text; a line that is full goes on below, `indent` blanks in. */
static void print_words(FILE *out, const char *text, int indent, int columns)
{
    int at = indent;
    for (const char *word = text; *word != '\0';) {
        size_t bytes = strcspn(word, " \t\r\n");
        int length = characters(word, bytes);
        bool is_first = at == indent;
        if (!is_first && columns > 0 && at + 1 + length > columns) {
            fprintf(out, "\n%*s", indent, "");
            at = indent;
            is_first = true;
        }
        fputs(is_first ? "" : " ", out);
        screen_write(out, word, bytes);
        at += length + !is_first;
        word += bytes;
        word += strspn(word, " \t\r\n");
    }
    fputc('\n', out);
}

void footnotes_print(const struct footnotes *notes, FILE *out, int columns)
{
    for (size_t k = 0; k < notes->texts.count; k++) {
        char room[LETTER_BYTES];
        const char *letter = letter_of(k, room);
        fprintf(out, "%s: ", letter);
        print_words(out, notes->texts.items[k], (int)strlen(letter) + 2, columns);
    }
}
