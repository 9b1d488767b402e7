#include "model/blas/blas_kernels.h"

#include "testing.h"

static void kernels_of_old_processors_are_replaced(void)
{
    CU_ASSERT_STRING_EQUAL(blas_kernels_instead("Prescott", INSTRUCTIONS_AVX512), "SkylakeX");
    CU_ASSERT_STRING_EQUAL(blas_kernels_instead("Prescott", INSTRUCTIONS_AVX2), "Haswell");
    CU_ASSERT_STRING_EQUAL(blas_kernels_instead("Barcelona", INSTRUCTIONS_AVX512), "SkylakeX");
    CU_ASSERT_STRING_EQUAL(blas_kernels_instead("Sandybridge", INSTRUCTIONS_AVX2), "Haswell");
}

static void others_stay(void)
{
    CU_ASSERT_PTR_NULL(blas_kernels_instead("Prescott", INSTRUCTIONS_PLAIN));
    static const char *const cores[] = {"Haswell",        "Zen",       "SkylakeX",   "Cooperlake",
                                        "SapphireRapids", "Excavator", "of tomorrow"};
    for (size_t k = 0; k < sizeof cores / sizeof *cores; k++)
        CU_ASSERT_PTR_NULL(blas_kernels_instead(cores[k], INSTRUCTIONS_AVX512));
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"kernels_of_old_processors_are_replaced", kernels_of_old_processors_are_replaced},
        {"others_stay", others_stay}};
    return testing_main(argc, argv, "blas_kernels", cases, sizeof cases / sizeof *cases);
}
