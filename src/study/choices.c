#include "study/choices.h"

#include "model/kinship/gram.h"

/* No default labels: the compiler names a value that is forgotten. */

struct genotype_filter choices_filter(const struct study_genotypes *genotypes)
{
    return (struct genotype_filter){genotypes->min_allele_frequency, genotypes->max_missing_per_snp,
                                    choices_genotype_scale(genotypes->scale)};
}

bool choices_gram_is_single(enum study_precision precision, size_t n, size_t n_snps)
{
    return precision == STUDY_PRECISION_AUTO ? gram_is_large(n, n_snps) : precision == STUDY_PRECISION_SINGLE;
}

enum genotype_scale choices_genotype_scale(enum study_scale scale)
{
    switch (scale) {
    case STUDY_SCALE_SAMPLE:
        return GENOTYPE_SCALE_SAMPLE;
    case STUDY_SCALE_NONE:
        return GENOTYPE_SCALE_NONE;
    case STUDY_SCALE_ALLELE_FREQUENCY:
        break;
    }
    return GENOTYPE_SCALE_ALLELE_FREQUENCY;
}

enum cohort_missing choices_missing(enum study_missing missing)
{
    switch (missing) {
    case STUDY_MISSING_DROP_SUBJECT:
        return COHORT_MISSING_DROP_SUBJECT;
    case STUDY_MISSING_MEAN:
        return COHORT_MISSING_KEEP;
    case STUDY_MISSING_ERROR:
        break;
    }
    return COHORT_MISSING_ERROR;
}

enum score_kind choices_score(enum study_score score)
{
    switch (score) {
    case STUDY_SCORE_POOLED_R2:
        return SCORE_POOLED_R2;
    case STUDY_SCORE_MEAN_R2:
        break;
    }
    return SCORE_MEAN_R2;
}

enum baseline_kind choices_baseline(enum study_baseline baseline)
{
    switch (baseline) {
    case STUDY_BASELINE_TEST_MEAN:
        return BASELINE_TEST_MEAN;
    case STUDY_BASELINE_COVARIATES:
        break;
    }
    return BASELINE_COVARIATES;
}

bool choices_keeps_predictions(enum study_predictions predictions, size_t n, size_t n_targets)
{
    if (predictions != STUDY_PREDICTIONS_AUTO)
        return predictions == STUDY_PREDICTIONS_YES;
    return n_targets > 0 && n <= CHOICES_MOST_PREDICTIONS / n_targets;
}

enum placement_kind choices_placement(enum study_placement placement, enum placement_kind automatic)
{
    switch (placement) {
    case STUDY_PLACEMENT_BY_FOLD:
        return PLACEMENT_BY_FOLD;
    case STUDY_PLACEMENT_REPLICATE:
        return PLACEMENT_REPLICATE;
    case STUDY_PLACEMENT_AUTO:
        break;
    }
    return automatic;
}
