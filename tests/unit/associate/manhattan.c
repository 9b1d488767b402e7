#include "associate/manhattan.h"

#include "base/memory.h"
#include "testing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHROMOSOMES = 22, SNPS = 500000, PATH_BYTES = 512 };

/* SNPs evenly along 22 chromosomes; apart: bases; 0 or less: all have this one position. */
static void fill(struct variants *variants, size_t count, int32_t apart)
{
    struct error err = {0};
    char id[32], chromosome[8];
    *variants = (struct variants){0};
    for (size_t v = 0; v < count; v++) {
        snprintf(id, sizeof id, "rs%zu", v);
        snprintf(chromosome, sizeof chromosome, "%zu", 1 + v * CHROMOSOMES / count);
        struct variant one = {id, chromosome, "A", "G", apart > 0 ? (1 + (int32_t)v) * apart : apart};
        CU_ASSERT_EQUAL(variants_add(variants, &one, &err), 0);
    }
}

/* -log10 of uniform p, and a peak. */
static double *made_p(size_t count, size_t peak)
{
    struct error err = {0};
    double *log10p = memory_aligned(count, sizeof *log10p, "a test", &err);
    uint64_t z = 1;
    for (size_t v = 0; v < count; v++) {
        z = z * 6364136223846793005u + 1442695040888963407u;
        log10p[v] = fmin(6, -log10(((double)(z >> 11) + 0.5) / 9007199254740992.0));
    }
    log10p[peak] = 9;
    return log10p;
}

/* The plot as text, which the caller frees. */
static char *drawn(const struct variants *variants, const double *log10p)
{
    struct error err = {0};
    char path[PATH_BYTES], *text = NULL;
    const struct manhattan plot = {.variants = variants,
                                   .log10p = log10p,
                                   .title = "a <b> & c",
                                   .lines = {{7.3, "p = 5e-8"}, {NAN, "none"}, {-0.0, NULL}}};
    snprintf(path, sizeof path, "%s/manhattan.svg", testing_folder());
    CU_ASSERT_EQUAL_FATAL(manhattan_write(&plot, path, &err), 0);
    CU_ASSERT_EQUAL(manhattan_write(&plot, path, &err), 0); /* its own file may be replaced */
    FILE *file = fopen(path, "r");
    size_t room = 0;
    CU_ASSERT_TRUE_FATAL(file != NULL && getdelim(&text, &room, '\0', file) > 0);
    fclose(file);
    return text;
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        count++;
    return count;
}

static void half_a_million_stay_small(void)
{
    struct variants variants;
    fill(&variants, SNPS, 500);
    double *log10p = made_p(SNPS, 123456);
    char *text = drawn(&variants, log10p);
    CU_ASSERT_TRUE(strlen(text) < 200000);
    CU_ASSERT_TRUE(count_of(text, "M") > 5000); /* and are there */
    CU_ASSERT_EQUAL(count_of(text, ">rs123456</text>"), 1);
    CU_ASSERT_EQUAL(count_of(text, "class=\"limit\""), 1);
    ASSERT_CONTAINS(text, "a &lt;b&gt; &amp; c");
    free(text);
    free(log10p);
    variants_free(&variants);
}

/* A point for each of a few SNPs, at its place. */
static void places(void)
{
    struct variants variants;
    fill(&variants, CHROMOSOMES, VARIANT_POSITION_UNKNOWN);
    double log10p[CHROMOSOMES];
    for (size_t v = 0; v < CHROMOSOMES; v++)
        log10p[v] = v == 4 || v == 6 ? 2 : NAN;
    char *text = drawn(&variants, log10p);
    CU_ASSERT_EQUAL(count_of(text, "v0"), 2); /* strokes of one place */
    ASSERT_CONTAINS(text, "<title>5</title>");
    ASSERT_CONTAINS(text, "<title>7</title>");
    CU_ASSERT_EQUAL(count_of(text, "<title>6</title>"), 0);
    CU_ASSERT_EQUAL(count_of(text, "nan"), 0);
    /* 2 of 8.18 (1.12 x the line), from 348 up to 56, and a quarter and three of the width from 52 to 984 */
    ASSERT_CONTAINS(text, "M285 276v0");
    ASSERT_CONTAINS(text, "M751 276v0");
    free(text);
    variants_free(&variants);
}

/* Two of one chromosome stand beside each other. */
static void without_positions(void)
{
    for (int32_t position = VARIANT_POSITION_UNKNOWN; position <= 0; position++) {
        struct variants variants;
        double log10p[2 * CHROMOSOMES];
        fill(&variants, 2 * CHROMOSOMES, position);
        for (size_t v = 0; v < 2 * CHROMOSOMES; v++)
            log10p[v] = v == 4 || v == 5 ? 2 : NAN;
        char *text = drawn(&variants, log10p);
        ASSERT_CONTAINS(text, "<title>3</title>");
        CU_ASSERT_EQUAL(count_of(text, "v0"), 2);
        free(text);
        variants_free(&variants);
    }
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"half_a_million_stay_small", half_a_million_stay_small},
        {"places", places},
        {"without_positions", without_positions},
    };
    return testing_main(argc, argv, "manhattan", cases, sizeof cases / sizeof *cases);
}
