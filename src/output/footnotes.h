/* Notes that many rows of a table share, each said once below it under a letter. */
#ifndef ARETE_OUTPUT_FOOTNOTES_H
#define ARETE_OUTPUT_FOOTNOTES_H

#include "base/error.h"
#include "base/text.h"

#include <stddef.h>
#include <stdio.h>

/* Those seen so far, in the order they came. All zeros is none. */
struct footnotes {
    struct text_list texts;
};

/* Adds what a note says beyond those that are there; its parts are separated by "; ". */
int footnotes_add(struct footnotes *notes, const char *note, struct error *err);
void footnotes_free(struct footnotes *notes);

/* The letters of a note whose parts were all added: "a,c"; "" for an empty note. More than fit are "...". */
enum { FOOTNOTES_BYTES = 48 };
void footnotes_letters(const struct footnotes *notes, const char *note, char letters[FOOTNOTES_BYTES]);

/* A line each: "a: the text"; broken between words into lines of at most `columns` characters (0: not). */
void footnotes_print(const struct footnotes *notes, FILE *out, int columns);

#endif
