#include "input/genotypes/variant_checks.h"

#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void add(struct variants *variants, const char *chromosome, const char *id, int32_t position,
                const char *counted, const char *other)
{
    struct error err = {0};
    const struct variant variant = {
        .id = id, .chromosome = chromosome, .counted = counted, .other = other, .position = position};
    if (variants_add(variants, &variant, &err) != 0)
        abort();
}

/* Lines "chromosome ID position counted other". */
static struct variants make(const char *lines)
{
    struct variants variants = {0};
    char text[1000], *rest = text, *line;
    strcpy(text, lines);
    while ((line = strsep(&rest, ";")) != NULL) {
        char chromosome[20], id[20], counted[20], other[20];
        int position;
        if (sscanf(line, "%19s %19s %d %19s %19s", chromosome, id, &position, counted, other) != 5)
            abort();
        add(&variants, chromosome, id, position, counted, other);
    }
    return variants;
}

static void assert_repeats(const char *lines, size_t count, size_t first, size_t second)
{
    struct variants variants = make(lines);
    struct variant_repeats repeats;
    struct error err = {0};
    CU_ASSERT_EQUAL(variant_checks_repeats(&variants, &repeats, &err), 0);
    CU_ASSERT_EQUAL(repeats.count, count);
    CU_ASSERT_EQUAL(repeats.first, first);
    CU_ASSERT_EQUAL(repeats.second, second);
    variants_free(&variants);
}

/* In order, where only neighbours are compared, and not in order. */
static void test_repeats(void)
{
    assert_repeats("1 a 1 A G;1 b 1 A G;1 a 1 G A;2 a 1 A G", 1, 0, 2);
    assert_repeats("1 a 1 A G;1 a 2 A G;1 a 2 A C;1 c 3 A G", 0, 0, 0);
    assert_repeats("2 a 1 A G;1 c 5 A G;2 b 2 A G;2 a 1 A G;1 c 5 G A;2 a 1 A G", 3, 0, 3);
    assert_repeats("1 a 9 A G;1 b 3 A G;1 a 9 A C;1 a 8 A G", 0, 0, 0);
    assert_repeats("chr1 a 9 A G;1 a 9 A G;CHR2 b 1 A G;2 b 1 A G", 2, 0, 1);
    assert_repeats("x a 9 A G;chrX a 9 A G", 1, 0, 1);
}

/* A missing ID at no position may be any SNP. */
static void test_unknown(void)
{
    assert_repeats("1 . 0 A G;1 . 0 A G;2 . 0 A G;1 . -1 A G", 0, 0, 0);
    assert_repeats("1 . 7 A G;1 . 7 A G", 1, 0, 1);
    assert_repeats("1 a 0 A G;1 a 0 A G;1 b -1 A G;1 b -1 A G", 2, 0, 1);
}

/* The quick way and the table find the same among many, and many at one place take no time. */
static void test_many(void)
{
    enum { SNPS = 60000 };
    for (int one_place = 0; one_place < 2; one_place++)
        for (int shuffled = 0; shuffled < 2; shuffled++) {
            struct variants variants = {0};
            struct variant_repeats repeats;
            struct error err = {0};
            for (size_t k = 0; k < SNPS; k++) {
                size_t which = shuffled ? k * 7919 % SNPS : k;
                char id[20];
                snprintf(id, sizeof id, "rs%zu", which / 3 * 3 + (which % 3 != 0)); /* each third one twice */
                add(&variants, "7", id, one_place ? 0 : (int32_t)(which / 3), "A", "G");
            }
            CU_ASSERT_EQUAL(variant_checks_repeats(&variants, &repeats, &err), 0);
            CU_ASSERT_EQUAL(repeats.count, SNPS / 3);
            variants_free(&variants);
        }
}

static void assert_sex_linked(const char *lines, size_t expected, size_t expected_example)
{
    struct variants variants = make(lines);
    size_t example = 0;
    CU_ASSERT_EQUAL(variant_checks_sex_linked(&variants, &example), expected);
    CU_ASSERT_EQUAL(example, expected_example);
    variants_free(&variants);
}

static void test_sex_linked(void)
{
    assert_sex_linked("1 a 1 A G;22 b 1 A G", 0, 0);
    assert_sex_linked("1 a 1 A G;chrX b 1 A G;X c 2 A G", 2, 1);
    assert_sex_linked("1 a 1 A G;MT b 1 A G;23 c 1 A G;23 d 1 A G", 3, 1);
    assert_sex_linked("1 a 1 A G;23 b 1 A G;24 b 1 A G;38 c 1 A G", 0, 0); /* a dog's autosomes */
    assert_sex_linked("1A a 1 A G;XL b 1 A G;0 c 1 A G", 0, 0);
}

/* An assembly may have a name for each of its contigs. */
static void test_many_chromosomes(void)
{
    enum { NAMES = 100000 };
    const double most_seconds = 10; /* one by one they were compared for a minute */
    struct variants variants = {0};
    struct variant_repeats repeats;
    struct error err = {0};
    size_t example = 0;
    clock_t begin = clock();
    for (size_t k = 0; k < NAMES; k++) {
        char name[20];
        snprintf(name, sizeof name, k % 2 == 0 ? "chrUn_%zu" : "UN_%zu", k / 2);
        add(&variants, name, "rs", 1, "A", "G");
    }
    CU_ASSERT_EQUAL(variants.chromosomes.names.count, NAMES);
    CU_ASSERT_EQUAL(variants_get(&variants, NAMES - 1).chromosome,
                    variants.chromosomes.names.items[NAMES - 1]);
    CU_ASSERT_EQUAL(variant_checks_repeats(&variants, &repeats, &err), 0);
    CU_ASSERT_EQUAL(repeats.count, NAMES / 2);
    CU_ASSERT_EQUAL(repeats.second, 1);
    CU_ASSERT_EQUAL(variant_checks_sex_linked(&variants, &example), 0);
    CU_ASSERT_TRUE((double)(clock() - begin) / CLOCKS_PER_SEC < most_seconds);
    variants_free(&variants);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"repeats", test_repeats},
        {"unknown", test_unknown},
        {"many", test_many},
        {"sex_linked", test_sex_linked},
        {"many_chromosomes", test_many_chromosomes},
    };
    return testing_main(argc, argv, "input/genotypes/variant_checks", cases, sizeof cases / sizeof *cases);
}
