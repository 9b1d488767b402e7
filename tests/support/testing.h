/* What every unit test needs around CUnit: a main of one line, folders to write in, assertions that show what
 * was found. */
#ifndef ARETE_TESTING_H
#define ARETE_TESTING_H

#include <CUnit/CUnit.h>

#include <stddef.h>

struct test_case {
    const char *name;
    void (*run)(void);
};

/* Runs the cases as one suite (or those whose name is given on the command line) and returns the process's
 * exit code. */
int testing_main(int argc, char **argv, const char *suite, const struct test_case *cases, size_t count);

/* A new empty folder, removed with all in it at the end of the program. The pointer stays valid until then.
 */
const char *testing_folder(void);

/* Writes a file in `folder` and returns its path (valid until the end of the program). */
const char *testing_write(const char *folder, const char *name, const void *bytes, size_t count);
const char *testing_write_text(const char *folder, const char *name, const char *text);

/* Fails the test and shows both texts when `part` is not in `text`. */
#define ASSERT_CONTAINS(text, part) testing_contains((text), (part), __FILE__, __LINE__)
void testing_contains(const char *text, const char *part, const char *file, unsigned line);

/* Fails the test and shows both numbers when they differ by more than `tolerance`. */
#define ASSERT_NEAR(found, expected, tolerance)                                                              \
    testing_near((found), (expected), (tolerance), __FILE__, __LINE__)
void testing_near(double found, double expected, double tolerance, const char *file, unsigned line);

#endif
