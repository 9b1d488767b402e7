/* Reading genotypes and tables when calls fail: the whole cohort or one line that says why not. */
#include "input/cohort.h"

#include "faults.h"
#include "input/fixtures.h"

enum { SUBJECTS = 12, SNPS = 4 };

static const char *const calls[SNPS] = {"012100121001", "11111111111.", "200020002000", "001122001122"};

struct scene {
    struct text_list prefixes, none, codes, quantitative, categorical;
    struct cohort_request request;
    struct log log;
    struct cohort cohort, truth;
};

static void add(struct text_list *list, const char *text)
{
    struct error err = {0};
    if (text_list_add(list, text, &err) != 0)
        abort();
}

static const char *write_table(const char *folder, const char *name, const char *header, const char *value)
{
    char text[2000];
    size_t used = (size_t)snprintf(text, sizeof text, "%s", header);
    for (int i = SUBJECTS - 1; i >= 0; i--)
        used += (size_t)snprintf(text + used, sizeof text - used, "f%d %d %d%s\n", i / 2, 100 + i, i, value);
    return testing_write_text(folder, name, text);
}

static void set_up(struct scene *scene)
{
    const char *folder = testing_folder();
    *scene = (struct scene){0};
    fixture_bed(folder, "g.bed", calls, SNPS);
    testing_write_text(folder, "g.bim", "1 rs1 0 1 A G\n2 rs2 0 2 A G\n3 rs3 0 3 A G\n22 rs4 0 4 A G\n");
    char text[2000];
    size_t used = 0;
    for (int i = 0; i < SUBJECTS; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "f%d %d 0 0 1 -9\n", i / 2, 100 + i);
    testing_write_text(folder, "g.fam", text);
    snprintf(text, sizeof text, "%s/g", folder);
    add(&scene->prefixes, text);
    add(&scene->codes, "-8");
    add(&scene->quantitative, "age");
    add(&scene->categorical, "site");
    scene->request = (struct cohort_request){
        .plink_prefixes = &scene->prefixes,
        .keep =
            testing_write_text(folder, "keep.txt", "100\n101\n102\n103\n104\n105\n106\n107\n108\n109\n110\n"),
        .max_missing_per_subject = 0.5,
        .targets_table = write_table(folder, "y.txt", "FID IID y1 y2\n", ".5 7"),
        .target_columns = &scene->none,
        .missing = COHORT_MISSING_DROP_SUBJECT,
        .max_missing_per_target = 0.2,
        .missing_codes = &scene->codes,
        .covariates_table = write_table(folder, "c.txt", "FID IID age site\n", " B"),
        .quantitative = &scene->quantitative,
        .categorical = &scene->categorical,
        .within = "site",
        .keep_together = "FID",
    };
}

static void prepare(void *context)
{
    struct scene *scene = context;
    struct error err = {0};
    if (log_init(&scene->log, NULL, &err) != 0)
        abort();
}

static int load(void *context, struct error *err)
{
    struct scene *scene = context;
    return cohort_load(&scene->cohort, &scene->request, &scene->log, err);
}

static void check(void *context, int code)
{
    struct scene *scene = context;
    struct error err = {0};
    const struct cohort *a = &scene->cohort, *b = &scene->truth;
    if (code == 0) {
        CU_ASSERT_EQUAL_FATAL(a->n, b->n);
        CU_ASSERT_EQUAL_FATAL(a->n_targets, b->n_targets);
        CU_ASSERT_EQUAL(memcmp(a->targets, b->targets, a->n * a->n_targets * sizeof(double)), 0);
        CU_ASSERT_EQUAL_FATAL(a->n_quantitative, b->n_quantitative);
        CU_ASSERT_EQUAL(memcmp(a->quantitative, b->quantitative, a->n * sizeof(double)), 0);
        CU_ASSERT_EQUAL(memcmp(a->within.level, b->within.level, a->n * sizeof(int32_t)), 0);
        CU_ASSERT_EQUAL(memcmp(a->group.level, b->group.level, a->n * sizeof(int32_t)), 0);
        for (size_t i = 0; i < a->n; i++)
            CU_ASSERT_STRING_EQUAL(a->iid.items[i], b->iid.items[i]);
        CU_ASSERT_EQUAL_FATAL(a->n_files, b->n_files);
        for (size_t f = 0; f < a->n_files; f++)
            CU_ASSERT_EQUAL(a->files[f].hash, b->files[f].hash);
    }
    cohort_free(&scene->cohort);
    log_close(&scene->log, &err);
}

static void loading(void)
{
    static const struct faults_operation operation = {
        .prepare = prepare, .run = load, .check = check, .reads_input = true, .interruptible = true};
    struct scene scene;
    struct error err = {0};
    int struck[FAULT_KINDS];
    set_up(&scene);
    prepare(&scene);
    CU_ASSERT_EQUAL(cohort_load(&scene.truth, &scene.request, &scene.log, &err), 0);
    CU_ASSERT_STRING_EQUAL_FATAL(err.message, "");

    CU_ASSERT_EQUAL(scene.truth.n, SUBJECTS - 1);
    log_close(&scene.log, &err);
    faults_try(&operation, &scene, struck);
    CU_ASSERT(struck[FAULT_FOPEN] > 0 && struck[FAULT_OPEN] > 0 && struck[FAULT_PREAD] > 0);
    CU_ASSERT(struck[FAULT_MEMORY] > 200);
    cohort_free(&scene.truth);
    text_list_free(&scene.prefixes);
    text_list_free(&scene.codes);
    text_list_free(&scene.quantitative);
    text_list_free(&scene.categorical);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {{"loading", loading}};
    return testing_main(argc, argv, "faults of the input", cases, sizeof cases / sizeof *cases);
}
