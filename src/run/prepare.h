/* A study made ready for its graphs: from the study file to folds, design, K, residuals, penalties and
 * permutations; on a resume, the check that it is the same study. */
#ifndef ARETE_RUN_PREPARE_H
#define ARETE_RUN_PREPARE_H

#include "base/error.h"
#include "base/text.h"
#include "run/node_operators.h"
#include "run/record.h"
#include "run/session.h"
#include "study/analysis.h"

/* Reads the study file, in every rank, and heeds what it says of stopping and shared memory. Leaves the study
 * and the record's file names (by record->model). Collective. */
int prepare_study(struct session *session, struct analysis *analysis, struct record *record,
                  const char *study_path, const struct text_list *sets, struct error *err);

/* In rank 0: reads the campaign that is there and the input; for a new campaign opens the output folder with
 * its lock and log. Everything that can be wrong is found here, before anything is written. Leaves
 * record->resumed, the campaign, the cohort, folds and design where they do not depend on K, and how
 * operators are placed. */
int prepare_input(struct session *session, struct analysis *analysis, struct record *record,
                  struct node_operators *operators, struct error *err);

/* In rank 0, of a new campaign, once it is known that it can begin: what an earlier run left in the folder
 * goes, since beside the new one it would look like its own. */
int prepare_clear(const struct analysis *analysis, const struct record *record, struct error *err);

/* K summed over all SNPs, in rank 0's analysis->gram, with counts of SNPs. Needs workers. Collective. */
int prepare_gram(struct session *session, struct analysis *analysis, struct error *err);

/* In rank 0, what follows from K: folds, design, residuals, penalties, permutation scheme, warnings. On a
 * resume the same study is made sure of, what the campaign holds of these is taken, its units are opened with
 * room for all permutations (record.h), and results.tsv of before goes: a run that fails must not leave one
 * that looks finished. Else the new campaign is filled with them. */
int prepare_numbers(struct session *session, struct analysis *analysis, struct record *record,
                    struct error *err);

/* The steps of these that other models take too, in rank 0. */

/* Says what the study asks for, and makes folds and design where they do not need K: a study that cannot work
 * is refused before the long part. Needs the cohort. */
int prepare_early_design(struct session *session, struct analysis *analysis, struct error *err);
/* After K: people, folds, design, residuals and exchangeability blocks. earlier: the campaign that is gone on
 * with, or NULL. */
int prepare_people(struct session *session, struct analysis *analysis, const struct campaign *earlier,
                   struct error *err);
/* Calls of the genotypes that context is: a struct snp_source's read. */
int prepare_read_calls(const void *context, size_t first, size_t count, uint8_t *calls, struct error *err);
/* Removes a table of an earlier run: one that fails must not leave one that looks finished. */
int prepare_remove(const char *results_path, struct error *err);
/* The output folder of a new campaign, made, locked (record_begin) and with the log `log_name` in it. */
int prepare_folder(const char *folder, const char *log_name, struct record *record, struct log *log,
                   struct error *err);
/* Opens the log `name` in the output folder. */
int prepare_log(const char *folder, const char *name, struct log *log, struct error *err);

#endif
