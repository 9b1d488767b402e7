/* The sections of the study file. Each function reads one of them into its part of the study, which is all
 * zeros before. Problems are added to those of `top`, the whole file. study_free releases everything, also
 * after problems. */
#ifndef ARETE_CONFIG_STUDY_SECTIONS_H
#define ARETE_CONFIG_STUDY_SECTIONS_H

#include "config/section.h"
#include "config/study.h"

void study_genotypes_read(const struct section *top, struct study_genotypes *genotypes);
void study_targets_read(const struct section *top, struct study_targets *targets);
/* The key not_missing of targets and of covariates. */
void study_read_not_missing(const struct section *section, double **values, size_t *count);
void study_covariates_read(const struct section *top, struct study_covariates *covariates);
void study_model_read(const struct section *top, struct study_model *model);
/* The keys of the model section that concern penalties. */
void study_penalties_read(const struct section *model_section, struct study_model *model);
void study_permutations_read(const struct section *top, struct study_permutations *permutations);
void study_associate_read(const struct section *top, struct study_associate *associate);
void study_run_read(const struct section *top, struct study_run *run);
void study_network_read(const struct section *top, struct study_network *network);

/* Checks keys that depend on each other, once all sections are read. */
void study_check(const struct section *top, const struct study *study);

#endif
