/* Small filesets written by the tests of this room, and messages compared whole. */
#ifndef ARETE_TEST_INPUT_FIXTURES_H
#define ARETE_TEST_INPUT_FIXTURES_H

#include "base/error.h"
#include "testing.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Writes a .bed; snps[k] has one character a subject: copies of allele 1, or '.' for missing. Padding bits
 * are set to the code of a missing call, which nobody may count. */
static inline const char *fixture_bed(const char *folder, const char *name, const char *const *snps,
                                      size_t n_snps)
{
    size_t n = strlen(snps[0]), row = (n + 3) / 4;
    unsigned char *bytes = calloc(3 + n_snps * row, 1);
    if (bytes == NULL)
        abort();
    memcpy(bytes, "\x6c\x1b\x01", 3);
    for (size_t k = 0; k < n_snps; k++) {
        for (size_t i = 0; i < 4 * row; i++) {
            char call = i < n ? snps[k][i] : '.';
            unsigned code = call == '2' ? 0 : call == '1' ? 2 : call == '0' ? 3 : 1;
            bytes[3 + k * row + i / 4] |= (unsigned char)(code << (2 * (i % 4)));
        }
    }
    const char *path = testing_write(folder, name, bytes, 3 + n_snps * row);
    free(bytes);
    return path;
}

/* `message` is `expected` in whole, with every '@' standing for the folder. */
#define ASSERT_MESSAGE(message, folder, expected)                                                            \
    fixture_message((message), (folder), (expected), __FILE__, __LINE__)
static inline void fixture_message(const char *message, const char *folder, const char *expected,
                                   const char *file, unsigned line)
{
    char whole[ERROR_MESSAGE_BYTES] = "";
    size_t used = 0;
    for (const char *from = expected; *from != '\0' && used < sizeof whole; from++)
        used += (size_t)snprintf(whole + used, sizeof whole - used, *from == '@' ? "%s" : "%.1s",
                                 *from == '@' ? folder : from);
    bool same = strcmp(message, whole) == 0;
    if (!same)
        fprintf(stderr, "%s:%u:\n  found:    %s\n  expected: %s\n", file, line, message, whole);
    CU_assertImplementation(same, line, "message", file, "", CU_FALSE);
}

#endif
