/* What rank 0 has made of the study, in the ranks that compute with it. */
#ifndef ARETE_ASSOCIATE_SHARE_STUDY_H
#define ARETE_ASSOCIATE_SHARE_STUDY_H

#include "associate/named_pairs.h"
#include "base/error.h"
#include "run/session.h"
#include "study/analysis.h"

/* The people in their final order with their genotypes, the covariates' basis, how many targets are analysed,
 * and which of them and of the SNPs are named. Other parts of `analysis` are rank 0's alone. Says in the log
 * when a rank's BLAS kernels are others. Collective; the outcome is agreed on. Does nothing with one rank. */
int share_study(struct session *session, struct analysis *analysis, struct named_pairs *named,
                struct error *err);

#endif
