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

/* The fields of a row as it is written; the caller's. */
static char *written(const struct association_row *row)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *file = open_memstream(&text, &bytes);
    association_rows_write(file, NULL, row);
    fclose(file);
    return text;
}

static void no_correlation(void)
{
    const struct association_row row = {.chromosome = "1",
                                        .effect_allele = "A",
                                        .other_allele = "G",
                                        .variant_id = "rs1",
                                        .position = 1000,
                                        .standard_error = 0.1,
                                        .effect_allele_frequency = 0.25,
                                        .n = 100};
    char *text = written(&row);
    CU_ASSERT_STRING_EQUAL(text, "1\t1000\tA\tG\t0\t0.1\t0.25\t1\trs1\t100\t0\t0\n");
    free(text);
}

static void no_position(void)
{
    for (int64_t position = -1; position <= 0; position++) {
        const struct association_row row = {.chromosome = "1",
                                            .effect_allele = "A",
                                            .other_allele = "G",
                                            .variant_id = "rs1",
                                            .position = position};
        char *text = written(&row);
        ASSERT_CONTAINS(text, "1\tNA\tA\tG\t");
        free(text);
    }
}

/* lambda has three digits, and is NA where it is not known. */
static void lambda(void)
{
    static const struct association_row best = {
        .chromosome = "1", .effect_allele = "A", .other_allele = "G", .variant_id = "rs1"};
    const double values[] = {0.94912, 4.35952, NAN};
    const char *const expected[] = {"y\t7\t0.949\t0.01\tNA\t1", "y\t7\t4.36\t", "y\t7\tNA\t"};
    for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
        const struct association_target target = {.target = "y",
                                                  .note = "",
                                                  .n_hits = 7,
                                                  .lambda = values[k],
                                                  .p_snps = 0.01,
                                                  .p_fwer = NAN,
                                                  .best = &best};
        char *text = NULL;
        size_t bytes = 0;
        FILE *file = open_memstream(&text, &bytes);
        association_rows_write_target(file, &target);
        fclose(file);
        ASSERT_CONTAINS(text, expected[k]);
        free(text);
    }
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {{"limits", limits},
                                             {"no_correlation", no_correlation},
                                             {"no_position", no_position},
                                             {"lambda", lambda}};
    return testing_main(argc, argv, "association_rows", cases, sizeof cases / sizeof *cases);
}
