#include "model/ridge/covariates.h"

#include "model_example.h"

enum { N = 40, MOST = 8 };

/* columns of N subjects; `kept` as a text of + and -. */
static void assert_kept(const double *columns, size_t n_columns, const char *expected,
                        struct covariates *covariates)
{
    struct error err = {0};
    bool kept[MOST];
    char found[MOST + 1] = "";
    CU_ASSERT_EQUAL_FATAL(covariates_init(covariates, columns, N, n_columns, kept, &err), 0);
    for (size_t j = 0; j < n_columns; j++)
        strcat(found, kept[j] ? "+" : "-");
    CU_ASSERT_STRING_EQUAL(found, expected);
    double *product =
        example_product(covariates->basis, covariates->basis, covariates->c, N, covariates->c, true);
    CU_ASSERT_TRUE(example_distance_from_identity(product, covariates->c) < 1e-14);
    for (size_t j = 0, k = 0; j < n_columns; j++) {
        for (size_t i = 0; kept[j] && i < N; i++)
            CU_ASSERT_EQUAL(covariates->design[i * covariates->c + k], columns[i * n_columns + j]);
        k += kept[j];
    }
    free(product);
}

/* The residuals of random columns and of the design itself are orthogonal to Z. */
static void assert_residuals(const struct covariates *covariates)
{
    size_t c = covariates->c;
    double *y = example_normals(N * 5, 77), workspace[MOST * 5], own_workspace[MOST * MOST];
    covariates_residualise(covariates, y, 5, workspace);
    double *product = example_product(covariates->basis, y, c, N, 5, true);
    for (size_t i = 0; i < c * 5; i++)
        ASSERT_NEAR(product[i], 0, 1e-14);
    double *design = example_doubles(N * c);
    memcpy(design, covariates->design, N * c * sizeof *design);
    covariates_residualise(covariates, design, c, own_workspace);
    for (size_t j = 0; j < c; j++) {
        double whole = 0, left = 0;
        for (size_t i = 0; i < N; i++) {
            whole += covariates->design[i * c + j] * covariates->design[i * c + j];
            left += design[i * c + j] * design[i * c + j];
        }
        CU_ASSERT_TRUE(sqrt(left) < 1e-13 * sqrt(whole));
    }
    free(y);
    free(product);
    free(design);
}

static void dependent_columns_are_found(void)
{
    double columns[N * 8];
    uint64_t state = 9;
    for (size_t i = 0; i < N; i++) {
        double *row = columns + 8 * i;
        row[0] = 1;
        row[1] = example_normal(&state);
        row[2] = i % 3 == 0;
        row[3] = i % 3 == 1;
        row[4] = i % 3 == 2;                           /* the dummies add up to the intercept */
        row[5] = row[1];                               /* a duplicate */
        row[6] = 0;                                    /* nothing */
        row[7] = 1e-3 * (row[1] - 0.3 * row[2] + 1e5); /* a combination */
    }
    struct covariates covariates;
    assert_kept(columns, 8, "++++----", &covariates);
    assert_residuals(&covariates);
    covariates_free(&covariates);
    covariates_free(&covariates); /* legal again */
}

/* A year of birth, a large constant with little noise, very large and very small units: all are kept. */
static void badly_scaled_columns_are_kept(void)
{
    double columns[N * 6];
    uint64_t state = 4;
    for (size_t i = 0; i < N; i++) {
        double *row = columns + 6 * i;
        row[0] = 1;
        row[1] = 1e6 + 1e-2 * example_normal(&state); /* 1e-8 of its length beyond the intercept */
        row[2] = 1950 + (double)(i % 7);
        row[3] = row[2] + 1e-4 * example_normal(&state); /* nearly the same once more */
        row[4] = 1e150 * example_normal(&state);
        row[5] = 1e-150 * example_normal(&state);
    }
    struct covariates covariates;
    assert_kept(columns, 6, "++++++", &covariates);
    assert_residuals(&covariates);
    covariates_free(&covariates);
}

/* Subjects from ... to-1 as S, all others as A, B = S. Returns the number of lost directions. */
static size_t lost(const struct covariates *covariates, size_t from, size_t to, double *directions)
{
    struct error err = {0};
    unsigned outside[N], inside[N];
    size_t n_outside = 0, n_inside = 0, count = 99;
    for (unsigned i = 0; i < N; i++) {
        if (i >= from && i < to)
            inside[n_inside++] = i;
        else
            outside[n_outside++] = i;
    }
    CU_ASSERT_EQUAL_FATAL(
        covariates_lost_directions(covariates, &(struct covariates_rows){outside, n_outside},
                                   &(struct covariates_rows){inside, n_inside}, directions, &count, &err),
        0);
    return count;
}

/* 1, age, and a column that is 1 in [first, last) of every site. */
static struct covariates sites(const size_t (*ranges)[2], size_t n_sites)
{
    struct error err = {0};
    struct covariates covariates;
    bool kept[MOST];
    size_t columns = 2 + n_sites;
    double *design = example_normals(N * columns, 3);
    for (size_t i = 0; i < N; i++) {
        design[i * columns] = 1;
        for (size_t s = 0; s < n_sites; s++)
            design[i * columns + 2 + s] = i >= ranges[s][0] && i < ranges[s][1];
    }
    CU_ASSERT_EQUAL_FATAL(covariates_init(&covariates, design, N, columns, kept, &err), 0);
    CU_ASSERT_EQUAL(covariates.c, columns);
    free(design);
    return covariates;
}

/* The site's mean is what cannot be predicted: the direction is constant over the site and zero elsewhere. */
static void a_site_inside_the_set_loses_one_direction(void)
{
    static const size_t site[][2] = {{12, 18}};
    struct covariates covariates = sites(site, 1);
    double directions[N * 3];
    CU_ASSERT_EQUAL(lost(&covariates, 10, 20, directions), 1);
    double sign = directions[2 * 3] < 0 ? -1 : 1;
    for (size_t i = 0; i < 10; i++)
        ASSERT_NEAR(sign * directions[i * 3], i >= 2 && i < 8 ? 1 / sqrt(6) : 0, 1e-12);
    CU_ASSERT_EQUAL(lost(&covariates, 12, 18, directions), 1);
    CU_ASSERT_EQUAL(lost(&covariates, 13, 20, directions), 0); /* one of the site stays */
    CU_ASSERT_EQUAL(lost(&covariates, 20, 40, directions), 0);
    covariates_free(&covariates);
}

static void two_sites_inside_the_set_lose_two(void)
{
    static const size_t both[][2] = {{0, 4}, {4, 10}};
    struct covariates covariates = sites(both, 2);
    double directions[N * 4];
    CU_ASSERT_EQUAL(lost(&covariates, 0, 15, directions), 2);
    for (size_t a = 0; a < 2; a++)
        for (size_t b = 0; b < 2; b++) {
            double product = 0;
            for (size_t i = 0; i < 15; i++)
                product += directions[i * 4 + a] * directions[i * 4 + b];
            ASSERT_NEAR(product, a == b, 1e-12);
        }
    for (size_t i = 10; i < 15; i++)
        for (size_t a = 0; a < 2; a++)
            ASSERT_NEAR(directions[i * 4 + a], 0, 1e-12);
    CU_ASSERT_EQUAL(lost(&covariates, 0, 4, directions), 1);
    /* The second site is everybody outside S: they cannot tell it from the intercept. */
    static const size_t rest[][2] = {{30, 40}};
    covariates_free(&covariates);
    covariates = sites(rest, 1);
    CU_ASSERT_EQUAL(lost(&covariates, 0, 30, directions), 1);
    covariates_free(&covariates);
}

/* B, an inner fold, is a part of S: what A lacks is seen only if B carries it. */
static void lost_directions_of_a_part(void)
{
    static const size_t site[][2] = {{12, 18}};
    struct covariates covariates = sites(site, 1);
    struct error err = {0};
    unsigned outside[N], beside[] = {20, 21, 22}, within[] = {11, 12, 13, 25};
    size_t n_outside = 0, count = 99;
    for (unsigned i = 0; i < N; i++)
        if (i < 10 || i >= 30)
            outside[n_outside++] = i;
    double directions[4 * 3];
    CU_ASSERT_EQUAL(covariates_lost_directions(&covariates, &(struct covariates_rows){outside, n_outside},
                                               &(struct covariates_rows){beside, 3}, directions, &count,
                                               &err),
                    0);
    CU_ASSERT_EQUAL(count, 0);
    CU_ASSERT_EQUAL(covariates_lost_directions(&covariates, &(struct covariates_rows){outside, n_outside},
                                               &(struct covariates_rows){within, 4}, directions, &count,
                                               &err),
                    0);
    CU_ASSERT_EQUAL(count, 1);
    for (size_t i = 0; i < 4; i++)
        ASSERT_NEAR(fabs(directions[i * 3]), i == 1 || i == 2 ? sqrt(.5) : 0, 1e-12);
    covariates_free(&covariates);
}

/* More lost directions than subjects in B, and fewer subjects outside than covariates. */
static void small_sets(void)
{
    static const size_t three[][2] = {{0, 3}, {3, 6}, {6, 9}};
    struct covariates covariates = sites(three, 3);
    struct error err = {0};
    unsigned outside[N], one[] = {1};
    size_t n_outside = 0, count = 99;
    for (unsigned i = 9; i < N; i++)
        outside[n_outside++] = i;
    double directions[N * 5];
    CU_ASSERT_EQUAL(covariates_lost_directions(&covariates, &(struct covariates_rows){outside, n_outside},
                                               &(struct covariates_rows){one, 1}, directions, &count, &err),
                    0);
    CU_ASSERT_EQUAL(count, 1);
    ASSERT_NEAR(fabs(directions[0]), 1, 1e-12);
    CU_ASSERT_EQUAL(lost(&covariates, 0, N - 2, directions), 3); /* two subjects of five dimensions */
    covariates_free(&covariates);
}

enum { PEOPLE = 160, LABELS = PEOPLE / 2, LEFT_OUT = 41, LOST = 20 };

/* 80 labels of two people each, and in the last column an outlier of the last of the first 41 people, or
 * nothing. Of these 20 labels have nobody outside, and the one of the last has: directions are the labels'
 * own, up to `tolerance`, and the last person is in none. */
static void labels_beside(double outlier, double tolerance)
{
    enum { WIDTH = LABELS + 1 };
    double *design = example_normals((size_t)PEOPLE * WIDTH, 8);
    for (size_t i = 0; i < PEOPLE; i++) {
        for (size_t k = 0; k < LABELS; k++)
            design[i * WIDTH + k] = k == 0 || k == i / 2;
        design[i * WIDTH + LABELS] = i == LEFT_OUT - 1 ? outlier
                                     : outlier > 0     ? design[i * WIDTH + LABELS]
                                                       : 0;
    }
    struct covariates covariates;
    struct error err = {0};
    bool kept[WIDTH];
    unsigned outside[PEOPLE], inside[LEFT_OUT];
    size_t count = 99;
    for (unsigned i = 0; i < PEOPLE; i++)
        (i < LEFT_OUT ? inside : outside)[i < LEFT_OUT ? i : i - LEFT_OUT] = i;
    CU_ASSERT_EQUAL_FATAL(covariates_init(&covariates, design, PEOPLE, WIDTH, kept, &err), 0);
    size_t c = covariates.c;
    CU_ASSERT_EQUAL_FATAL(c, outlier > 0 ? WIDTH : LABELS);
    double *directions = example_doubles(LEFT_OUT * c);
    CU_ASSERT_EQUAL(
        covariates_lost_directions(&covariates, &(struct covariates_rows){outside, PEOPLE - LEFT_OUT},
                                   &(struct covariates_rows){inside, LEFT_OUT}, directions, &count, &err),
        0);
    CU_ASSERT_EQUAL_FATAL(count, LOST);
    for (size_t k = 0; k < LOST; k++) {
        double within = 0;
        for (size_t d = 0; d < LOST; d++)
            within += pow((directions[2 * k * c + d] + directions[(2 * k + 1) * c + d]) / sqrt(2), 2);
        ASSERT_NEAR(within, 1, tolerance);
        ASSERT_NEAR(directions[(LEFT_OUT - 1) * c + k], 0, tolerance);
    }
    free(design);
    free(directions);
    covariates_free(&covariates);
}

static void labels_by_the_dozen(void)
{
    labels_beside(0, 1e-12);
}

/* The outlier is nearly all of its column, but what the others say of it is no rounding: that direction is
 * not lost, though it is found together with those that are. */
static void labels_beside_a_direction_nearly_lost(void)
{
    labels_beside(2.5e5, 1e-5);
}

/* One subject with nearly all of a covariate's variance: the others still say what its slope is, unless what
 * they say is rounding. */
static void an_outlier_is_lost_only_when_it_is_all(void)
{
    static const struct {
        double outlier;
        size_t n_lost;
    } cases[] = {{1e4, 0}, {1e8, 1}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct error err = {0};
        struct covariates covariates;
        bool kept[2];
        double columns[N * 2], directions[N * 2];
        uint64_t state = 8;
        for (size_t i = 0; i < N; i++) {
            columns[2 * i] = 1;
            columns[2 * i + 1] = i == 5 ? cases[k].outlier : example_normal(&state);
        }
        CU_ASSERT_EQUAL_FATAL(covariates_init(&covariates, columns, N, 2, kept, &err), 0);
        CU_ASSERT_EQUAL(lost(&covariates, 4, 8, directions), cases[k].n_lost);
        covariates_free(&covariates);
    }
}

/* A time in seconds varies by 1e-9 of its mean; a constant, and age plus a number so large that only rounding
 * tells it from age, are combinations of the columns before. */
static void a_column_beside_its_mean_is_kept(void)
{
    enum { COLUMNS = 5 };
    double columns[N * COLUMNS];
    uint64_t state = 11;
    for (size_t i = 0; i < N; i++) {
        double *row = columns + COLUMNS * i;
        row[0] = 1;
        row[1] = 40 + 10 * example_normal(&state);
        row[2] = 1.7e9 + example_normal(&state);
        row[3] = .1;
        row[4] = row[1] + 1.7e9;
    }
    struct covariates covariates;
    assert_kept(columns, COLUMNS, "+++--", &covariates);
    assert_residuals(&covariates);
    covariates_free(&covariates);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"labels_by_the_dozen", labels_by_the_dozen},
        {"labels_beside_a_direction_nearly_lost", labels_beside_a_direction_nearly_lost},
        {"a_column_beside_its_mean_is_kept", a_column_beside_its_mean_is_kept},
        {"dependent_columns_are_found", dependent_columns_are_found},
        {"badly_scaled_columns_are_kept", badly_scaled_columns_are_kept},
        {"a_site_inside_the_set_loses_one_direction", a_site_inside_the_set_loses_one_direction},
        {"two_sites_inside_the_set_lose_two", two_sites_inside_the_set_lose_two},
        {"lost_directions_of_a_part", lost_directions_of_a_part},
        {"small_sets", small_sets},
        {"an_outlier_is_lost_only_when_it_is_all", an_outlier_is_lost_only_when_it_is_all},
    };
    return testing_main(argc, argv, "covariates", cases, sizeof cases / sizeof *cases);
}
