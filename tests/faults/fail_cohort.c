/* Reading genotypes and tables when calls fail: the whole cohort or one line that says why not. */
#include "input/cohort/cohort.h"

#include "faults.h"
#include "images/image_write.h"
#include "input_fixtures.h"

#include <math.h>

enum { SUBJECTS = 12, SNPS = 4 };

static const char *const calls[SNPS] = {"012100121001", "11111111111.", "200020002000", "001122001122"};

struct scene {
    struct text_list prefixes, none, codes, quantitative, categorical;
    struct cohort_request request;
    struct cohort_images images;
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
        .genotypes = &scene->prefixes,
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

static const char *write_image(const char *folder, const char *name, const float *floats,
                               const int32_t *labels)
{
    static char path[300];
    struct error err = {0};
    struct image_content content = {
        .grid = {.size = {2, 2, 2}, .affine = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}},
        .floats = floats,
        .labels = labels,
        .description = ""};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (image_write(path, path, &content, &err) != 0)
        abort();
    return path;
}

/* The same targets and one more, as images: three labels, one of them without a voxel in the mask. */
static void set_up_images(struct scene *scene, char mask[300], char atlas[300])
{
    static const int32_t inside[8] = {1, 1, 1, 1, 1, 1, 0, 0}, labels[8] = {1, 1, 2, 2, 0, 2, 7, 7};
    const char *folder = testing_folder();
    char text[2000] = "IID\timage\n", name[20];
    for (int i = 0; i < SUBJECTS; i++) {
        float values[8];
        for (int v = 0; v < 8; v++)
            values[v] = (float)(i + v * i * i);
        snprintf(name, sizeof name, "%d.nii.gz", i);
        write_image(folder, name, values, NULL);
        snprintf(text + strlen(text), sizeof text - strlen(text), "%d\t%s\n", 100 + i, name);
    }
    snprintf(mask, 300, "%s", write_image(folder, "mask.nii.gz", NULL, inside));
    snprintf(atlas, 300, "%s", write_image(folder, "atlas.nii.gz", NULL, labels));
    testing_write_text(folder, "atlas.tsv", "index\tname\n1\tfront\n2\tback\n");
    scene->images = (struct cohort_images){.images = testing_write_text(folder, "images.tsv", text),
                                           .mask = mask,
                                           .atlas = atlas,
                                           .grid_tolerance_mm = 1e-3};
    scene->request.targets_table = NULL;
    scene->request.images = &scene->images;
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
        for (size_t k = 0; k < a->n * a->n_targets; k++) /* NaN where a label has no voxel */
            CU_ASSERT(a->targets[k] == b->targets[k] || (isnan(a->targets[k]) && isnan(b->targets[k])));
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

static void try_loading(bool from_images)
{
    static const struct faults_operation operation = {
        .prepare = prepare, .run = load, .check = check, .reads_input = true, .interruptible = true};
    struct scene scene;
    struct error err = {0};
    int struck[FAULT_KINDS];
    char mask[300], atlas[300];
    set_up(&scene);
    if (from_images)
        set_up_images(&scene, mask, atlas);
    prepare(&scene);
    CU_ASSERT_EQUAL(cohort_load(&scene.truth, &scene.request, &scene.log, &err), 0);
    CU_ASSERT_STRING_EQUAL_FATAL(err.message, "");

    CU_ASSERT_EQUAL(scene.truth.n, SUBJECTS - 1);
    log_close(&scene.log, &err);
    faults_try(&operation, &scene, struck);
    CU_ASSERT(struck[FAULT_OPEN] > 0 && struck[FAULT_PREAD] > 0);
    CU_ASSERT(struck[FAULT_MEMORY] > 200);
    cohort_free(&scene.truth);
    text_list_free(&scene.prefixes);
    text_list_free(&scene.codes);
    text_list_free(&scene.quantitative);
    text_list_free(&scene.categorical);
}

static void loading(void)
{
    try_loading(false);
}

static void loading_images(void)
{
    try_loading(true);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {{"loading", loading}, {"loading images", loading_images}};
    return testing_main(argc, argv, "faults of the input", cases, sizeof cases / sizeof *cases);
}
