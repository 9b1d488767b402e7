/* The report of a univariate model (run/report_page.h). */
#ifndef ARETE_ASSOCIATE_ASSOCIATION_PAGE_H
#define ARETE_ASSOCIATE_ASSOCIATION_PAGE_H

#include "associate/association_tables.h"
#include "associate/maxima.h"
#include "base/error.h"
#include "run/record.h"
#include "study/analysis.h"

/* Names it in the output folder: beside that of arete run, which may have the same one. */
int association_page_name(struct record *record, const char *folder, struct error *err);

/* Completes the campaign that the report is of, which without permutations has no file. */
int association_page_fill(struct record *record, const struct association_tables *tables, struct error *err);

/* Replaces the file. maxima: zeroed without permutations. */
int association_page_write(const struct record *record, const struct analysis *analysis,
                           const struct maxima *maxima, struct error *err);

#endif
