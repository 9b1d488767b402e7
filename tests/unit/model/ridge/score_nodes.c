#include "model/ridge/score_nodes.h"

#include "model_example.h"

enum { PENALTIES = 7, NODES = 3, FOLDS = 3, COLUMNS = 21 };
static const size_t n_test[FOLDS] = {5, 6, 7}, node[NODES] = {1, 4, 6};

struct columns {
    float sums[PENALTIES][2 * FOLDS * COLUMNS], baseline[FOLDS * COLUMNS], score[COLUMNS];
    const float *of_penalty[PENALTIES];
};

static void columns_init(struct columns *columns)
{
    uint64_t state = 6;
    for (size_t k = 0; k < PENALTIES; k++) {
        columns->of_penalty[k] = columns->sums[k];
        for (size_t i = 0; i < 2 * FOLDS * COLUMNS; i++) /* few values, so that criteria tie */
            columns->sums[k][i] = (float)(2 + floor(fabs(2 * example_normal(&state))));
    }
    for (size_t i = 0; i < FOLDS * COLUMNS; i++)
        columns->baseline[i] = (float)(3 + fabs(example_normal(&state)));
    columns->baseline[COLUMNS + 4] = 0; /* fold 1 of column 4 */
}

static bool same_scores(const float *a, const float *b)
{
    for (size_t j = 0; j < COLUMNS; j++)
        if (memcmp(&a[j], &b[j], sizeof a[j]) != 0 && !(isnan(a[j]) && isnan(b[j])))
            return false;
    return true;
}

/* The choice and the statistic of score.h, column by column. */
static void plain_scores(enum score_kind kind, const struct columns *columns, float *score)
{
    for (size_t j = 0; j < COLUMNS; j++) {
        double error[FOLDS], base[FOLDS], criterion[PENALTIES];
        for (size_t o = 0; o < FOLDS; o++) {
            for (size_t k = 0; k < PENALTIES; k++)
                criterion[k] = (double)columns->sums[k][o * COLUMNS + j];
            size_t best = score_choose(criterion, PENALTIES, 1);
            error[o] = (double)columns->sums[best][(FOLDS + o) * COLUMNS + j];
            base[o] = (double)columns->baseline[o * COLUMNS + j];
        }
        score[j] = (float)score_statistic(kind, error, base, n_test, FOLDS);
    }
}

/* Folds first ... first+count-1 of the columns as a tile of theirs has them. */
static void score_folds(struct score_tile tile, const struct columns *columns, struct fold_span folds,
                        double *sums, float *score)
{
    float of_span[PENALTIES][2 * FOLDS * COLUMNS];
    const float *of_penalty[PENALTIES];
    for (size_t k = 0; k < PENALTIES; k++) {
        of_penalty[k] = of_span[k];
        for (size_t half = 0; half < 2; half++)
            memcpy(of_span[k] + half * folds.count * COLUMNS,
                   columns->sums[k] + (half * FOLDS + folds.first) * COLUMNS,
                   folds.count * COLUMNS * sizeof(float));
    }
    tile.folds = folds;
    tile.sums = of_penalty;
    tile.baseline = columns->baseline + folds.first * COLUMNS;
    score_nodes_columns(&tile, folds.first > 0 ? sums : NULL, score == NULL ? sums : NULL, score);
}

/* Where every penalty is a node, and where weights say nothing else: the bits of plain scores, also where
 * sums are handed on after any fold. */
static void all_nodes_are_the_exact_path(void)
{
    struct error err = {0};
    static struct columns columns;
    struct penalty_nodes exact, unit;
    static double weights[N_PENALTY_FORMS][FOLDS][PENALTIES][PENALTIES + 1];
    static const size_t all[PENALTIES] = {0, 1, 2, 3, 4, 5, 6};
    for (size_t i = 0; i < N_PENALTY_FORMS * FOLDS * PENALTIES; i++)
        weights[i / PENALTIES / FOLDS][i / PENALTIES % FOLDS][i % PENALTIES][i % PENALTIES] = 1;
    columns_init(&columns);
    CU_ASSERT_EQUAL_FATAL(penalty_nodes_exact(&exact, PENALTIES, FOLDS, &err), 0);
    CU_ASSERT_EQUAL_FATAL(
        penalty_nodes_init_known(&unit, PENALTIES, FOLDS, PENALTIES, all, &weights[0][0][0][0], &err), 0);
    const struct penalty_nodes *nodes[] = {&exact, &unit};
    for (int which = 0; which < 2 * 2; which++) {
        struct score_tile tile = {.kind = which / 2 == 0 ? SCORE_MEAN_R2 : SCORE_POOLED_R2,
                                  .nodes = nodes[which % 2],
                                  .n_test = n_test,
                                  .columns = COLUMNS};
        float expected[COLUMNS];
        double sums[COLUMNS * SCORE_MOST_SUMS];
        plain_scores(tile.kind, &columns, expected);
        score_folds(tile, &columns, (struct fold_span){0, FOLDS}, NULL, columns.score);
        CU_ASSERT_TRUE(same_scores(columns.score, expected));
        for (size_t cut = 1; cut < FOLDS; cut++) {
            score_folds(tile, &columns, (struct fold_span){0, cut}, sums, NULL);
            score_folds(tile, &columns, (struct fold_span){cut, FOLDS - cut}, sums, columns.score);
            CU_ASSERT_TRUE(same_scores(columns.score, expected));
        }
    }
    penalty_nodes_free(&exact);
    penalty_nodes_free(&unit);
}

/* One fold alone: the chosen penalty and its error, where every penalty is a node and where weights say so.
 */
static void a_fold_chooses_as_score_choose(void)
{
    struct error err = {0};
    static struct columns columns;
    struct penalty_nodes exact;
    columns_init(&columns);
    CU_ASSERT_EQUAL_FATAL(penalty_nodes_exact(&exact, PENALTIES, FOLDS, &err), 0);
    for (size_t o = 0; o < FOLDS; o++) {
        const float *criterion[PENALTIES], *of_error[PENALTIES];
        double error[COLUMNS], chosen[COLUMNS];
        for (size_t k = 0; k < PENALTIES; k++) {
            criterion[k] = columns.sums[k] + o * COLUMNS;
            of_error[k] = columns.sums[k] + (FOLDS + o) * COLUMNS;
        }
        struct score_nodes_rows rows = {criterion, of_error, columns.baseline + o * COLUMNS};
        score_nodes_fold(&exact, o, &rows, COLUMNS, error, chosen);
        for (size_t j = 0; j < COLUMNS; j++) {
            double value[PENALTIES];
            for (size_t k = 0; k < PENALTIES; k++)
                value[k] = (double)criterion[k][j];
            size_t best = score_choose(value, PENALTIES, 1);
            CU_ASSERT_EQUAL(chosen[j], (double)best);
            CU_ASSERT_EQUAL(error[j], (double)of_error[best][j]);
        }
    }
    penalty_nodes_free(&exact);
}

/* Any weights: criteria and errors of all penalties by plain loops, then score.h. */
static void combinations_are_chosen_and_scored(void)
{
    struct error err = {0};
    static struct columns columns;
    struct penalty_nodes nodes;
    enum { ROW = NODES + 1 };
    double *weights = example_normals(N_PENALTY_FORMS * FOLDS * PENALTIES * ROW, 12);
    for (size_t i = 0; i < FOLDS * PENALTIES; i++)
        weights[i * ROW + NODES] = 0;    /* the criterion has no covariates-only term */
    for (size_t o = 0; o < FOLDS; o++) { /* the last two penalties always tie, and win in fold 0 */
        double *tied = weights + (o * PENALTIES + 5) * ROW;
        for (size_t i = 0; i < NODES && o == 0; i++)
            tied[i] -= 9;
        memcpy(tied + ROW, tied, ROW * sizeof *weights);
    }
    columns_init(&columns);
    CU_ASSERT_EQUAL_FATAL(penalty_nodes_init_known(&nodes, PENALTIES, FOLDS, NODES, node, weights, &err), 0);
    const float *of_node[NODES];
    for (size_t i = 0; i < NODES; i++)
        of_node[i] = columns.sums[node[i]];
    const struct score_tile tile = {SCORE_MEAN_R2, &nodes,           n_test, {0, FOLDS},
                                    of_node,       columns.baseline, COLUMNS};
    score_nodes_columns(&tile, NULL, NULL, columns.score);
    size_t n_tied = 0;
    for (size_t j = 0; j < COLUMNS; j++) {
        double error[FOLDS], base[FOLDS], value[PENALTIES];
        for (size_t o = 0; o < FOLDS; o++) {
            for (size_t k = 0; k < PENALTIES; k++) {
                value[k] = 0;
                for (size_t i = 0; i < NODES; i++)
                    value[k] += weights[(o * PENALTIES + k) * ROW + i] * (double)of_node[i][o * COLUMNS + j];
            }
            size_t best = score_choose(value, PENALTIES, 1);
            n_tied += best == 6;
            CU_ASSERT_NOT_EQUAL(best, 5);
            const double *chosen = weights + ((FOLDS + o) * PENALTIES + best) * ROW;
            base[o] = (double)columns.baseline[o * COLUMNS + j];
            error[o] = chosen[NODES] * base[o];
            for (size_t i = 0; i < NODES; i++)
                error[o] += chosen[i] * (double)of_node[i][(FOLDS + o) * COLUMNS + j];
        }
        double expected = score_statistic(SCORE_MEAN_R2, error, base, n_test, FOLDS);
        ASSERT_NEAR((double)columns.score[j], expected, 1e-6 * (1 + fabs(expected)));
    }
    CU_ASSERT_TRUE(n_tied > 0);
    penalty_nodes_free(&nodes);
    free(weights);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"all_nodes_are_the_exact_path", all_nodes_are_the_exact_path},
        {"a_fold_chooses_as_score_choose", a_fold_chooses_as_score_choose},
        {"combinations_are_chosen_and_scored", combinations_are_chosen_and_scored},
    };
    return testing_main(argc, argv, "score_nodes", cases, sizeof cases / sizeof *cases);
}
