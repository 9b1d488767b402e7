#include "run/observe_single.h"

#include <math.h>

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

int observe_single(struct session *session, const struct permutation_graph_input *input,
                   struct campaign *scores, struct error *err)
{
    if (permutation_graph_observed(&session->runtime, input, scores->score, &session->progress, err) != 0)
        return err->code;
    if (session->ranks->rank == 0) {
        log_precision(&session->log, scores);
        match_missing(scores);
    }
    return 0;
}
