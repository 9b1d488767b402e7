#include "study/choices.h"

#include "testing.h"

#include <string.h>

/* The word of the study file, and what must come of it. */
struct meaning {
    const char *word;
    int value;
};

/* How a word's meaning stands in `meanings`; -1 for a word that is not there. */
static int expected(const struct meaning *meanings, size_t count, const char *word)
{
    for (size_t k = 0; k < count; k++)
        if (strcmp(meanings[k].word, word) == 0)
            return meanings[k].value;
    return -1;
}

/* Every value of a study's enum comes to what its word in the study file means. */
#define CHECK_ALL(meanings, name_of, choice_of)                                                              \
    for (unsigned v = 0; v < sizeof(meanings) / sizeof *(meanings); v++)                                     \
    CU_ASSERT_EQUAL((int)choice_of(v), expected(meanings, sizeof(meanings) / sizeof *(meanings), name_of(v)))

static void scales(void)
{
    static const struct meaning MEANINGS[] = {{"allele-frequency", GENOTYPE_SCALE_ALLELE_FREQUENCY},
                                              {"sample", GENOTYPE_SCALE_SAMPLE},
                                              {"none", GENOTYPE_SCALE_NONE}};
    CHECK_ALL(MEANINGS, study_scale_name, choices_genotype_scale);
}

static void missing_values(void)
{
    static const struct meaning MEANINGS[] = {{"error", COHORT_MISSING_ERROR},
                                              {"drop-subject", COHORT_MISSING_DROP_SUBJECT},
                                              {"mean", COHORT_MISSING_KEEP}};
    CHECK_ALL(MEANINGS, study_missing_name, choices_missing);
}

static void scores(void)
{
    static const struct meaning MEANINGS[] = {{"mean-r2", SCORE_MEAN_R2}, {"pooled-r2", SCORE_POOLED_R2}};
    CHECK_ALL(MEANINGS, study_score_name, choices_score);
}

static void baselines(void)
{
    static const struct meaning MEANINGS[] = {{"covariates", BASELINE_COVARIATES},
                                              {"test-mean", BASELINE_TEST_MEAN}};
    CHECK_ALL(MEANINGS, study_baseline_name, choices_baseline);
}

static void placements(void)
{
    static const enum placement_kind KINDS[] = {PLACEMENT_REPLICATE, PLACEMENT_BY_FOLD};
    for (size_t k = 0; k < sizeof KINDS / sizeof *KINDS; k++) {
        CU_ASSERT_EQUAL(choices_placement(STUDY_PLACEMENT_AUTO, KINDS[k]), KINDS[k]);
        CU_ASSERT_EQUAL(choices_placement(STUDY_PLACEMENT_REPLICATE, KINDS[k]), PLACEMENT_REPLICATE);
        CU_ASSERT_EQUAL(choices_placement(STUDY_PLACEMENT_BY_FOLD, KINDS[k]), PLACEMENT_BY_FOLD);
    }
    CU_ASSERT_STRING_EQUAL(study_placement_name(STUDY_PLACEMENT_BY_FOLD), placement_name(PLACEMENT_BY_FOLD));
    CU_ASSERT_STRING_EQUAL(study_placement_name(STUDY_PLACEMENT_REPLICATE),
                           placement_name(PLACEMENT_REPLICATE));
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"scales", scales},       {"missing_values", missing_values}, {"scores", scores},
        {"baselines", baselines}, {"placements", placements},
    };
    return testing_main(argc, argv, "study/choices", cases, sizeof cases / sizeof *cases);
}
