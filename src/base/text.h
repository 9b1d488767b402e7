/* Text: lists of strings, finding a name among many, numbers, missing values, lines of a file. */
#ifndef ARETE_BASE_TEXT_H
#define ARETE_BASE_TEXT_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A growing list that owns its strings. All zeros is the empty list. */
struct text_list {
    char **items;
    size_t count, capacity;
};

int text_list_add(struct text_list *list, const char *text, struct error *err);
void text_list_free(struct text_list *list);

/* An index of names. It keeps pointers to the names it was made of, which must outlive it and not move. */
struct text_index {
    const char **names; /* sorted */
    size_t *positions;  /* of names[k] in the array that the index was made of */
    size_t count;
};

enum { TEXT_NOT_FOUND = -1 };

int text_index_init(struct text_index *index, char *const *names, size_t count, struct error *err);
void text_index_free(struct text_index *index);
/* The first position of a name, or TEXT_NOT_FOUND. */
ptrdiff_t text_index_find(const struct text_index *index, const char *name);
/* A position whose name is at an earlier position too, or TEXT_NOT_FOUND if all names differ. */
ptrdiff_t text_index_duplicate(const struct text_index *index);

/* Whether all of `text` is a finite number, and which. Not: "1e5x", "", "inf". */
bool text_to_double(const char *text, double *value);
bool text_to_int64(const char *text, int64_t *value);

/* Whether `text` ends in `ending`, with something before it. */
bool text_ends_with(const char *text, const char *ending);

/* Whether a field says that a value is missing: empty, NA, NaN, n/a (any case). */
bool text_is_missing(const char *text);

/* Reads a text file line by line, without the line ending (\n, \r\n, or \r alone) and the byte order mark
 * that may stand in front of the first. A file packed by gzip is unpacked. */
struct text_reader {
    char *path; /* for messages */
    FILE *file;
    char *buffer; /* the file's: larger than stdio's own, so that it is read in fewer pieces */
    char *line;   /* the current line; the caller may cut it into pieces */
    size_t capacity;
    size_t line_number; /* of the current line, from 1 */
};

int text_reader_open(struct text_reader *reader, const char *path, struct error *err);
/* *line is the next line, or NULL at the end of the file. */
int text_reader_next(struct text_reader *reader, char **line, struct error *err);
void text_reader_close(struct text_reader *reader);

/* Cuts the next field from *rest. separator ' ' means any run of blanks and tabs; others cut at each one. A
 * field may stand in double quotes, a doubled "" inside is one; a quote that is never closed is a character.
 * NULL when there is no field left. */
char *text_next_field(char **rest, char separator);
/* Writes a field of that length so that text_next_field reads it, also between blanks: in quotes where it
 * must be. */
void text_put_field(FILE *file, const char *field, size_t length);

/* Adds a part to a note, with "; " between them. `note` is freed; what is returned is the caller's, NULL
 * without memory. */
char *text_add_note(char *note, const char *part, struct error *err);

/* "3h05m", "12m30s", "8s" into text of TEXT_DURATION_BYTES. */
enum { TEXT_DURATION_BYTES = 32 };
void text_duration(double seconds, char *text);

#endif
