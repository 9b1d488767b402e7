#include "output/plink_writer.h"

#include "testing.h"

#include <stdlib.h>
#include <string.h>

/* Bytes by hand, after the PLINK 1 format: two bits a call from the low end, 00 two copies, 01 missing, 10
 * one, 11 none; unused bits are 0. */
static void calls_become_bits(void)
{
    enum { SUBJECTS = 5, SNPS = 3, STRIDE = 4, MISSING = 3, NEVER = 9 };
    static const uint8_t calls[SUBJECTS * STRIDE] = {
        0, 2, 1, NEVER, 1, 2, 1, NEVER, 2, 2, 1, NEVER, MISSING, 2, 1, NEVER, 1, MISSING, 0, NEVER};
    static const uint8_t expected[] = {0x6c, 0x1b, 0x01, 0x4b, 0x02, 0x00, 0x01, 0xaa, 0x03};
    uint8_t *work = malloc(plink_writer_work_bytes(SNPS, SUBJECTS));
    char *found = NULL;
    size_t n_found = 0;
    FILE *bed = open_memstream(&found, &n_found);
    CU_ASSERT_FATAL(work != NULL && bed != NULL);
    plink_writer_begin(bed);
    plink_writer_calls(bed, calls, STRIDE, SNPS, SUBJECTS, work);
    fclose(bed);
    CU_ASSERT_EQUAL_FATAL(n_found, sizeof expected);
    CU_ASSERT_EQUAL(memcmp(found, expected, n_found), 0);
    free(found);
    free(work);
}

static void lines_of_bim_and_fam(void)
{
    char *found = NULL;
    size_t n_found = 0;
    FILE *file = open_memstream(&found, &n_found);
    CU_ASSERT_FATAL(file != NULL);
    plink_writer_snp(file, 22, 4294967295u);
    plink_writer_subject(file, "F1", "S2", 2);
    fclose(file);
    CU_ASSERT_STRING_EQUAL(found, "22\t22:4294967295\t0\t4294967295\tA\tG\nF1 S2 0 0 2 -9\n");
    free(found);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"calls_become_bits", calls_become_bits},
        {"lines_of_bim_and_fam", lines_of_bim_and_fam},
    };
    return testing_main(argc, argv, "plink_writer", cases, sizeof cases / sizeof *cases);
}
