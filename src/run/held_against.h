/* A campaign that is gone on with, held against what this program and its study make: fingerprints and
 * checksums are whoever's who wrote the file. What is read from a campaign to be computed with, and is known
 * once more, is compared here. */
#ifndef ARETE_RUN_HELD_AGAINST_H
#define ARETE_RUN_HELD_AGAINST_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "study/analysis.h"

/* Units of permutations as this program computes them: G of as many targets; with orbits G and W of as many
 * targets and shifts. EXIT_CODE_FAILED: a damaged file, or one of a program that makes other units. */
int held_against_program(const struct campaign *campaign, const char *path, struct error *err);

/* People and their order, names of targets, folds, exchangeability blocks and seed, the design, residuals,
 * penalties, and the layout of orbits: all that operators and permutations are computed from, but K, the
 * nodes' weights and the observed numbers, which nobody computes again. After prepare_people and, of ridge,
 * analysis_set_penalties, of a campaign with the study's fingerprints, as many targets and the same ones
 * analysed. EXIT_CODE_FAILED: the file is damaged. */
int held_against_study(const struct analysis *analysis, const struct campaign *campaign, const char *path,
                       struct error *err);

#endif
