/* Between semicolons a number may have a decimal comma, so "1.234" and "1,234" may each be a number of 1234
 * as a spreadsheet shows it. One field does not tell; its column, and the other columns, do. */
#ifndef ARETE_INPUT_TABLES_DECIMAL_MARKS_H
#define ARETE_INPUT_TABLES_DECIMAL_MARKS_H

#include "base/error.h"
#include "base/log.h"
#include "input/tables/table.h"

#include <stdbool.h>
#include <stddef.h>

/* Of one column, lines being the first ones, 0 = none. All zeros is a column without a number. */
struct decimal_marks {
    size_t point_line, comma_line;
    size_t plain_line; /* of a number of four digits or more, without a mark */
    bool is_decimal;   /* some mark stands where none between thousands can */
};

/* field: a number. */
void decimal_marks_add(struct decimal_marks *marks, const char *field, size_t line);

/* Whether the numbers of a column have both marks, and so no one reading. */
bool decimal_marks_clash(const struct decimal_marks *marks);

/* Refuses columns with both marks, marks[k] being of wanted->columns[k]; those whose marks may stand between
 * thousands are warned of. */
int decimal_marks_check(const struct decimal_marks *marks, const struct table *table,
                        const struct table_columns *wanted, struct error *err);

#endif
