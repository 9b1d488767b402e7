#include "input/genotypes/genotypes.h"

#include "input_fixtures.h"

#include <fcntl.h>
#include <sys/stat.h>

enum { N = 5, SNPS = 6 };

/* Five subjects: the last byte of a row holds one of them and three of padding. */
static const char *const calls_a[SNPS] = {"01210", "2.012", "11111", "00002", "2222.", ".0120"};
static const char fam_a[] =
    "f1 i1 0 0 1 -9\nf1 i2 0 0 text 1.5 more\nf2\ti1\t0 0 2 NA\n\nf2 i3 x y 2 NA\nf3 i4 0 0 0 -9\n";
static const char bim_a[] =
    "1 rs1 0 -9 A G\nchr2 rs2 0 20 A G\nX rs3 0 30 A G\n22 rs4 0 40 A G\n23 rs5 0 50 A G\n"
    "CHR9\trs6\t0\t60\tA\tG\n";
/* The same people, in another order, at two more SNPs. */
static const char *const calls_b[2] = {"0120.", "21012"};
static const char fam_b[] =
    "f3 i4 0 0 0 -9\nf2 i3 0 0 0 -9\nf2 i1 0 0 0 -9\nf1 i2 0 0 0 -9\nf1 i1 0 0 0 -9\n";
static const char bim_b[] = "3 rs7 0 1 A G\n3 rs8 0 2 A G\n";

static const char *write_a(void)
{
    const char *folder = testing_folder();
    fixture_bed(folder, "a.bed", calls_a, SNPS);
    testing_write_text(folder, "a.bim", bim_a);
    testing_write_text(folder, "a.fam", fam_a);
    return folder;
}

static void write_b(const char *folder, const char *fam)
{
    fixture_bed(folder, "b.bed", calls_b, 2);
    testing_write_text(folder, "b.bim", bim_b);
    testing_write_text(folder, "b.fam", fam);
}

/* Opens the filesets with these names ("ab" = a and b) in a folder. */
static int open_filesets(struct genotypes *genotypes, const char *folder, const char *names,
                         const struct genotype_selection *selection, struct error *err)
{
    struct text_list prefixes = {0};
    *err = (struct error){0};
    for (; *names != '\0'; names++) {
        char prefix[300];
        snprintf(prefix, sizeof prefix, "%s/%c", folder, *names);
        if (text_list_add(&prefixes, prefix, err) != 0)
            abort();
    }
    int code = genotypes_open(genotypes, &prefixes, selection, err);
    CU_ASSERT_EQUAL(code, err->code);
    text_list_free(&prefixes);
    return code;
}

static const struct genotype_selection everything = {.all_chromosomes = true};

/* The calls of SNPs first ... first + count - 1 as text, SNPs separated by blanks. */
static void assert_calls(const struct genotypes *genotypes, size_t first, size_t count, const char *expected)
{
    uint8_t calls[8 * N];
    char text[8 * (N + 1) + 1];
    size_t used = 0;
    struct error err = {0};
    CU_ASSERT_EQUAL(genotypes_read_calls(genotypes, first, count, calls, &err), 0);
    for (size_t k = 0; k < count; k++) {
        for (size_t i = 0; i < genotypes->n_subjects; i++)
            text[used++] = calls[k * genotypes->n_subjects + i] == GENOTYPE_CALL_MISSING
                               ? '.'
                               : (char)('0' + calls[k * genotypes->n_subjects + i]);
        text[used++] = k + 1 < count ? ' ' : '\0';
    }
    CU_ASSERT_STRING_EQUAL(text, expected);
}

static void test_decode(void)
{
    struct genotypes genotypes;
    struct error err;
    CU_ASSERT_EQUAL_FATAL(open_filesets(&genotypes, write_a(), "a", &everything, &err), 0);
    CU_ASSERT_EQUAL(genotypes.n_subjects, 5);
    CU_ASSERT_EQUAL(genotypes.variants.count, 6);
    CU_ASSERT_STRING_EQUAL(genotypes.fid.items[2], "f2");
    CU_ASSERT_STRING_EQUAL(genotypes.iid.items[3], "i3");
    assert_calls(&genotypes, 0, 6, "01210 2.012 11111 00002 2222. .0120");
    assert_calls(&genotypes, 4, 1, "2222.");
    genotypes_close(&genotypes);
}

/* Three of five in another order decodes a whole row and gathers; one of five takes single calls. */
static void test_keep_subjects(void)
{
    struct genotypes genotypes;
    struct error err;
    CU_ASSERT_EQUAL_FATAL(open_filesets(&genotypes, write_a(), "a", &everything, &err), 0);
    CU_ASSERT_EQUAL(genotypes_keep(&genotypes, (const size_t[]){4, 1, 3}, 3, &err), 0);
    CU_ASSERT_STRING_EQUAL(genotypes.iid.items[0], "i4");
    CU_ASSERT_STRING_EQUAL(genotypes.fid.items[1], "f1");
    assert_calls(&genotypes, 0, 6, "011 2.1 111 200 .22 002");
    CU_ASSERT_EQUAL(genotypes_keep(&genotypes, (const size_t[]){1}, 1, &err), 0);
    assert_calls(&genotypes, 0, 6, "1 . 1 0 2 0");
    genotypes_close(&genotypes);
}

static void test_two_filesets(void)
{
    const char *folder = write_a();
    write_b(folder, fam_b);
    struct genotypes genotypes;
    struct error err;
    CU_ASSERT_EQUAL_FATAL(open_filesets(&genotypes, folder, "ab", &everything, &err), 0);
    CU_ASSERT_EQUAL(genotypes.variants.count, 8);
    assert_calls(&genotypes, 5, 3, ".0120 .0210 21012");
    CU_ASSERT_EQUAL(genotypes_keep(&genotypes, (const size_t[]){3, 0}, 2, &err), 0);
    assert_calls(&genotypes, 4, 4, "22 2. 1. 12");
    genotypes_close(&genotypes);
}

static void test_selection(void)
{
    const char *folder = write_a();
    struct genotypes genotypes;
    struct error err;
    struct genotype_selection selection = {.all_chromosomes = false};
    CU_ASSERT_EQUAL_FATAL(open_filesets(&genotypes, folder, "a", &selection, &err), 0);
    CU_ASSERT_EQUAL(genotypes.dropped.n_in_files, 6);
    CU_ASSERT_EQUAL(genotypes.dropped.n_off_chromosome, 2);
    CU_ASSERT_EQUAL(genotypes.dropped.n_negative, 1);
    CU_ASSERT_EQUAL(variants_get(&genotypes.variants, 0).position, VARIANT_POSITION_UNKNOWN);
    assert_calls(&genotypes, 0, 4, "01210 2.012 00002 .0120");
    genotypes_close(&genotypes);

    selection.extract = testing_write_text(folder, "extract.txt", "rs6\nrs3\n\nrs2\nunknown\nrs2\n");
    selection.exclude = testing_write_text(folder, "exclude.txt", "rs2\r\nrs1\r\n");
    CU_ASSERT_EQUAL_FATAL(open_filesets(&genotypes, folder, "a", &selection, &err), 0);
    CU_ASSERT_EQUAL(genotypes.dropped.n_off_chromosome, 2);
    CU_ASSERT_EQUAL(genotypes.dropped.n_not_extracted, 2);
    CU_ASSERT_EQUAL(genotypes.dropped.n_excluded, 1);
    CU_ASSERT_EQUAL(genotypes.variants.count, 1);
    assert_calls(&genotypes, 0, 1, ".0120");
    genotypes_close(&genotypes);
}

/* A byte order mark is no part of the first ID, chromosome or SNP. */
static void test_byte_order_marks(void)
{
    const char *folder = write_a();
    char text[300];
    snprintf(text, sizeof text, "\xEF\xBB\xBF%s", fam_a);
    testing_write_text(folder, "a.fam", text);
    snprintf(text, sizeof text, "\xEF\xBB\xBF%s", bim_a);
    testing_write_text(folder, "a.bim", text);
    struct genotype_selection selection = {.extract =
                                               testing_write_text(folder, "x", "\xEF\xBB\xBFrs1\nrs2\n")};
    struct genotypes genotypes;
    struct error err;
    CU_ASSERT_EQUAL_FATAL(open_filesets(&genotypes, folder, "a", &selection, &err), 0);
    CU_ASSERT_STRING_EQUAL(genotypes.fid.items[0], "f1");
    assert_calls(&genotypes, 0, 2, "01210 2.012");
    genotypes_close(&genotypes);
}

/* Missing calls are counted over all filesets, for the subjects kept, without padding; the hash is of the
 * selected rows alone. */
static void test_scan(void)
{
    const char *folder = write_a();
    write_b(folder, fam_b);
    struct genotypes genotypes;
    struct error err;
    uint32_t missing[N];
    uint64_t all, subset, autosomes;
    CU_ASSERT_EQUAL_FATAL(open_filesets(&genotypes, folder, "ab", &everything, &err), 0);
    CU_ASSERT_EQUAL(genotypes_scan(&genotypes, missing, &all, &err), 0);
    const uint32_t expected[N] = {2, 1, 0, 0, 1};
    CU_ASSERT_EQUAL(memcmp(missing, expected, sizeof missing), 0);
    CU_ASSERT_EQUAL(genotypes_keep(&genotypes, (const size_t[]){4, 0}, 2, &err), 0);
    CU_ASSERT_EQUAL(genotypes_scan(&genotypes, missing, &subset, &err), 0);
    CU_ASSERT_EQUAL(missing[0], 1);
    CU_ASSERT_EQUAL(missing[1], 2);
    CU_ASSERT_EQUAL(subset, all);
    genotypes_close(&genotypes);

    struct genotype_selection selection = {.all_chromosomes = false};
    CU_ASSERT_EQUAL_FATAL(open_filesets(&genotypes, folder, "ab", &selection, &err), 0);
    CU_ASSERT_EQUAL(genotypes_scan(&genotypes, missing, &autosomes, &err), 0);
    CU_ASSERT_NOT_EQUAL(autosomes, all);
    CU_ASSERT_EQUAL(missing[4], 0); /* its missing call is on chromosome 23 */
    genotypes_close(&genotypes);
}

/* Rows of several words and files larger than one read: every call and count against the text they were made
 * of. */
static void test_large(void)
{
    enum { PEOPLE = 4099, MARKERS = 4500 };
    static char texts[MARKERS][PEOPLE + 1];
    static const char *rows[MARKERS];
    static uint8_t calls[3 * PEOPLE];
    uint32_t expected[PEOPLE] = {0}, missing[PEOPLE], seed = 7;
    for (size_t k = 0; k < MARKERS; k++) {
        rows[k] = texts[k];
        for (size_t i = 0; i < PEOPLE; i++) {
            seed = seed * 1664525 + 1013904223;
            texts[k][i] = seed >> 25 == 0 ? '.' : (char)('0' + (seed >> 24) % 3);
            expected[i] += texts[k][i] == '.';
        }
    }
    const char *folder = testing_folder();
    fixture_bed(folder, "a.bed", rows, MARKERS);
    char *fam = NULL, *bim = NULL;
    size_t bytes;
    FILE *stream = open_memstream(&fam, &bytes);
    for (int i = 0; i < PEOPLE; i++)
        fprintf(stream, "f i%d 0 0 0 0\n", i);
    fclose(stream);
    stream = open_memstream(&bim, &bytes);
    for (int k = 0; k < MARKERS; k++)
        fprintf(stream, "1 rs%d 0 %d A G\n", k, k);
    fclose(stream);
    testing_write_text(folder, "a.fam", fam);
    testing_write_text(folder, "a.bim", bim);
    free(fam);
    free(bim);
    struct genotypes genotypes;
    struct error err;
    uint64_t hash;
    CU_ASSERT_EQUAL_FATAL(open_filesets(&genotypes, folder, "a", &everything, &err), 0);
    CU_ASSERT_EQUAL(genotypes_scan(&genotypes, missing, &hash, &err), 0);
    CU_ASSERT_EQUAL(memcmp(missing, expected, sizeof missing), 0);
    size_t n_wrong = 0;
    for (size_t first = 0; first < MARKERS; first += 3) {
        CU_ASSERT_EQUAL_FATAL(genotypes_read_calls(&genotypes, first, 3, calls, &err), 0);
        for (size_t k = 0; k < 3; k++)
            for (size_t i = 0; i < PEOPLE; i++)
                n_wrong +=
                    texts[first + k][i] != (calls[k * PEOPLE + i] == 3 ? '.' : '0' + calls[k * PEOPLE + i]);
    }
    CU_ASSERT_EQUAL(n_wrong, 0);
    genotypes_close(&genotypes);
}

/* The message when one file of fileset a is replaced. */
static void assert_refused(const char *name, const void *bytes, size_t count, const char *expected)
{
    const char *folder = write_a();
    testing_write(folder, name, bytes, count);
    struct genotypes genotypes;
    struct error err;
    CU_ASSERT_EQUAL(open_filesets(&genotypes, folder, "a", &everything, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_MESSAGE(err.message, folder, expected);
}

static void test_bad_bed(void)
{
    assert_refused("a.bed", "PK\x03\x04", 4,
                   "@/a.bed: begins with 50 4b 03; expected 6c 1b 01 (a PLINK 1 .bed, SNP-major)");
    assert_refused(
        "a.bed", "\x6c\x1b\x00", 3,
        "@/a.bed: begins with 6c 1b 00: individual-major; expected SNP-major (6c 1b 01): convert it with "
        "plink2 --bfile @/a --make-bed --out NEW");
    assert_refused(
        "a.bed", "\x6c\x1b\x01 123456789", 13,
        "@/a.bed: 13 bytes found; expected 15 for 6 SNPs (lines of @/a.bim) and 5 subjects (lines of "
        "@/a.fam)");
    assert_refused("a.bed", "\x6c", 1, "@/a.bed: 1 bytes found; expected 6c 1b 01 and the calls");
}

static void test_bad_lines(void)
{
    static const char bim[] = "1 rs1 0 1 A G\n1 rs2 0 2 A\n\n1\n1 rs4 0 4 A G\n";
    static const char fam[] = "f i1 0 0 0\nf i2 0 0 0 0\n";
    static const char twice[] = "f a 0 0 0 0\ng b 0 0 0 0\nf b 0 0 0 0\ng b 0 0 0 0\nf a 0 0 0 0\n";
    assert_refused(
        "a.bim", bim, sizeof bim - 1,
        "@/a.bim:2: 5 fields found; expected 6 (chromosome, SNP ID, centimorgans, position, allele 1, "
        "allele 2)\n@/a.bim:4: 1 field found; expected 6 (chromosome, SNP ID, centimorgans, position, "
        "allele 1, allele 2)");
    assert_refused(
        "a.fam", fam, sizeof fam - 1,
        "@/a.fam:1: 5 fields found; expected 6 or more (FID, IID, father, mother, sex, phenotype)");
    assert_refused("a.fam", twice, sizeof twice - 1,
                   "@/a.fam:5: FID f IID a found, as at line 1; expected every subject once\n"
                   "@/a.fam:4: FID g IID b found, as at line 2; expected every subject once");
    assert_refused("a.fam", "", 0, "@/a.fam: 0 subjects found; expected 1 to 4294967295");
}

static void test_different_subjects(void)
{
    const char *folder = write_a();
    struct genotypes genotypes;
    struct error err;
    write_b(folder, "f3 i4 0 0 0 0\nf2 i3 0 0 0 0\nf2 i1 0 0 0 0\nf1 i1 0 0 0 0\n");
    CU_ASSERT_EQUAL(open_filesets(&genotypes, folder, "ab", &everything, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_MESSAGE(
        err.message, folder,
        "@/a.fam: 5 subjects and @/b.fam: 4 subjects do not agree: FID f1 IID i2 is only in @/a.fam; "
        "expected the same subjects in every fileset");
    char more[sizeof fam_b + 32];
    snprintf(more, sizeof more, "%sf9 i9 0 0 0 0\n", fam_b);
    write_b(folder, more);
    CU_ASSERT_EQUAL(open_filesets(&genotypes, folder, "ab", &everything, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_MESSAGE(
        err.message, folder,
        "@/a.fam: 5 subjects and @/b.fam: 6 subjects do not agree: FID f9 IID i9 is only in @/b.fam; "
        "expected the same subjects in every fileset");
    CU_ASSERT_EQUAL(open_filesets(&genotypes, folder, "aa", &everything, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_MESSAGE(err.message, folder, "genotypes.plink: @/a found twice; expected every fileset once");
}

static void test_bad_list(void)
{
    const char *folder = write_a();
    struct genotype_selection selection = {.extract = testing_write_text(folder, "x.txt", "rs1\n1 10 20\n")};
    struct genotypes genotypes;
    struct error err;
    CU_ASSERT_EQUAL(open_filesets(&genotypes, folder, "a", &selection, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_MESSAGE(err.message, folder, "@/x.txt:2: more than one field found; expected one SNP ID a line");
}

/* A file that is cut after it was opened is an error, not zeros. */
static void test_cut_while_read(void)
{
    const char *folder = write_a();
    struct genotypes genotypes;
    struct error err;
    uint8_t calls[SNPS * N];
    CU_ASSERT_EQUAL_FATAL(open_filesets(&genotypes, folder, "a", &everything, &err), 0);
    testing_write(folder, "a.bed", "\x6c\x1b\x01 ", 4);
    CU_ASSERT_EQUAL(genotypes_read_calls(&genotypes, 0, SNPS, calls, &err), EXIT_CODE_FAILED);
    ASSERT_MESSAGE(err.message, folder, "@/a.bed: ends at byte 4; it became shorter while it was read");
    genotypes_close(&genotypes);
}

/* In place, of the same size: what is read then was not hashed. A file in its place is another one, and the
 * one that is open stays. */
static void test_changed_while_read(void)
{
    const char *folder = write_a();
    struct genotypes genotypes;
    struct error err;
    uint8_t calls[N];
    char path[300];
    snprintf(path, sizeof path, "%s/a.bed", folder);
    CU_ASSERT_EQUAL_FATAL(open_filesets(&genotypes, folder, "a", &everything, &err), 0);
    CU_ASSERT_EQUAL(genotypes_read_calls(&genotypes, 0, 1, calls, &err), 0);
    const struct timespec later[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = 2000000000}};
    FILE *bed = fopen(path, "r+");
    CU_ASSERT_PTR_NOT_NULL_FATAL(bed);
    CU_ASSERT_EQUAL(fseek(bed, 4, SEEK_SET), 0);
    fputc(0xff, bed);
    fclose(bed);
    CU_ASSERT_EQUAL(utimensat(AT_FDCWD, path, later, 0), 0); /* clocks of files are coarse */
    CU_ASSERT_EQUAL(genotypes_read_calls(&genotypes, 0, 1, calls, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "a.bed: was changed while it was read");
    genotypes_close(&genotypes);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"decode", test_decode},
        {"keep_subjects", test_keep_subjects},
        {"two_filesets", test_two_filesets},
        {"selection", test_selection},
        {"byte_order_marks", test_byte_order_marks},
        {"scan", test_scan},
        {"large", test_large},
        {"bad_bed", test_bad_bed},
        {"bad_lines", test_bad_lines},
        {"different_subjects", test_different_subjects},
        {"bad_list", test_bad_list},
        {"cut_while_read", test_cut_while_read},
        {"changed_while_read", test_changed_while_read},
    };
    return testing_main(argc, argv, "input/genotypes/plink1", cases, sizeof cases / sizeof *cases);
}
