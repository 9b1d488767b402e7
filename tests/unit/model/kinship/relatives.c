#include "model/kinship/relatives.h"

#include "base/memory.h"
#include "model/stats/random.h"

#include "testing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SNPS = 4000, MOST_PEOPLE = 160 };

/* People whose calls are drawn here, and K and H of them by the definitions. */
struct people {
    size_t n;
    uint8_t calls[MOST_PEOPLE][SNPS];
    double gram[MOST_PEOPLE * MOST_PEOPLE], heterozygosity[MOST_PEOPLE];
    struct random_stream stream;
};

static double uniform(struct people *people)
{
    return (double)random_word(&people->stream) / 4294967296.0;
}

static void measure(struct people *people)
{
    size_t n = people->n, used = 0;
    double *x = calloc(n * SNPS, sizeof *x);
    memset(people->heterozygosity, 0, sizeof people->heterozygosity);
    for (size_t s = 0; s < SNPS; s++) {
        double mean = 0;
        for (size_t i = 0; i < n; i++)
            mean += people->calls[i][s] / (double)n;
        if (mean == 0 || mean == 2)
            continue;
        double weight = 1 / sqrt(mean * (1 - mean / 2));
        for (size_t i = 0; i < n; i++) {
            x[i * SNPS + used] = (people->calls[i][s] - mean) * weight;
            people->heterozygosity[i] += people->calls[i][s] == 1 ? weight * weight : 0;
        }
        used++;
    }
    for (size_t i = 0; i < n; i++) {
        people->heterozygosity[i] /= (double)used;
        for (size_t j = 0; j < n; j++) {
            double sum = 0;
            for (size_t s = 0; s < used; s++)
                sum += x[i * SNPS + s] * x[j * SNPS + s];
            people->gram[i * n + j] = sum / (double)used;
        }
    }
    free(x);
}

/* Families of siblings, `size` each; family k of ancestry k % n_ancestries. The ancestries' allele
 * frequencies lie apart by up to .3 of a common one. */
static struct people *draw(size_t n_families, size_t size, size_t n_ancestries, uint64_t seed)
{
    struct people *people = calloc(1, sizeof *people);
    people->n = n_families * size;
    random_start(&people->stream, seed, RANDOM_PERMUTATION, 1);
    for (size_t s = 0; s < SNPS; s++) {
        double common = .2 + .6 * uniform(people), apart[2] = {0, 0};
        for (size_t a = 0; a < n_ancestries && n_ancestries > 1; a++)
            apart[a] = .3 * (2 * uniform(people) - 1);
        for (size_t f = 0; f < n_families; f++) {
            double frequency = fmin(fmax(common + apart[f % n_ancestries], .02), .98);
            uint8_t parent[4];
            for (size_t k = 0; k < 4; k++)
                parent[k] = uniform(people) < frequency;
            for (size_t c = 0; c < size; c++)
                people->calls[f * size + c][s] =
                    (uint8_t)(parent[uniform(people) < .5] + parent[2 + (uniform(people) < .5)]);
        }
    }
    measure(people);
    return people;
}

static struct relatives relatives_of(const struct people *people)
{
    return (struct relatives){people->n, people->gram, people->heterozygosity};
}

/* All pairs of siblings and nobody else, at .25, half way between strangers and siblings. */
static void check_found(const struct people *people, size_t size)
{
    struct relatives relatives = relatives_of(people);
    struct relative_pair *pairs;
    size_t count;
    struct error err = {0};
    CU_ASSERT_EQUAL(relatives_pairs(&relatives, .25, &pairs, &count, &err), 0);
    CU_ASSERT_EQUAL(count, people->n * (size - 1) / 2);
    for (size_t k = 0; k < count; k++) {
        CU_ASSERT_EQUAL(pairs[k].first / size, pairs[k].second / size);
        CU_ASSERT_DOUBLE_EQUAL(pairs[k].relatedness, .5, .15);
    }
    free(pairs);
}

static void siblings_are_found_in_one_ancestry(void)
{
    struct people *people = draw(40, 4, 1, 3);
    check_found(people, 4);
    free(people);
}

/* K itself would call every pair of an ancestry related. */
static void siblings_are_found_in_two_ancestries(void)
{
    struct people *people = draw(40, 4, 2, 4);
    size_t strangers_over = 0;
    for (size_t i = 0; i < people->n; i++)
        for (size_t j = 0; j < i; j++)
            strangers_over += i / 4 != j / 4 && people->gram[i * people->n + j] > .1;
    CU_ASSERT_TRUE(strangers_over > 1000);
    check_found(people, 4);
    free(people);
}

/* Their leading components are families. */
static void large_families_are_found(void)
{
    struct people *people = draw(4, 40, 1, 5);
    check_found(people, 40);
    free(people);
}

static void identical_people_have_one(void)
{
    struct people *people = draw(30, 1, 1, 6);
    memcpy(people->calls[7], people->calls[3], SNPS);
    measure(people);
    struct relatives relatives = relatives_of(people);
    CU_ASSERT_DOUBLE_EQUAL(relatives_between(&relatives, 3, 7), 1, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(relatives_between(&relatives, 7, 3), 1, 1e-12);
    relatives.heterozygosity = NULL;
    CU_ASSERT_EQUAL(relatives_between(&relatives, 3, 7), people->gram[3 * people->n + 7]);
    free(people);
}

/* Strangers stay under it, also of two ancestries, and siblings are far over it. */
static void noise_is_what_strangers_reach(void)
{
    for (size_t n_ancestries = 1; n_ancestries <= 2; n_ancestries++) {
        struct people *people = draw(160, 1, n_ancestries, 7);
        struct relatives relatives = relatives_of(people);
        double noise = relatives_least(&relatives, SNPS, 0), largest = -1;
        for (size_t i = 0; i < people->n; i++)
            for (size_t j = 0; j < i; j++)
                largest = fmax(largest, relatives_between(&relatives, i, j));
        CU_ASSERT_TRUE(largest < noise);
        CU_ASSERT_TRUE(noise < 3 * largest);
        CU_ASSERT_TRUE(noise < .25);
        CU_ASSERT_EQUAL(relatives_least(&relatives, SNPS, .3), .3);
        free(people);
    }
}

/* As relatives_least() has it where SNPs are independent, siblings among the people or not; with each SNP
 * twenty times, and so a twentieth of them effective, what those reach. */
static void chance_is_seen_in_the_spread(void)
{
    struct error err = {0};
    struct relatives_chance chance;
    for (size_t size = 1; size <= 2; size++) {
        struct people *people = draw(160 / size, size, 1, 10);
        struct relatives relatives = relatives_of(people);
        CU_ASSERT_EQUAL(relatives_chance(&relatives, &chance, &err), 0);
        double counted = relatives_least(&relatives, SNPS, 0);
        CU_ASSERT_DOUBLE_EQUAL(chance.reach, counted, .2 * counted);
        CU_ASSERT_DOUBLE_EQUAL(chance.effective_snps, SNPS, .4 * SNPS);
        for (size_t i = 0; i < people->n; i++)
            for (size_t s = 0; s < SNPS; s++)
                people->calls[i][s] = people->calls[i][s - s % 20];
        measure(people);
        double effective = relatives_least(&relatives, SNPS / 20, 0);
        CU_ASSERT_EQUAL(relatives_chance(&relatives, &chance, &err), 0);
        CU_ASSERT_DOUBLE_EQUAL(chance.reach, effective, .2 * effective);
        free(people);
    }
}

static void the_unrelated_are_as_many_as_can_be(void)
{
    /* A star around 2, a pair 5-6 and a triangle 7-8-9. */
    static const struct relative_pair pairs[] = {{0, 2, 1}, {1, 2, 1}, {2, 3, 1}, {2, 4, 1},
                                                 {5, 6, 1}, {7, 8, 1}, {7, 9, 1}, {8, 9, 1}};
    static const bool expected[11] = {true, true, false, true, true, true, false, true, false, false, true};
    bool kept[11];
    size_t n_dropped;
    struct error err = {0};
    CU_ASSERT_EQUAL(relatives_unrelated(pairs, 8, 11, kept, &n_dropped, &err), 0);
    CU_ASSERT_EQUAL(n_dropped, 4);
    for (size_t i = 0; i < 11; i++)
        CU_ASSERT_EQUAL(kept[i], expected[i]);
    CU_ASSERT_EQUAL(relatives_unrelated(NULL, 0, 11, kept, &n_dropped, &err), 0);
    CU_ASSERT_EQUAL(n_dropped, 0);
}

static void nobody_related_is_no_pair(void)
{
    struct people *people = draw(30, 1, 1, 8);
    struct relatives relatives = relatives_of(people);
    struct relative_pair *pairs;
    size_t count;
    struct error err = {0};
    CU_ASSERT_EQUAL(relatives_pairs(&relatives, .5, &pairs, &count, &err), 0);
    CU_ASSERT_EQUAL(count, 0);
    CU_ASSERT_PTR_NULL(pairs);
    free(people);
}

/* Every pair in one step, and those over a step's end as many as are listed. */
static void pairs_are_counted_by_relatedness(void)
{
    struct people *people = draw(60, 2, 1, 9);
    struct relatives relatives = relatives_of(people);
    struct relative_pair *pairs;
    size_t listed, all = people->n * (people->n - 1) / 2;
    int64_t count[6] = {0}, sum = 0;
    struct error err = {0};
    CU_ASSERT_EQUAL(relatives_pairs(&relatives, .25, &pairs, &listed, &err), 0);
    relatives_count(&relatives, -.25, .25, 6, count); /* .25 begins the third */
    for (size_t b = 0; b < 6; b++)
        sum += count[b];
    CU_ASSERT_EQUAL(sum, (int64_t)all);
    CU_ASSERT_EQUAL(sum - count[0] - count[1], (int64_t)listed);
    CU_ASSERT_TRUE(listed > 0 && count[0] > 0);
    free(pairs);
    free(people);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"siblings_are_found_in_one_ancestry", siblings_are_found_in_one_ancestry},
        {"siblings_are_found_in_two_ancestries", siblings_are_found_in_two_ancestries},
        {"large_families_are_found", large_families_are_found},
        {"identical_people_have_one", identical_people_have_one},
        {"noise_is_what_strangers_reach", noise_is_what_strangers_reach},
        {"chance_is_seen_in_the_spread", chance_is_seen_in_the_spread},
        {"the_unrelated_are_as_many_as_can_be", the_unrelated_are_as_many_as_can_be},
        {"nobody_related_is_no_pair", nobody_related_is_no_pair},
        {"pairs_are_counted_by_relatedness", pairs_are_counted_by_relatedness},
    };
    return testing_main(argc, argv, "model/kinship/relatives", cases, sizeof cases / sizeof *cases);
}
