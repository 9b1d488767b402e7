/* Text tables of subjects: one header line, one row a subject, in tabs, commas (CSV), semicolons or blanks,
 * whichever the header has. Fields may be quoted (base/text.h). Between semicolons a number may have a
 * decimal comma. Before the header may stand comments (lines that begin with # and are no header) and a line
 * such as "sep=;"; empty fields behind the last column and rows of empty fields are passed over.
 *
 * Read in two passes, so that a wide table of many people costs only what is used of it: the first takes the
 * IDs and checks every row's length, the second takes the values of wanted rows and columns. */
#ifndef ARETE_INPUT_TABLES_TABLE_H
#define ARETE_INPUT_TABLES_TABLE_H

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "input/tables/missing_codes.h"
#include "input/tables/problems.h"
#include "input/tables/subjects.h"

#include <stdbool.h>
#include <stddef.h>

enum { TABLE_MOST_COLUMNS = 1 << 21 };

struct table {
    char *path;
    char separator;
    struct text_list columns; /* the header, IDs included */
    size_t header_line;       /* where that stands: comments may come before */
    size_t n_unnamed;         /* empty fields behind it, as of spreadsheets: rows may have as many */
    ptrdiff_t fid_column;     /* or TEXT_NOT_FOUND */
    size_t iid_column;        /* IID, participant_id, or the one that id_column names */
    struct subjects subjects; /* of each row */
};

/* The first pass. ID columns are FID and IID, IID alone, or participant_id; a '#' in front of the first name
 * is allowed. id_column, unless NULL, names another one, which then tells people apart by itself, a "sub-" in
 * front not counted. On error the table is empty. */
int table_open(struct table *table, const char *path, const char *id_column, struct error *err);
void table_close(struct table *table);

/* The names in the header alone, whatever they are; `columns` must be empty. */
int table_header(const char *path, struct text_list *columns, struct error *err);

/* Whether column `k` holds IDs. */
bool table_is_id(const struct table *table, size_t k);

/* positions[k] = column of names[k]. Each one that is not in the header, or asked for twice, is a problem.
 * Returns 0, or the code when memory is short. */
int table_find(const struct table *table, char *const *names, size_t count, size_t *positions,
               struct problems *problems, struct error *err);

/* Columns to read, counted from 0 in the table, and the values that mean "missing". */
struct table_columns {
    const size_t *columns;
    size_t count;
    const struct missing_codes *missing_codes; /* or NULL: none can be declared */
    const char *expected;                      /* what texts are, for messages; NULL: "a label" */
    const char *remedy;                        /* after "expected numbers" for columns of text, or NULL */
    struct log *log;                           /* of warnings, or NULL */
};

/* The second pass, for numbers: values[s * count + k] of subject s = subject_of_row[row] at columns[k];
 * NaN = missing. Rows whose subject is TEXT_NOT_FOUND are not looked at. Columns that hold text in most
 * places are told of in one line, other fields in a line each. Between semicolons no column may have decimal
 * points and commas. */
int table_read_numbers(const struct table *table, const ptrdiff_t *subject_of_row,
                       const struct table_columns *wanted, double *values, struct error *err);

/* The same for text: texts[s * stride + k] is a string of the caller's, or NULL = missing. `texts` must be
 * zeroed; on error it may hold strings already. */
int table_read_texts(const struct table *table, const ptrdiff_t *subject_of_row,
                     const struct table_columns *wanted, char **texts, size_t stride, struct error *err);

/* For the second pass: cuts a line into fields without the blanks around them, the first `room` of which are
 * kept. Returns how many there are, without the empty ones behind the last column; 0 for a blank line, and
 * one of separators alone. */
size_t table_split(const struct table *table, char *line, char **fields, size_t room);

#endif
