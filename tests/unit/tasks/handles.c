#include "tasks/handles.h"

#include "testing.h"

/* What is counted never has fewer bytes than the array, and at most one unit more. */
static void large_arrays_count_in_larger_units(void)
{
    static const size_t counts[] = {0, 1, UINT32_MAX, (size_t)UINT32_MAX + 1, 10000000000, 123456789012345};
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
        struct handles_units units;
        handles_units(counts[k], sizeof(double), &units);
        size_t bytes = units.count * units.bytes, wanted = counts[k] * sizeof(double);
        CU_ASSERT_TRUE(bytes >= wanted && bytes - wanted < units.bytes);
        CU_ASSERT_EQUAL(units.bytes > sizeof(double), counts[k] > UINT32_MAX);
    }
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"large_arrays_count_in_larger_units", large_arrays_count_in_larger_units},
    };
    return testing_main(argc, argv, "handles", cases, sizeof cases / sizeof *cases);
}
