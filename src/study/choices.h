/* What a study file's choices are called in the rooms that carry them out: the one place where an enum of
 * config becomes one of the model, of planning or of input. Defined for every value; config has refused
 * others. */
#ifndef ARETE_STUDY_CHOICES_H
#define ARETE_STUDY_CHOICES_H

#include "config/study.h"
#include "input/cohort/cohort.h"
#include "model/kinship/genotype.h"
#include "model/ridge/baseline.h"
#include "model/ridge/score.h"
#include "planning/placement.h"

/* genotypes.scale */
enum genotype_scale choices_genotype_scale(enum study_scale scale);
/* genotypes: what it asks of a SNP. */
struct genotype_filter choices_filter(const struct study_genotypes *genotypes);

/* genotypes.precision: whether K's products are in single precision. n_snps: before any filter. */
bool choices_gram_is_single(enum study_precision precision, size_t n, size_t n_snps);
/* targets.missing. Means replace missing values after the cohort is read: it keeps them. */
enum cohort_missing choices_missing(enum study_missing missing);
/* model.score */
enum score_kind choices_score(enum study_score score);
/* model.baseline */
enum baseline_kind choices_baseline(enum study_baseline baseline);
/* run.predictions: whether so many people's predictions of so many targets are kept: up to
 * CHOICES_MOST_PREDICTIONS unless the study says otherwise. */
enum { CHOICES_MOST_PREDICTIONS = 1000000 };
bool choices_keeps_predictions(enum study_predictions predictions, size_t n, size_t n_targets);
/* run.placement; `automatic` is what auto comes to. */
enum placement_kind choices_placement(enum study_placement placement, enum placement_kind automatic);

#endif
