#include "run/observe_single.h"

#include "base/memory.h"
#include "ranks/collectives.h"
#include "run/build_operators.h"
#include "run/pass_folds.h"

#include <math.h>
#include <stdlib.h>

/* How far single precision is from double on the targets as they are. A fold whose two best penalties tie may
 * choose the other one, and then a score differs by more than rounding. */
static void log_precision(struct log *log, const struct campaign *scores)
{
    const double rounding = 1e-5;
    size_t beyond = 0;
    double largest = 0;
    for (size_t t = 0; t < scores->n_targets; t++) {
        double difference = fabs((double)scores->score[t] - scores->r2_everybody[t]);
        beyond += difference > rounding;
        largest = difference > largest && difference <= rounding ? difference : largest;
    }
    log_info(log,
             "precision: observed scores in single and double differ by at most %.1e, and by more than %g "
             "for %zu of %zu targets",
             largest, rounding, beyond, scores->n_targets);
}

/* A target whose observed score does not exist must have none in float32 either. */
static void match_missing(struct campaign *scores)
{
    for (size_t t = 0; t < scores->n_targets; t++)
        if (isnan(scores->r2[t]))
            scores->score[t] = NAN;
}

/* Pass after pass: there is no campaign yet that would keep the sums. */
static int go_through_folds(struct session *session, struct permute_input *input, double *sums, float *score,
                            struct error *err)
{
    struct node_operators *operators = input->operators;
    size_t n_outer = input->analysis->folds.n_outer;
    struct fold_span folds = {0};
    for (size_t done = 0; err->code == 0 && done < n_outer; done += folds.count) {
        folds = pass_folds_from(done, n_outer, operators->pass_folds);
        node_operators_begin_pass(operators, folds);
        if (build_operators_of_pass(session, input->analysis, input->baselines, operators, err) == 0)
            permutation_graph_observed(&session->runtime, &input->one_by_one, sums, score, &session->progress,
                                       err);
    }
    return err->code;
}

int observe_single(struct session *session, struct permute_input *input, struct campaign *scores,
                   struct error *err)
{
    double *sums =
        memory_aligned(permutation_graph_sums(&input->one_by_one), sizeof *sums, "the observed scores", err);
    if (collectives_agree(session->ranks, err) == 0)
        go_through_folds(session, input, sums, scores->score, err);
    free(sums);
    if (err->code == 0 && session->ranks->rank == 0) {
        log_precision(&session->log, scores);
        match_missing(scores);
    }
    return err->code;
}
