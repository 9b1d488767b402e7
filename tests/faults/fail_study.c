/* Reading a study file when calls fail: the whole study or one line that says why not. */
#include "config/study.h"

#include "faults.h"
#include "testing.h"

#include <string.h>

static const char text[] = "genotypes:\n"
                           "  plink: [data/chr{1..3}, data/extra]\n"
                           "  keep: ids.txt\n"
                           "targets:\n"
                           "  table: parcels.tsv\n"
                           "  columns: [parcel_{1..4}]\n"
                           "  missing_codes: [-9, none]\n"
                           "covariates:\n"
                           "  table: covariates.tsv\n"
                           "  columns: [age, PC{1..2}]\n"
                           "  categorical: [site]\n"
                           "model:\n"
                           "  penalties: {from: 1e-2, to: 1e2, count: 5}\n"
                           "  keep_together: {relatedness: 0.1}\n"
                           "permutations: {count: 999, within: site}\n"
                           "output: results/example\n"
                           "run: {workers: 3, stop_after: 3h50m}\n";

/* Two mistakes of one kind and one of another. */
static const char wrong_text[] = "genotypes: {plink: data/all, sccale: none}\n"
                                 "targets: {table: t.tsv, misssing: mean}\n"
                                 "output: results\n";

struct scene {
    const char *path;
    struct text_list sets;
    struct study study, truth;
};

static void prepare(void *context)
{
    (void)context;
}

static int load(void *context, struct error *err)
{
    struct scene *scene = context;
    return study_load(&scene->study, scene->path, &scene->sets, err);
}

static bool same_list(const struct text_list *a, const struct text_list *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = strcmp(a->items[i], b->items[i]) == 0;
    return same;
}

static void check(void *context, int code)
{
    struct scene *scene = context;
    const struct study *a = &scene->study, *b = &scene->truth;
    if (code == 0) {
        CU_ASSERT_STRING_EQUAL(a->yaml, b->yaml);
        CU_ASSERT(same_list(&a->genotypes.plink, &b->genotypes.plink));
        CU_ASSERT(same_list(&a->targets.columns, &b->targets.columns));
        CU_ASSERT(same_list(&a->targets.missing_codes, &b->targets.missing_codes));
        CU_ASSERT(same_list(&a->covariates.columns, &b->covariates.columns));
        CU_ASSERT_STRING_EQUAL(a->genotypes.keep, b->genotypes.keep);
        CU_ASSERT_STRING_EQUAL(a->permutations.within, "site");
        CU_ASSERT_EQUAL(a->permutations.count, 1234);
        CU_ASSERT_EQUAL_FATAL(a->model.n_penalties, 5);
        CU_ASSERT_EQUAL(memcmp(a->model.penalties, b->model.penalties, 5 * sizeof(double)), 0);
    } else {
        CU_ASSERT_PTR_NULL(a->yaml); /* empty, as the header promises */
    }
    study_free(&scene->study);
}

static void set_up(struct scene *scene, const char *yaml)
{
    struct error err = {0};
    *scene = (struct scene){.path = testing_write_text(testing_folder(), "study.yaml", yaml)};
    CU_ASSERT_EQUAL_FATAL(text_list_add(&scene->sets, "permutations.count=1234", &err), 0);
    CU_ASSERT_EQUAL_FATAL(text_list_add(&scene->sets, "run.memory=2G", &err), 0);
}

static void loading(void)
{
    static const struct faults_operation operation = {
        .prepare = prepare, .run = load, .check = check, .reads_input = true};
    struct scene scene;
    struct error err = {0};
    int struck[FAULT_KINDS];
    set_up(&scene, text);
    CU_ASSERT_EQUAL_FATAL(study_load(&scene.truth, scene.path, &scene.sets, &err), 0);
    faults_try(&operation, &scene, struck);
    CU_ASSERT(struck[FAULT_OPEN] > 0);
    CU_ASSERT(struck[FAULT_MEMORY] > 100);
    study_free(&scene.truth);
    text_list_free(&scene.sets);
}

/* Lack of memory is never told as a mistake in the file, nor the other way round. */
static int load_wrong(void *context, struct error *err)
{
    struct error whole = {0};
    int code = load(context, &whole);
    bool told = strstr(whole.message, "sccale") != NULL && strstr(whole.message, "misssing") != NULL;
    if (code == EXIT_CODE_BAD_INPUT && told)
        return 0;
    *err = whole;
    return code != 0 ? code : error_set(err, EXIT_CODE_FAILED, "a wrong study was accepted");
}

static void check_empty(void *context, int code)
{
    (void)code;
    struct scene *scene = context;
    CU_ASSERT_PTR_NULL(scene->study.yaml);
    study_free(&scene->study);
}

static void refusing(void)
{
    static const struct faults_operation operation = {
        .prepare = prepare, .run = load_wrong, .check = check_empty, .reads_input = true};
    struct scene scene;
    int struck[FAULT_KINDS];
    set_up(&scene, wrong_text);
    faults_try(&operation, &scene, struck);
    CU_ASSERT(struck[FAULT_MEMORY] > 50);
    text_list_free(&scene.sets);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {{"loading", loading}, {"refusing", refusing}};
    return testing_main(argc, argv, "faults of the study file", cases, sizeof cases / sizeof *cases);
}
