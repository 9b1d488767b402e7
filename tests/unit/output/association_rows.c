#include "output/association_rows.h"

#include "testing.h"

#include <math.h>
#include <stdlib.h>

static void limits(void)
{
    char text[ASSOCIATION_P_BYTES];
    CU_ASSERT_STRING_EQUAL(association_rows_limit(log(7.219e-6), text), "7.21e-06");
    CU_ASSERT_STRING_EQUAL(association_rows_limit(log(7.21e-6), text), "7.21e-06");
    CU_ASSERT_STRING_EQUAL(association_rows_limit(log(9.999e-3), text), "0.00999");
    CU_ASSERT_STRING_EQUAL(association_rows_limit(-4001.77 * M_LN10, text), "1.69e-4002");
    for (double p = 1e-12; p < 0.05; p *= 1.61)
        CU_ASSERT(strtod(association_rows_limit(log(p), text), NULL) <= p * (1 + 1e-10));
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {{"limits", limits}};
    return testing_main(argc, argv, "association_rows", cases, sizeof cases / sizeof *cases);
}
