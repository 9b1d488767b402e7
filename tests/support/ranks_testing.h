/* A test program that every rank runs alike: one process by itself, several under mpirun. */
#ifndef ARETE_TEST_RANKS_TESTING_H
#define ARETE_TEST_RANKS_TESTING_H

#include "ranks/ranks.h"
#include "testing.h"

#include <stdio.h>

static struct ranks ranks; /* of this process, open while the cases run */

static inline int ranks_testing_main(int argc, char **argv, const char *suite, const struct test_case *cases,
                                     size_t count)
{
    struct error err = {0};
    if (ranks_open(&ranks, &err) != 0) {
        fprintf(stderr, "%s\n", err.message);
        return err.code;
    }
    int code = testing_main(argc, argv, suite, cases, count);
    ranks_close(&ranks, code);
    return code;
}

#endif
