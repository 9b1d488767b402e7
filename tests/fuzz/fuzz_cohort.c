/* The people of a study: a table of targets or of images, of covariates and of folds, and a list of people to
 * leave out, after each but the last a byte 0x1e, for the ten people of a fileset. By the first byte what is
 * done about missing values, and whether targets are from images (one each, or one of many volumes) or from
 * the .fam. */
#include "fuzz.h"
#include "images/image_write.h"
#include "input/cohort/cohort.h"
#include "input/cohort/cohort_keep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N = 10, SNPS = 3, TABLES = 4, VOXELS = 4 };
enum { FROM_FAM = 8, FROM_IMAGES = 64, OF_VOLUMES = 128 }; /* bits of the first byte */

/* a.bed, a.bim and a.fam, once. */
static const char *fileset(void)
{
    static char prefix[300];
    if (prefix[0] != '\0')
        return prefix;
    uint8_t bed[3 + SNPS * ((N + 3) / 4)] = {0x6c, 0x1b, 0x01, 0xe4, 0x2e, 0x0b,
                                             0x1b, 0x8f, 0x03, 0xaa, 0x3e, 0x02};
    char fam[N * 32] = "";
    for (size_t i = 0; i < N; i++) {
        size_t used = strlen(fam);
        snprintf(fam + used, sizeof fam - used, "f%zu i%zu 0 0 %zu %zu\n", i / 2, i, 1 + i % 2, i * i % 7);
    }
    fuzz_put("a.bed", bed, sizeof bed);
    static const char bim[] = "1 rs1 0 1 A G\n2 rs2 0 2 C T\nX rs3 0 3 G A\n";
    fuzz_put("a.bim", bim, sizeof bim - 1);
    fuzz_put("a.fam", fam, strlen(fam));
    snprintf(prefix, sizeof prefix, "%s", fuzz_path("a"));
    return prefix;
}

static void put_image(size_t person, const char *path)
{
    const float values[VOXELS] = {(float)person, (float)(person * person % 7), (float)(person % 3), 1};
    struct error err = {0};
    const struct image_content content = {
        .grid = {.size = {2, 2, 1}, .affine = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}},
        .floats = values,
        .description = ""};
    if (image_write(path, path, &content, &err) != 0)
        abort();
}

/* i0.nii to i9.nii, once, and a file of as many volumes, whose path it returns. */
static const char *images(void)
{
    enum { VOXELS_AT = 352, DIMENSIONS_AT = 40, VOLUMES_AT = 48 }; /* of a NIfTI file */
    static char volumes[300];
    uint8_t bytes[VOXELS_AT + N * VOXELS * sizeof(float)] = {0};
    if (volumes[0] != '\0')
        return volumes;
    for (size_t i = 0; i < N; i++) {
        char name[32];
        snprintf(name, sizeof name, "i%zu.nii", i);
        put_image(i, fuzz_path(name));
    }
    FILE *first = fopen(fuzz_path("i0.nii"), "r");
    if (first == NULL || fread(bytes, VOXELS_AT, 1, first) != 1)
        abort();
    fclose(first);
    bytes[DIMENSIONS_AT] = 4;
    bytes[VOLUMES_AT] = N;
    for (size_t k = 0; k < N * VOXELS; k++)
        memcpy(bytes + VOXELS_AT + k * sizeof(float), &(float){(float)(k * k % 11)}, sizeof(float));
    snprintf(volumes, sizeof volumes, "%s", fuzz_put("volumes.nii", bytes, sizeof bytes));
    return volumes;
}

/* Whether there is the last. */
static bool put_tables(const uint8_t *data, size_t size, char paths[TABLES][300])
{
    for (int k = 0; k < TABLES; k++) {
        char name[32];
        const uint8_t *end = k + 1 < TABLES ? memchr(data, 0x1e, size) : NULL;
        size_t length = end != NULL ? (size_t)(end - data) : size;
        snprintf(name, sizeof name, "table%d.tsv", k);
        snprintf(paths[k], 300, "%s", fuzz_put(name, data, length));
        size_t taken = end != NULL ? length + 1 : length;
        data += taken;
        size -= taken;
        if (k + 1 == TABLES)
            return length > 0;
    }
    return false;
}

/* As for relatives: every second one stays. */
static void keep_half(struct cohort *cohort, struct log *log)
{
    size_t positions[N], count = 0;
    struct error err = {0};
    for (size_t i = 0; i < cohort->n; i += 2)
        positions[count++] = i;
    cohort_keep(cohort, positions, count, 0.5, log, &err);
}

/* Every value that the cohort says is there. */
static void look(const struct cohort *cohort)
{
    static volatile double sum;
    for (size_t k = 0; cohort->targets != NULL && k < cohort->n * cohort->n_targets; k++)
        sum += cohort->targets[k];
    for (size_t k = 0; k < cohort->n * cohort->n_quantitative; k++)
        sum += cohort->quantitative[k];
    for (size_t k = 0; k < cohort->n_categorical; k++)
        for (size_t i = 0; i < cohort->n; i++)
            if ((size_t)cohort->categorical[k].level[i] >= cohort->categorical[k].names.count)
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char paths[TABLES][300];
    if (size < 1)
        return 0;
    struct error err = {0};
    struct text_list names = {0}, none = {0}, codes = {0}, quantitative = {0}, categorical = {0}, fam = {0};
    if (text_list_add(&names, fileset(), &err) != 0 || text_list_add(&codes, "-9", &err) != 0 ||
        text_list_add(&fam, "phenotype", &err) != 0 || text_list_add(&quantitative, "age", &err) != 0 ||
        text_list_add(&categorical, "site", &err) != 0)
        abort();
    bool has_list = put_tables(data + 1, size - 1, paths);
    bool from_images = data[0] & FROM_IMAGES, of_volumes = data[0] & OF_VOLUMES,
         from_fam = data[0] & FROM_FAM && !from_images;
    const char *volumes = images();
    const struct cohort_images brain = {.images = of_volumes ? volumes : paths[0],
                                        .ids = of_volumes ? paths[0] : NULL,
                                        .grid_tolerance_mm = IMAGE_GRID_TOLERANCE_MM};
    const struct cohort_request request = {.genotypes = &names,
                                           .selection = {.all_chromosomes = true},
                                           .remove = has_list ? paths[3] : NULL,
                                           .max_missing_per_subject = has_list ? 0.5 : 1,
                                           .targets_table = from_images || from_fam ? NULL : paths[0],
                                           .images = from_images ? &brain : NULL,
                                           .target_columns = &none,
                                           .fam_names = from_fam ? &fam : &none,
                                           .fam_columns = &(const int){6},
                                           .missing = (enum cohort_missing)(data[0] % 3),
                                           .max_missing_per_target = 0.5,
                                           .missing_codes = &codes,
                                           .covariates_table = paths[1],
                                           .quantitative = &quantitative,
                                           .categorical = &categorical,
                                           .covariates_missing = (enum cohort_missing)(data[0] / 4 % 2),
                                           .within = "site",
                                           .keep_together = data[0] & 16 ? "FID" : "group",
                                           .folds_table = data[0] & 32 ? paths[2] : NULL,
                                           .folds_column = data[0] & 32 ? "fold" : NULL};
    struct log log;
    struct cohort cohort;
    if (log_init(&log, NULL, &err) != 0)
        abort();
    if (cohort_load(&cohort, &request, &log, &err) == 0) {
        look(&cohort);
        keep_half(&cohort, &log);
        cohort_free(&cohort);
    }
    log_close(&log, &err);
    text_list_free(&names);
    text_list_free(&fam);
    text_list_free(&codes);
    text_list_free(&quantitative);
    text_list_free(&categorical);
    return 0;
}
