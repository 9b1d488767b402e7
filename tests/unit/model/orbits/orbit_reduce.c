#include "model/orbits/orbit_reduce.h"

#include "orbit_program.h"

/* Blocks of 31, 20 and 13 people are rings of their own, so that the data as they are stand at a shift that
 * is drawn. */
enum { PEOPLE = 64, OUTER = 5, INNER = 3, PENALTIES = 4 };
/* The first target once more, in the next orbit. */
enum { NORMAL, OUTLIERS, CASES, TARGETS, COLUMNS };

struct setting {
    struct reference reference;
    struct program program;
    float y[PEOPLE * TARGETS];
    /* What is known of the data as they are. */
    double error[OUTER * PENALTIES * TARGETS], baseline[OUTER * TARGETS];
    double least[OUTER]; /* of one target */
};

static void setting_init(struct setting *setting)
{
    static const double penalties[PENALTIES] = {.2, .7, 2, 7};
    int32_t block[PEOPLE];
    double *gram = example_gram(PEOPLE, 200, 3), design[PEOPLE];
    for (size_t i = 0; i < PEOPLE; i++) {
        block[i] = i % 5 == 0 ? 2 : i % 5 < 3 && i < 50 ? 1 : 0;
        design[i] = 1;
    }
    const struct reference_shape shape = {PEOPLE, 1,      OUTER,     INNER, PENALTIES, BASELINE_COVARIATES,
                                          gram,   design, penalties, 9};
    reference_init(&setting->reference, &shape);
    program_init(&setting->program, &setting->reference, block, 4);
    double *y = example_normals((size_t)PEOPLE * TARGETS, 40);
    for (size_t i = 0; i < PEOPLE; i++) {
        if (i % 13 == 6) /* one in every test set, as under few shifts */
            y[i * TARGETS + OUTLIERS] = 30;
        y[i * TARGETS + CASES] = i % 9 == 4;
    }
    reference_residualise(&setting->reference, y, TARGETS);
    operators_round(y, (size_t)PEOPLE * TARGETS, setting->y);
    free(gram);
    free(y);
}

static void setting_free(struct setting *setting)
{
    program_free(&setting->program);
    reference_free(&setting->reference);
}

static struct orbit_scale scale_of(const struct setting *setting)
{
    return (struct orbit_scale){&setting->program.blocks, setting->reference.folds.outer, setting->y, TARGETS,
                                setting->reference.covariates.c};
}

/* The tile's sums: all targets in the identity's orbit, and the first in the next one. */
static void make_sums(struct setting *setting)
{
    struct program *program = &setting->program;
    uint32_t order[PEOPLE], workspace[PEOPLE];
    float *arranged = program_floats((size_t)PEOPLE * COLUMNS);
    for (size_t column = 0; column < COLUMNS; column++) {
        orbit_scheme_arrangement(&program->scheme, column / TARGETS, order, workspace);
        for (size_t i = 0; i < PEOPLE; i++)
            arranged[i * COLUMNS + column] = setting->y[order[i] * TARGETS + column % TARGETS];
    }
    orbit_tile_spectra(&program->engine, arranged, COLUMNS, COLUMNS, program->workspace, program->spectra);
    orbit_tile_products(&program->engine, &program->forms,
                        (struct orbit_band){0, orbit_terms_frequencies(&program->engine.terms)},
                        program->spectra, 1, program->workspace, program->sums);
    free(arranged);
}

/* All scores of the group's columns, and the targets' tolerances. */
static void reduce(struct setting *setting, enum score_kind kind, float *rows, double *tolerance)
{
    const struct reference *reference = &setting->reference;
    const struct orbit_reduce all = {.engine = &setting->program.engine,
                                     .forms = &setting->program.forms,
                                     .kind = kind,
                                     .nodes = &reference->nodes,
                                     .n_folds = OUTER,
                                     .error = setting->error,
                                     .baseline = setting->baseline,
                                     .scale = scale_of(setting)};
    struct orbit_reduce_group group = {.count = COLUMNS, .sums = setting->program.sums, .rows = rows};
    for (size_t t = 0; t < TARGETS; t++) {
        group.target[t] = t;
        group.measures[t] = true;
        group.state[t] = tolerance + t;
    }
    const struct orbit_reduce_workspace workspace = {program_floats(orbit_reduce_floats(&all)),
                                                     example_doubles(orbit_reduce_doubles(&all))};
    make_sums(setting);
    orbit_reduce_group(&all, &group, &workspace);
    free(workspace.floats);
    free(workspace.doubles);
}

static void find_least(struct setting *setting, size_t target)
{
    const struct orbit_scale scale = scale_of(setting);
    double workspace;
    orbit_scale_least(&scale, (struct fold_span){0, OUTER}, &target, 1, &workspace, setting->least);
    setting->reference.least = setting->least;
}

/* What double says of a target's errors and baselines, as the data are. */
static void keep_exact(struct setting *setting, size_t target, const double *exact)
{
    size_t n_shifts = setting->program.n_shifts;
    for (size_t o = 0; o < OUTER; o++) {
        const double *of_fold = exact + o * (2 * PENALTIES + 1) * n_shifts + setting->program.scheme.identity;
        for (size_t k = 0; k < PENALTIES; k++)
            setting->error[(o * PENALTIES + k) * TARGETS + target] = of_fold[(PENALTIES + k) * n_shifts];
        setting->baseline[o * TARGETS + target] = of_fold[2 * PENALTIES * n_shifts];
    }
}

/* What a column is to be handed, step by step, and the tolerance of its target. That of the outliers is
 * limited by the data's own score, and would be twice as large if the data stood at shift 0. */
static double expect_column(struct setting *setting, enum score_kind kind, size_t column, float *row)
{
    const struct program *program = &setting->program;
    const struct reference *reference = &setting->reference;
    double y[PEOPLE], kappa;
    size_t target = column % TARGETS, identity = program->scheme.identity;
    for (size_t i = 0; i < PEOPLE; i++)
        y[i] = (double)setting->y[i * TARGETS + target];
    find_least(setting, target);
    float *single = program_values(program, column / TARGETS, y);
    reference_scores(reference, kind, single, program->n_shifts, 1, row);
    double *exact = program_exact_values(program, reference, 0, y);
    double tolerance = program_tolerance(program, reference, kind, single, exact, identity, &kappa);
    if (column < TARGETS)
        keep_exact(setting, target, exact);
    if (column == OUTLIERS && kind == SCORE_MEAN_R2)
        CU_ASSERT_TRUE(program_tolerance(program, reference, kind, single, exact, 0, &kappa) > 2 * tolerance);
    free(single);
    free(exact);
    return tolerance;
}

static void check(enum score_kind kind)
{
    struct setting setting;
    double expected[COLUMNS], found[TARGETS];
    setting_init(&setting);
    size_t n_shifts = setting.program.n_shifts;
    CU_ASSERT_TRUE_FATAL(setting.program.scheme.identity > 0);
    float *expected_rows = program_floats(COLUMNS * n_shifts), *rows = program_floats(COLUMNS * n_shifts);
    for (size_t column = 0; column < COLUMNS; column++)
        expected[column] = expect_column(&setting, kind, column, expected_rows + column * n_shifts);
    reduce(&setting, kind, rows, found);
    for (size_t t = 0; t < TARGETS; t++)
        ASSERT_NEAR(found[t] / expected[t], 1, 1e-6);
    for (size_t j = 0; j < COLUMNS * n_shifts; j++)
        ASSERT_NEAR((double)rows[j], (double)expected_rows[j], 1e-7);
    free(rows);
    free(expected_rows);
    setting_free(&setting);
}

static void windows_of_unequal_blocks(void)
{
    check(SCORE_MEAN_R2);
    check(SCORE_POOLED_R2);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"windows_of_unequal_blocks", windows_of_unequal_blocks},
    };
    return testing_main(argc, argv, "orbit_reduce", cases, sizeof cases / sizeof *cases);
}
