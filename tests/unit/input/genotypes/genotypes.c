/* The one interface to genotypes: filesets of PLINK 1 and of a format that only tests have, side by side. */
#include "input/genotypes/genotypes.h"

#include "input_fixtures.h"

enum { N = 4, SNPS = 6 };

/* Three variants as PLINK 1, then the same people in another order at three more as .calls. */
static const char *const plink_calls[] = {"012.", "1.20", "2210"};
static const char bim[] = "1 rs1 0 1000 A G\nchr2 2:345:AT:A 0 345 AT A\nX rs3 0 text 0 C\n";
static const char fam[] = "f1 a 0 0 0 0\nf1 b 0 0 0 0\n0 c 0 0 0 0\nf2 a 0 0 0 0\n";
static const char matrix[] = "id chromosome position counted other f2:a 0:c f1:b f1:a\n"
                             "rs4 2 10 G <DEL> 0 1 2 .\n"
                             "rs5 2 11 C T . . 0 1\n"
                             "rs6 22 99 T C 2 2 1 0\n";

static int open_names(struct genotypes *genotypes, const char *folder, const char *names,
                      const struct genotype_selection *selection, struct error *err)
{
    struct text_list list = {0};
    *err = (struct error){0};
    for (; *names != '\0'; names++) {
        char name[300];
        snprintf(name, sizeof name, "%s/%c", folder, *names);
        if (text_list_add(&list, name, err) != 0)
            abort();
    }
    int code = genotypes_open(genotypes, &list, selection, err);
    text_list_free(&list);
    return code;
}

static const char *write_both(void)
{
    const char *folder = testing_folder();
    fixture_bed(folder, "p.bed", plink_calls, 3);
    testing_write_text(folder, "p.bim", bim);
    testing_write_text(folder, "p.fam", fam);
    testing_write_text(folder, "q.calls", matrix);
    return folder;
}

static const struct genotype_selection everything = {.all_chromosomes = true};

static void assert_calls(const struct genotypes *genotypes, size_t first, size_t count, const char *expected)
{
    uint8_t calls[SNPS * N];
    struct error err = {0};
    CU_ASSERT_EQUAL(genotypes_read_calls(genotypes, first, count, calls, &err), 0);
    size_t used = count * genotypes->n_subjects;
    CU_ASSERT_EQUAL_FATAL(used, strlen(expected));
    for (size_t k = 0; k < used; k++)
        CU_ASSERT_EQUAL(calls[k] == GENOTYPE_CALL_MISSING ? '.' : '0' + calls[k], expected[k]);
}

static void assert_variant(const struct genotypes *genotypes, size_t k, const char *expected)
{
    char text[100];
    struct variant variant = variants_get(&genotypes->variants, k);
    snprintf(text, sizeof text, "%s %s %d %s %s", variant.chromosome, variant.id, variant.position,
             variant.counted, variant.other);
    CU_ASSERT_STRING_EQUAL(text, expected);
}

static void test_two_formats(void)
{
    struct genotypes genotypes;
    struct error err;
    CU_ASSERT_EQUAL_FATAL(open_names(&genotypes, write_both(), "pq", &everything, &err), 0);
    CU_ASSERT_EQUAL(genotypes.n_subjects, N);
    CU_ASSERT_STRING_EQUAL(genotypes.filesets[0].files.format->name, "PLINK 1");
    CU_ASSERT_STRING_EQUAL(genotypes.filesets[1].files.format->name, "calls");
    assert_calls(&genotypes, 0, 6,
                 "012."
                 "1.20"
                 "2210"
                 ".210"
                 "10.."
                 "0122");
    assert_calls(&genotypes, 2, 2,
                 "2210"
                 ".210");
    CU_ASSERT_EQUAL(genotypes_keep(&genotypes, (const size_t[]){3, 1}, 2, &err), 0);
    CU_ASSERT_STRING_EQUAL(genotypes.fid.items[0], "f2");
    CU_ASSERT_STRING_EQUAL(genotypes.iid.items[1], "b");
    assert_calls(&genotypes, 0, 6,
                 ".1"
                 "0."
                 "02"
                 "02"
                 ".0"
                 "21");
    genotypes_close(&genotypes);
}

/* All that is known of a variant is kept, which of its alleles is counted too; of those selected alone. */
static void test_variants(void)
{
    struct genotypes genotypes;
    struct error err;
    const char *folder = write_both();
    CU_ASSERT_EQUAL_FATAL(open_names(&genotypes, folder, "pq", &everything, &err), 0);
    CU_ASSERT_EQUAL_FATAL(genotypes.variants.count, 6);
    assert_variant(&genotypes, 0, "1 rs1 1000 A G");
    assert_variant(&genotypes, 1, "chr2 2:345:AT:A 345 AT A");
    assert_variant(&genotypes, 2, "X rs3 -1 0 C");
    assert_variant(&genotypes, 3, "2 rs4 10 G <DEL>");
    assert_variant(&genotypes, 5, "22 rs6 99 T C");
    genotypes_close(&genotypes);

    struct genotype_selection selection = {.exclude = testing_write_text(folder, "exclude", "rs4\nrs1\n")};
    CU_ASSERT_EQUAL_FATAL(open_names(&genotypes, folder, "pq", &selection, &err), 0);
    CU_ASSERT_EQUAL_FATAL(genotypes.variants.count, 3);
    CU_ASSERT_EQUAL(genotypes.dropped.n_in_files, 6);
    CU_ASSERT_EQUAL(genotypes.dropped.n_off_chromosome, 1);
    CU_ASSERT_EQUAL(genotypes.dropped.n_excluded, 2);
    assert_variant(&genotypes, 0, "chr2 2:345:AT:A 345 AT A");
    assert_variant(&genotypes, 1, "2 rs5 11 C T");
    assert_calls(&genotypes, 0, 3,
                 "1.20"
                 "10.."
                 "0122");
    genotypes_close(&genotypes);
}

/* Of a format without a pass of its own, too: everybody's calls are hashed, the missing ones of those kept
 * are counted. */
static void test_scan(void)
{
    struct genotypes genotypes;
    struct error err;
    uint32_t missing[N];
    uint64_t all, kept, changed;
    const char *folder = write_both();
    CU_ASSERT_EQUAL_FATAL(open_names(&genotypes, folder, "pq", &everything, &err), 0);
    CU_ASSERT_EQUAL(genotypes_scan(&genotypes, missing, &all, &err), 0);
    CU_ASSERT_EQUAL(memcmp(missing, (const uint32_t[N]){1, 1, 1, 2}, sizeof missing), 0);
    CU_ASSERT_EQUAL(genotypes_keep(&genotypes, (const size_t[]){3, 0}, 2, &err), 0);
    CU_ASSERT_EQUAL(genotypes_scan(&genotypes, missing, &kept, &err), 0);
    CU_ASSERT_EQUAL(missing[0], 2);
    CU_ASSERT_EQUAL(missing[1], 1);
    CU_ASSERT_EQUAL(kept, all);
    genotypes_close(&genotypes);

    char text[sizeof matrix];
    memcpy(text, matrix, sizeof matrix);
    *strstr(text, "1 0\n") = '2'; /* subject b at rs6, who is not kept below */
    testing_write_text(folder, "q.calls", text);
    CU_ASSERT_EQUAL_FATAL(open_names(&genotypes, folder, "pq", &everything, &err), 0);
    CU_ASSERT_EQUAL(genotypes_keep(&genotypes, (const size_t[]){3, 0}, 2, &err), 0);
    CU_ASSERT_EQUAL(genotypes_scan(&genotypes, missing, &changed, &err), 0);
    CU_ASSERT_NOT_EQUAL(changed, all);
    genotypes_close(&genotypes);
}

static uint64_t digest(const char *folder, const char *names, const struct genotype_selection *selection)
{
    struct genotypes genotypes;
    struct error err;
    CU_ASSERT_EQUAL_FATAL(open_names(&genotypes, folder, names, selection, &err), 0);
    uint64_t hash = genotypes_digest(&genotypes);
    genotypes_close(&genotypes);
    return hash;
}

/* Other files are told from these without reading the calls. */
static void test_digest(void)
{
    const char *folder = write_both(), *again = write_both();
    struct genotype_selection autosomes = {0};
    uint64_t both = digest(folder, "pq", &everything);
    CU_ASSERT_EQUAL(digest(again, "pq", &everything), both);
    CU_ASSERT_NOT_EQUAL(digest(folder, "p", &everything), both);
    CU_ASSERT_NOT_EQUAL(digest(folder, "pq", &autosomes), both);
    static const char *const changes[][2] = {
        {"G", "T"}, {"rs1", "rs9"}, {"1000", "1001"}, {"chr2", "chr3"}, {"0 C", "C 0"}};
    for (size_t k = 0; k < sizeof changes / sizeof *changes; k++) {
        char text[sizeof bim];
        memcpy(text, bim, sizeof bim);
        memcpy(strstr(text, changes[k][0]), changes[k][1], strlen(changes[k][1]));
        testing_write_text(again, "p.bim", text);
        CU_ASSERT_NOT_EQUAL(digest(again, "pq", &everything), both);
    }
}

static void test_refused(void)
{
    struct genotypes genotypes;
    struct error err;
    const char *folder = write_both();
    struct genotype_columns columns = {0};
    CU_ASSERT_EQUAL_FATAL(open_names(&genotypes, folder, "q", &everything, &err), 0);
    CU_ASSERT_EQUAL(genotypes_read_columns(&genotypes, &columns, NULL, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_MESSAGE(
        err.message, folder,
        "@/q.calls: columns of targets asked for (targets.fam_columns), but a calls file has none; "
        "expected targets.table");
    genotypes_close(&genotypes);

    testing_write_text(folder, "q.calls", "id chromosome position counted other f2:a 0:c f1:b f1:d\n");
    CU_ASSERT_EQUAL(open_names(&genotypes, folder, "pq", &everything, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_MESSAGE(err.message, folder,
                   "@/p.fam: 4 subjects and @/q.calls: 4 subjects do not agree: FID f1 IID a is only in "
                   "@/p.fam; expected the same subjects in every fileset");
    testing_write_text(folder, "q.calls", "id chromosome position counted other f2:a 0:c f1:b f1:a\n");
    CU_ASSERT_EQUAL(open_names(&genotypes, folder, "pq", &everything, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_MESSAGE(err.message, folder, "@/q.calls: 0 SNPs found; expected 1 to 4294967295");
}

/* The name of a file in place of its fileset's, in any format. */
static void test_names(void)
{
    static const char *const endings[] = {".bed", ".bim", ".fam", ".calls"};
    const char *folder = write_both();
    struct genotypes genotypes;
    struct error err;
    for (size_t k = 0; k < sizeof endings / sizeof *endings; k++) {
        char name[300], expected[300];
        struct text_list names = {0};
        err = (struct error){0};
        snprintf(name, sizeof name, "%s/p%s", folder, endings[k]);
        snprintf(expected, sizeof expected,
                 "genotypes.plink: @/p%s found; expected the prefix of the fileset, without %s", endings[k],
                 endings[k]);
        if (text_list_add(&names, name, &err) != 0)
            abort();
        CU_ASSERT_EQUAL(genotypes_open(&genotypes, &names, &everything, &err), EXIT_CODE_BAD_INPUT);
        ASSERT_MESSAGE(err.message, folder, expected);
        text_list_free(&names);
    }
    CU_ASSERT_EQUAL(open_names(&genotypes, folder, "x", &everything, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_MESSAGE(err.message, folder, "@/x.fam: cannot be read: No such file or directory");
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"two_formats", test_two_formats}, {"variants", test_variants}, {"scan", test_scan},
        {"digest", test_digest},           {"refused", test_refused},   {"names", test_names},
    };
    return testing_main(argc, argv, "input/genotypes/genotypes", cases, sizeof cases / sizeof *cases);
}
