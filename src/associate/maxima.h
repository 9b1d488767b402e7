/* Permutations of the mass-univariate model: p of each target over all SNPs, and over all SNPs and targets.
 * What is done is kept in associations.h5, unit by unit, and not done again. */
#ifndef ARETE_ASSOCIATE_MAXIMA_H
#define ARETE_ASSOCIATE_MAXIMA_H

#include "associate/targets_in_rows.h"
#include "base/error.h"
#include "report/null_sketch.h"
#include "run/record.h"
#include "run/session.h"
#include "study/analysis.h"
#include "tasks/association_graph.h"
#include "tasks/snp_tiles.h"

/* In the output folder: what is done of rank 0's block under way. */
#define MAXIMA_BLOCK "associations.rank-0.block"

struct maxima {
    double *p_snps, *p_fwer;   /* T; in rank 0 */
    double *counted;           /* these, q and standard errors, as struct report_extent has them */
    struct null_sketch sketch; /* .maxima.limit: r^2 from which on p_fwer is .05 or less; NaN: too few */
};

struct maxima_input {
    struct analysis
        *analysis; /* in rank 0 with K and residuals where the campaign is new; they are released */
    const struct targets_in_rows *targets;
    const struct snp_stream *stream;
    const struct association_graph_output *found;
};

/* Makes the campaign, or goes on with one whose units the record has open, computes what is not done, and
 * counts, in rank 0. When the session is asked to stop, the error is EXIT_CODE_STOPPED. Collective; the
 * outcome is agreed on. */
int maxima_compute(struct maxima *maxima, struct session *session, struct record *record,
                   const struct maxima_input *input, struct error *err);
void maxima_free(struct maxima *maxima);

#endif
