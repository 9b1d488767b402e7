#include "model/orbits/orbit_score.h"

#include "model_example.h"

enum { SHIFTS = 23, LANES = 4, COLUMNS = SHIFTS * LANES, FOLDS = 3, PENALTIES = 6, NODES = 3 };

/* Values of every penalty's forms, positive, of few steps so that criteria tie. */
struct values {
    float criterion[FOLDS][PENALTIES][COLUMNS], error[FOLDS][PENALTIES][COLUMNS], baseline[FOLDS][COLUMNS];
};

static void values_init(struct values *values)
{
    uint64_t state = 3;
    for (size_t o = 0; o < FOLDS; o++)
        for (size_t j = 0; j < COLUMNS; j++) {
            for (size_t k = 0; k < PENALTIES; k++) {
                values->criterion[o][k][j] = (float)(2 + floor(fabs(2 * example_normal(&state))));
                values->error[o][k][j] = (float)(3 + fabs(example_normal(&state)));
            }
            values->baseline[o][j] = (float)(3 + fabs(example_normal(&state)));
        }
}

/* All scores, the folds added one by one; in place, or in two sets of sums that take turns. least: of every
 * fold (orbit_scale.h). */
static void score_all_of(const struct values *values, enum score_kind kind, const struct penalty_nodes *nodes,
                         size_t lanes, bool in_turns, double least, float *scores)
{
    const struct orbit_score score = {kind, nodes, COLUMNS / lanes, lanes};
    static float gain[2][COLUMNS], baseline[2][COLUMNS];
    static double workspace[COLUMNS];
    struct orbit_sums sums[2] = {{gain[0], baseline[0]}, {gain[1], baseline[1]}};
    for (size_t j = 0; j < COLUMNS; j++)
        gain[0][j] = gain[1][j] = baseline[0][j] = baseline[1][j] = NAN;
    orbit_score_begin(&score, &sums[0]);
    size_t now = 0;
    for (size_t o = 0; o < FOLDS; o++) {
        const float *criterion[PENALTIES], *error[PENALTIES];
        double rms[LANES], of_fold[LANES];
        for (size_t i = 0; i < nodes->n_nodes; i++) {
            criterion[i] = values->criterion[o][nodes->node[i]];
            error[i] = values->error[o][nodes->node[i]];
        }
        struct score_nodes_rows rows = {criterion, error, values->baseline[o]};
        for (size_t lane = 0; lane < lanes; lane++)
            of_fold[lane] = least;
        orbit_score_rms(&score, rows.baseline, rms);
        orbit_score_scale(&score, rms, of_fold, rms);
        size_t next = in_turns ? 1 - now : now;
        orbit_score_add(&score, o, &rows, rms, workspace, &sums[now], &sums[next]);
        now = next;
    }
    orbit_score_finish(&score, &sums[now], scores);
}

static void score_all(const struct values *values, enum score_kind kind, const struct penalty_nodes *nodes,
                      size_t lanes, bool in_turns, float *scores)
{
    score_all_of(values, kind, nodes, lanes, in_turns, 0, scores);
}

static bool same_scores(const float *a, const float *b)
{
    for (size_t j = 0; j < COLUMNS; j++)
        if (memcmp(&a[j], &b[j], sizeof a[j]) != 0 && !(isnan(a[j]) && isnan(b[j])))
            return false;
    return true;
}

/* Against score.h, which takes all folds at once and in double; lanes and turns change no bit. */
static void check_scores(const struct values *values, const struct penalty_nodes *nodes)
{
    static const size_t n_test[FOLDS] = {9, 9, 9};
    for (int kind = SCORE_MEAN_R2; kind <= SCORE_POOLED_R2; kind++) {
        float scores[COLUMNS], in_turns[COLUMNS], of_lanes[COLUMNS];
        score_all(values, (enum score_kind)kind, nodes, 1, false, scores);
        score_all(values, (enum score_kind)kind, nodes, 1, true, in_turns);
        score_all(values, (enum score_kind)kind, nodes, LANES, true, of_lanes);
        CU_ASSERT_TRUE(same_scores(scores, in_turns) && same_scores(scores, of_lanes));
        for (size_t j = 0; j < COLUMNS; j++) {
            double error[FOLDS], baseline[FOLDS];
            for (size_t o = 0; o < FOLDS; o++) {
                double value[PENALTIES];
                baseline[o] = (double)values->baseline[o][j];
                baseline[o] =
                    baseline[o] <= 1e-6 ? 0 : baseline[o]; /* below what an orbit leaves of a zero */
                for (size_t k = 0; k < PENALTIES; k++) {
                    value[k] = 0;
                    for (size_t i = 0; nodes->weights != NULL && i < nodes->n_nodes; i++)
                        value[k] += penalty_nodes_weights(nodes, PENALTY_CRITERION, o, k)[i] *
                                    (double)values->criterion[o][nodes->node[i]][j];
                    if (nodes->weights == NULL)
                        value[k] = (double)values->criterion[o][k][j];
                }
                size_t best = score_choose(value, PENALTIES, 1);
                error[o] = nodes->weights == NULL ? (double)values->error[o][best][j] : 0;
                for (size_t i = 0; nodes->weights != NULL && i <= nodes->n_nodes; i++)
                    error[o] +=
                        penalty_nodes_weights(nodes, PENALTY_ERROR, o, best)[i] *
                        (i < nodes->n_nodes ? (double)values->error[o][nodes->node[i]][j] : baseline[o]);
            }
            double expected = score_statistic((enum score_kind)kind, error, baseline, n_test, FOLDS);
            ASSERT_NEAR((double)scores[j], expected, 3e-7 * (1 + fabs(expected)));
        }
    }
}

static void scores_are_those_of_all_folds_at_once(void)
{
    struct error err = {0};
    static struct values values;
    struct penalty_nodes exact;
    values_init(&values);
    CU_ASSERT_EQUAL_FATAL(penalty_nodes_exact(&exact, PENALTIES, FOLDS, &err), 0);
    check_scores(&values, &exact);
    values.baseline[1][37] = 1e-7F; /* a zero, as an orbit leaves it: the others are about 4 */
    check_scores(&values, &exact);
    values.baseline[1][37] = -1e-7F;
    check_scores(&values, &exact);
    values.baseline[0][37] = values.baseline[2][37] = 0; /* no fold has an r2 */
    check_scores(&values, &exact);
    values_init(&values);
    values.baseline[1][37] = 1e-4F; /* small, and no zero */
    check_scores(&values, &exact);
    penalty_nodes_free(&exact);
}

static void nodes_are_combined(void)
{
    struct error err = {0};
    static struct values values;
    struct penalty_nodes nodes;
    static const size_t node[NODES] = {0, 3, 5};
    double *weights = example_normals(N_PENALTY_FORMS * FOLDS * PENALTIES * (NODES + 1), 12);
    for (size_t i = 0; i < FOLDS * PENALTIES; i++)
        weights[i * (NODES + 1) + NODES] = 0; /* the criterion has no covariates-only term */
    values_init(&values);
    CU_ASSERT_EQUAL_FATAL(penalty_nodes_init_known(&nodes, PENALTIES, FOLDS, NODES, node, weights, &err), 0);
    check_scores(&values, &nodes);
    penalty_nodes_free(&nodes);
    free(weights);
}

/* A test set without variance under any shift: all its baselines are rounding. Beside what the form could be
 * they are zero, and the fold counts as r2 0, or by its error alone. */
static void rounding_is_no_scale(void)
{
    struct error err = {0};
    static struct values values;
    struct penalty_nodes exact;
    values_init(&values);
    CU_ASSERT_EQUAL_FATAL(penalty_nodes_exact(&exact, PENALTIES, FOLDS, &err), 0);
    for (int kind = SCORE_MEAN_R2; kind <= SCORE_POOLED_R2; kind++) {
        float scores[COLUMNS], zero[COLUMNS];
        for (size_t j = 0; j < COLUMNS; j++)
            values.baseline[0][j] = j % 3 == 0 ? 1e-37F : j % 3 == 1 ? -3e-8F : 4e-7F;
        score_all_of(&values, (enum score_kind)kind, &exact, LANES, true, .3, scores);
        for (size_t j = 0; j < COLUMNS; j++)
            values.baseline[0][j] = 0;
        score_all(&values, (enum score_kind)kind, &exact, LANES, true, zero);
        CU_ASSERT_TRUE(same_scores(scores, zero));
        for (size_t j = 0; j < COLUMNS; j++)
            CU_ASSERT_TRUE(fabsf(scores[j]) < 10);
    }
    penalty_nodes_free(&exact);
}

/* Small beside what the same fold has under other shifts is what counts, not small as such. */
static void zero_is_judged_by_the_forms_own_scale(void)
{
    struct error err = {0};
    static struct values values;
    struct penalty_nodes exact;
    values_init(&values);
    CU_ASSERT_EQUAL_FATAL(penalty_nodes_exact(&exact, PENALTIES, FOLDS, &err), 0);
    for (size_t j = 0; j < COLUMNS; j++) {
        values.baseline[0][j] *= 1e-7F; /* a fold that has next to no variance under any shift */
        for (size_t k = 0; k < PENALTIES; k++)
            values.error[0][k][j] *= 1e-7F;
    }
    float scores[COLUMNS], without[COLUMNS];
    score_all(&values, SCORE_MEAN_R2, &exact, 1, false, scores);
    for (size_t j = 0; j < COLUMNS; j++)
        values.baseline[0][j] = 0; /* under none at all: the fold counts as r2 0 for every shift */
    score_all(&values, SCORE_MEAN_R2, &exact, 1, false, without);
    for (size_t j = 0; j < COLUMNS; j++)
        CU_ASSERT_TRUE(isfinite(scores[j]) && isfinite(without[j]) && scores[j] != without[j]);
    penalty_nodes_free(&exact);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"scores_are_those_of_all_folds_at_once", scores_are_those_of_all_folds_at_once},
        {"nodes_are_combined", nodes_are_combined},
        {"rounding_is_no_scale", rounding_is_no_scale},
        {"zero_is_judged_by_the_forms_own_scale", zero_is_judged_by_the_forms_own_scale},
    };
    return testing_main(argc, argv, "orbit_score", cases, sizeof cases / sizeof *cases);
}
