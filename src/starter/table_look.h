/* What stands in a table of people: who of them is in the genotypes, and what each column holds. */
#ifndef ARETE_STARTER_TABLE_LOOK_H
#define ARETE_STARTER_TABLE_LOOK_H

#include "base/error.h"
#include "input/tables/table.h"

#include <stdbool.h>
#include <stddef.h>

enum column_kind {
    COLUMN_ID,
    COLUMN_NUMBER, /* numbers that differ */
    COLUMN_LABEL,  /* from 2 to COLUMN_MOST_LEVELS different words, or numbers under a name such as "site" */
    COLUMN_TEXT,   /* words of which too many differ, or numbers among words, or of no one decimal mark */
    COLUMN_CONSTANT, /* one value, or none */
};

enum { COLUMN_MOST_LEVELS = 30 };

struct column_look {
    enum column_kind kind;
    size_t n_missing, n_minus_nine; /* of the people who count */
    size_t n_zeros;                 /* of a column of a .fam that holds 0, 1 and 2 alone */
    bool has_two;                   /* of such a column: then 0 is missing, as PLINK writes it */
    size_t n_levels, fewest;        /* of labels: different ones, and people of the rarest */
};

/* The people who count are those of the genotypes. */
struct table_look {
    struct table table;
    char *id_column; /* to be named in the study file; NULL: a usual one */
    size_t n_people; /* rows of people who count */
    struct column_look *columns;
    bool without_header;
    char *refused; /* why the table is none of people; NULL: it is. Then the rest is empty */
};

/* people: those who count. A table that cannot be used is no error: `refused` says
 * why. */
int table_look_read(struct table_look *look, const char *path, const struct subjects *people,
                    struct error *err);

/* The columns of a .fam from the sixth on, as columns called 6, 7 ...; everybody counts, and -9 is missing.
 */
int table_look_read_fam(struct table_look *look, const char *path, struct error *err);
void table_look_free(struct table_look *look);

/* How many columns are of that kind. */
size_t table_look_count(const struct table_look *look, enum column_kind kind);

/* The position of a column of that name, in any case, or TEXT_NOT_FOUND. */
ptrdiff_t table_look_find(const struct table_look *look, const char *name);

#endif
