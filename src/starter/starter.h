/* A first study file, made of the files that are there. */
#ifndef ARETE_STARTER_STARTER_H
#define ARETE_STARTER_STARTER_H

#include "base/error.h"
#include "base/text.h"

#include <stdio.h>

struct starter_request {
    const struct text_list *paths; /* folders, files and prefixes to look at; one at least */
    const char *study;             /* the file to write; never one that is there */
    FILE *screen;                  /* where is told what was found, and what to do next */
};

/* Looks and writes. Returns the exit code; where nothing fits nothing is written. */
int starter_write(const struct starter_request *request, struct error *err);

#endif
