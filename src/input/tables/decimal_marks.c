#include "input/tables/decimal_marks.h"

#include <stdio.h>
#include <string.h>

enum { GROUP = 3 }; /* digits between marks of thousands */

static const char DIGITS[] = "0123456789";

void decimal_marks_add(struct decimal_marks *marks, const char *field, size_t line)
{
    const char *whole = field + strspn(field, "+-");
    size_t n_whole = strspn(whole, DIGITS);
    const char *mark = whole + n_whole;
    if (*mark == '\0' && n_whole > GROUP && marks->plain_line == 0)
        marks->plain_line = line;
    if (*mark != '.' && *mark != ',')
        return;
    size_t *first = *mark == '.' ? &marks->point_line : &marks->comma_line;
    *first = *first == 0 ? line : *first;
    size_t n_fraction = strspn(mark + 1, DIGITS);
    bool is_thousand =
        n_whole > 0 && n_whole <= GROUP && *whole != '0' && n_fraction == GROUP && mark[1 + GROUP] == '\0';
    marks->is_decimal |= !is_thousand;
}

bool decimal_marks_clash(const struct decimal_marks *marks)
{
    return marks->point_line > 0 && marks->comma_line > 0;
}

/* Whether its marks may stand between thousands, and something says that they do: a number of thousands
 * without one, or that the table's columns have both marks. */
static bool is_doubtful(const struct decimal_marks *marks, bool both)
{
    bool is_marked = marks->point_line > 0 || marks->comma_line > 0;
    return is_marked && !marks->is_decimal && (marks->plain_line > 0 || both);
}

/* One line for all of them. */
static void warn_of_doubtful(const struct decimal_marks *marks, const struct table *table,
                             const struct table_columns *wanted, bool both)
{
    const struct decimal_marks *first = NULL;
    size_t count = 0;
    char more[40] = "";
    for (size_t k = wanted->count; k-- > 0;)
        if (is_doubtful(&marks[k], both)) {
            first = &marks[k];
            count++;
        }
    if (first == NULL)
        return;
    if (count > 1)
        snprintf(more, sizeof more, " (and %zu more)", count - 1);
    bool is_comma = first->comma_line > 0;
    log_warning(
        wanted->log,
        "%s:%zu: column %s%s: every %s has three digits behind it, as between thousands; it is read as "
        "a decimal mark (thousands are written 1234)",
        table->path, is_comma ? first->comma_line : first->point_line,
        table->columns.items[wanted->columns[first - marks]], more, is_comma ? "comma" : "point");
}

int decimal_marks_check(const struct decimal_marks *marks, const struct table *table,
                        const struct table_columns *wanted, struct error *err)
{
    struct problems problems = {0};
    bool any_point = false, any_comma = false;
    for (size_t k = 0; k < wanted->count; k++) {
        any_point |= marks[k].point_line > 0;
        any_comma |= marks[k].comma_line > 0;
        if (decimal_marks_clash(&marks[k]))
            problems_add(&problems, err,
                         "%s:%zu: column %s: a comma found in a number, and in line %zu a point; expected "
                         "one of them, for decimals (thousands are written 1234)",
                         table->path, marks[k].comma_line, table->columns.items[wanted->columns[k]],
                         marks[k].point_line);
    }
    if (problems.count == 0 && wanted->log != NULL)
        warn_of_doubtful(marks, table, wanted, any_point && any_comma);
    return problems_end(&problems, err);
}
