#include "model/orbits/orbit_scale.h"

#include "model/orbits/orbit_score.h"
#include "testing.h"

enum { N = 8, TARGETS = 2, FOLDS = 3 };

/* Of folds of 3, 3 and 2 subjects. Blocks: 0 1 4 | 2 3 | 5 6 7; one target is constant in the last. */
static const int32_t outer[N] = {0, 0, 0, 1, 1, 1, 2, 2}, block[N] = {0, 0, 1, 1, 0, 2, 2, 2};
static const float targets[N * TARGETS] = {1, 0, -1, 0, 0, 2, 2, 0, 4, 0, 3, 1, 3, -1, 3, 0};
static const double mean_square[3][TARGETS] = {{6, 0}, {2, 2}, {9, 2. / 3}};

static void check(const struct orbit_scale *of, struct fold_span span, double others)
{
    static const size_t target[] = {1, 0, 1};
    double workspace[3], least[FOLDS * 3];
    orbit_scale_least(of, span, target, 3, workspace, least);
    for (size_t k = 0; k < span.count; k++)
        for (size_t lane = 0; lane < 3; lane++) {
            double expected = 0;
            for (size_t i = 0; i < N; i++)
                if ((size_t)outer[i] == span.first + k)
                    expected += mean_square[block[i]][target[lane]] + others;
            ASSERT_NEAR(least[k * 3 + lane], expected, 1e-12);
        }
}

static void blocks_and_folds_by_hand(void)
{
    struct error err = {0};
    struct permutation_scheme blocks;
    CU_ASSERT_EQUAL_FATAL(permutation_scheme_init(&blocks, block, N, 1, &err), 0);
    struct orbit_scale of = {&blocks, outer, targets, TARGETS, 2};
    check(&of, (struct fold_span){0, FOLDS}, .25);
    check(&of, (struct fold_span){1, 2}, .25); /* a pass */
    check(&of, (struct fold_span){1, 1}, .25);
    of.n_covariates = 0; /* never less than the zero of permutations drawn one by one */
    check(&of, (struct fold_span){0, FOLDS}, SCORE_ZERO_BASELINE / ORBIT_SCORE_ZERO);
    permutation_scheme_free(&blocks);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"blocks_and_folds_by_hand", blocks_and_folds_by_hand},
    };
    return testing_main(argc, argv, "orbit_scale", cases, sizeof cases / sizeof *cases);
}
