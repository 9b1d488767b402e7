#include "checkpoint/campaign.h"

#include "checkpoint/hdf5_file.h"

#include "campaign_example.h"
#include "dataset_place.h"
#include "hdf5_change.h"
#include "same_campaign.h"

#include <dirent.h>
#include <fcntl.h>
#include <hdf5.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void what_is_read_is_what_was_created(void)
{
    static const struct {
        size_t n_targets;
        int64_t n_permutations, unit_permutations;
    } shapes[] = {{3, 25, 4}, {1, 1000, 1000}, {700, 10, 1}, {2, 1, 500}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct error err = {0};
        struct campaign read, created = example_campaign(shapes[i].n_targets, shapes[i].n_permutations,
                                                         shapes[i].unit_permutations);
        const char *path =
            example_file(shapes[i].n_targets, shapes[i].n_permutations, shapes[i].unit_permutations);
        CU_ASSERT_EQUAL_FATAL(campaign_read(&read, path, &err), 0);
        ASSERT_SAME_CAMPAIGN(&created, &read);
        campaign_free(&read);
        campaign_free(&created);
    }
}

/* An older program's file has no counts of missing values, and an extension invents none. */
static void optional_datasets_may_be_absent(void)
{
    struct error err = {0};
    struct campaign read, created = example_campaign(3, 25, 4);
    const char *path = testing_write_text(testing_folder(), "campaign.h5", "");
    free(created.target_n_missing);
    created.target_n_missing = NULL;
    CU_ASSERT_EQUAL_FATAL(campaign_create(path, &created, &err), 0);
    for (int64_t count = 25; count <= 50; count += 25) {
        CU_ASSERT_EQUAL_FATAL(example_extend(path, count, &err), 0);
        CU_ASSERT_EQUAL_FATAL(campaign_read(&read, path, &err), 0);
        CU_ASSERT_PTR_NULL(read.target_n_missing);
        created.n_permutations = count;
        ASSERT_SAME_CAMPAIGN(&created, &read);
        campaign_free(&read);
    }
    campaign_free(&created);
}

static char *contents(const char *path, size_t *count)
{
    struct stat status;
    CU_ASSERT_EQUAL_FATAL(stat(path, &status), 0);
    *count = (size_t)status.st_size;
    char *bytes = malloc(*count);
    FILE *file = fopen(path, "rb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL_FATAL(fread(bytes, 1, *count, file), *count);
    fclose(file);
    return bytes;
}

/* So that two runs can be compared with cmp: no times, no stray memory. */
static void same_campaign_same_bytes(void)
{
    size_t first_count, second_count;
    char *first = contents(example_file(3, 25, 4), &first_count);
    char *second = contents(example_file(3, 25, 4), &second_count);
    CU_ASSERT_EQUAL_FATAL(first_count, second_count);
    CU_ASSERT_EQUAL(memcmp(first, second, first_count), 0);
    free(first);
    free(second);
}

/* Reading must fail with that code and exactly that text after the path. */
static void fingerprints_tell_studies_apart(void)
{
    struct error err = {0};
    struct campaign made = example_campaign(3, 25, 4), there;
    const char *folder = testing_folder();
    const char *path = testing_write_text(folder, "campaign.h5", "");
    CU_ASSERT_EQUAL_FATAL(campaign_create(path, &made, &err), 0);
    CU_ASSERT_EQUAL_FATAL(campaign_read_fingerprints(&there, path, &err), 0);
    CU_ASSERT_TRUE(campaign_is_same_study(&made, &there));
    CU_ASSERT_PTR_NULL(there.gram); /* it may be large: nothing but the fingerprints is read */
    there.fingerprints[0].hash++;
    CU_ASSERT_FALSE(campaign_is_same_study(&made, &there));
    there.fingerprints[0].hash--;
    there.n_fingerprints--;
    CU_ASSERT_FALSE(campaign_is_same_study(&made, &there));
    there.n_fingerprints++;
    campaign_free(&there);
    campaign_free(&made);
}

static void assert_refused(const char *path, int code, const char *text)
{
    struct error err = {0};
    struct campaign campaign;
    CU_ASSERT_EQUAL(campaign_read(&campaign, path, &err), code);
    campaign_free(&campaign); /* legal after a failure */
    char expected[1024];
    snprintf(expected, sizeof expected, "%s: %s", path, text);
    ASSERT_CONTAINS(err.message, expected);
    CU_ASSERT_PTR_NULL(strchr(err.message, '\n'));
}

static void flip_byte(const char *path, uint64_t offset)
{
    int file = open(path, O_RDWR);
    unsigned char byte = 0;
    CU_ASSERT_EQUAL_FATAL(pread(file, &byte, 1, (off_t)offset), 1);
    byte ^= 0x10U;
    CU_ASSERT_EQUAL_FATAL(pwrite(file, &byte, 1, (off_t)offset), 1);
    close(file);
}

static void assert_flips_are_named(const struct campaign *made)
{
    const char *path = example_file_of(made);
    for (int k = 0; k < campaign_schema.n_fields; k++) {
        const struct schema_field *field = &campaign_schema.fields[k];
        if (field->path == NULL || field->attribute != NULL || field->storage == SCHEMA_APART ||
            !schema_is_written(&campaign_schema, made, field))
            continue;
        struct dataset_place place = dataset_place(path, &campaign_schema, field->path);
        if (place.count_bytes == 0)
            continue;
        char text[128];
        snprintf(text, sizeof text, "%s is damaged: CRC-32C ", field->path);
        flip_byte(path, place.offset + place.count_bytes - 1);
        assert_refused(path, EXIT_CODE_FAILED, text);
        flip_byte(path, place.offset + place.count_bytes - 1);
    }
    struct error err = {0};
    struct campaign campaign;
    CU_ASSERT_EQUAL(campaign_read(&campaign, path, &err), 0); /* all were put back */
    campaign_free(&campaign);
}

static void a_flipped_byte_names_its_dataset(void)
{
    struct campaign single = example_campaign(3, 25, 4), orbits = example_orbits(3, 25, 1);
    assert_flips_are_named(&single);
    assert_flips_are_named(&orbits);
    campaign_free(&single);
    campaign_free(&orbits);
}

/* Either G or the number of slices is 1: units of several orbits of a slice are nobody's. */
static void units_of_several_orbits_and_slices(void)
{
    static const struct {
        int64_t orbits;
        size_t targets;
        bool right;
    } cases[] = {{1, 3, true}, {7, 3, true}, {1, 2, true}, {1, 1, true}, {2, 2, false}, {1, 4, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        struct campaign read, made = example_orbits(3, 25, cases[i].orbits);
        made.slice_targets = cases[i].targets;
        const char *path = example_file_of(&made);
        if (!cases[i].right)
            assert_refused(path, EXIT_CODE_FAILED, "is damaged: a unit of ");
        else
            CU_ASSERT_EQUAL(campaign_read(&read, path, &err), 0);
        if (cases[i].right)
            campaign_free(&read);
        campaign_free(&made);
    }
}

static void a_truncated_file_is_refused(void)
{
    const char *path = example_file(3, 25, 4);
    size_t count;
    free(contents(path, &count));
    CU_ASSERT_EQUAL_FATAL(truncate(path, (off_t)count - 1), 0);
    assert_refused(path, EXIT_CODE_FAILED, "is damaged: 20070 bytes are there; expected 20071");
    CU_ASSERT_EQUAL_FATAL(truncate(path, 100), 0);
    assert_refused(path, EXIT_CODE_FAILED, "is damaged: ");
    CU_ASSERT_EQUAL_FATAL(truncate(path, 0), 0);
    assert_refused(path, EXIT_CODE_BAD_INPUT, "is not an HDF5 file; expected an arete campaign");
}

static void what_is_no_campaign_is_bad_input(void)
{
    const char *folder = testing_folder();
    assert_refused(testing_write_text(folder, "a.h5", "target\tr2\n"), EXIT_CODE_BAD_INPUT,
                   "is not an HDF5 file; expected an arete campaign");
    assert_refused("/nowhere/b.h5", EXIT_CODE_BAD_INPUT, "cannot be read: No such file or directory");
    assert_refused(folder, EXIT_CODE_BAD_INPUT, "is not a file; expected an arete campaign");
    const char *path = testing_write_text(folder, "c.h5", "");
    hid_t access = hdf5_change_access();
    H5Fclose(H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    assert_refused(path, EXIT_CODE_BAD_INPUT,
                   "is an HDF5 file, but damaged or not written by arete; expected an arete campaign");
    H5Fclose(H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, access));
    H5Pclose(access);
    assert_refused(path, EXIT_CODE_BAD_INPUT,
                   "is an HDF5 file but not an arete campaign (no attribute format = \"arete-campaign\")");
}

static void set_version(const char *path, int32_t version)
{
    hid_t file = hdf5_change_open(path);
    hid_t attribute = H5Aopen(file, "format_version", H5P_DEFAULT);
    CU_ASSERT(H5Awrite(attribute, H5T_NATIVE_INT32, &version) >= 0);
    H5Aclose(attribute);
    H5Fclose(file);
}

static void other_formats_say_what_to_do(void)
{
    const char *path = example_file(3, 25, 4);
    set_version(path, 4);
    assert_refused(
        path, EXIT_CODE_BAD_INPUT,
        "has campaign format 4, written by a newer arete; this one reads format 2 to 3: use arete 0.1.0 "
        "or newer");
    set_version(path, 0);
    assert_refused(
        path, EXIT_CODE_BAD_INPUT,
        "has campaign format 0, written by an older arete; this one reads format 2 to 3: go on with arete "
        "0.1.0, or move the file away to begin anew");
}

/* Made by the first program that wrote format 2 (tests/data/campaign_format_2/README.md). */
static void a_file_of_the_first_format_2_is_read(void)
{
    static const char path[] = ARETE_TEST_DATA "/campaign_format_2/campaign.h5";
    struct error err = {0};
    struct campaign c;
    struct campaign_units *units;
    bool done[4];
    CU_ASSERT_EQUAL_FATAL(campaign_read(&c, path, &err), 0);
    CU_ASSERT(c.n == 36 && c.n_targets_all == 3 && c.n_targets == 2 && c.n_covariates == 3 &&
              c.n_outer == 3 && c.n_inner == 4 && c.n_penalties == 8 && c.n_snps == 521 && c.seed == 42);
    CU_ASSERT_EQUAL(c.gram_is_single, 0);
    CU_ASSERT(c.n_permutations == 2000 && c.unit_permutations == 500);
    CU_ASSERT_STRING_EQUAL(c.target_name[2], "constant");
    CU_ASSERT_STRING_EQUAL(c.files[0].path, "chr1.bed");
    CU_ASSERT_EQUAL(c.n_warnings + c.n_subject_filters + c.n_snp_filters + c.n_power, 0);
    CU_ASSERT(c.warning == NULL && c.subject_filter == NULL && c.snp_filter == NULL && c.expected_r2 == NULL);
    campaign_free(&c);
    CU_ASSERT_EQUAL_FATAL(campaign_units_open_read(&units, path, &err), 0);
    CU_ASSERT_EQUAL(campaign_units_done(units, done, &err), 0);
    CU_ASSERT(done[0] && done[1] && !done[2] && !done[3]);
    campaign_units_close(units);
}

/* Puts another dataset in the place of one. */
static void replace_dataset(const char *path, const char *name, int rank, const hsize_t *shape, hid_t type)
{
    struct error err = {0};
    hid_t properties = hdf5_file_dataset_properties(path, &err);
    CU_ASSERT(properties >= 0);
    hid_t file = hdf5_change_open(path);
    CU_ASSERT(H5Ldelete(file, name, H5P_DEFAULT) >= 0);
    if (rank > 0) {
        hid_t space = H5Screate_simple(rank, shape, NULL);
        H5Dclose(H5Dcreate2(file, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT));
        H5Sclose(space);
    }
    H5Pclose(properties);
    H5Fclose(file);
}

static void other_shapes_and_types_are_refused(void)
{
    const char *path = example_file(3, 25, 4);
    replace_dataset(path, "/null/score", 2, (hsize_t[]){28, 4}, H5T_IEEE_F32LE);
    assert_refused(path, EXIT_CODE_FAILED, "/null/score has shape 28 x 4; expected 28 x 3");
    replace_dataset(path, "/gram", 1, (hsize_t[]){144}, H5T_IEEE_F64LE);
    assert_refused(path, EXIT_CODE_FAILED, "/gram has shape 144; expected 12 x 12");
    replace_dataset(path, "/folds/outer", 1, (hsize_t[]){12}, H5T_STD_I32BE);
    assert_refused(path, EXIT_CODE_FAILED, "/folds/outer has another type; expected i32, little-endian");
    replace_dataset(path, "/subjects/iid", 0, NULL, 0);
    assert_refused(path, EXIT_CODE_FAILED, "/subjects/iid is missing or damaged");
    replace_dataset(path, "/study/files", 1, (hsize_t[]){1}, H5T_IEEE_F64LE);
    assert_refused(
        path, EXIT_CODE_FAILED,
        "/study/files has another type; expected (text path, i64 size, i64 modified_ns, u64 hash), "
        "little-endian");
}

/* HDF5 takes a dataset's space when something is written to it, unless it is told otherwise. */
static void a_dataset_without_bytes_is_refused(void)
{
    const char *path = example_file(3, 25, 4);
    hid_t file = hdf5_change_open(path), space = H5Screate_simple(2, (hsize_t[]){28, 3}, NULL);
    CU_ASSERT(H5Ldelete(file, "/null/score", H5P_DEFAULT) >= 0);
    H5Dclose(H5Dcreate2(file, "/null/score", H5T_IEEE_F32LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Sclose(space);
    H5Fclose(file);
    assert_refused(path, EXIT_CODE_FAILED, "/null/score is damaged: its bytes are not in the file's ");
}

/* A fold or a count that would be used as an index is checked even when its CRC is right. */
static void values_that_cannot_be_are_refused(void)
{
    struct error err = {0};
    struct campaign c = example_campaign(3, 25, 4);
    const char *path = testing_write_text(testing_folder(), "campaign.h5", "");
    c.inner_fold[5] = 2;
    CU_ASSERT_EQUAL_FATAL(campaign_create(path, &c, &err), 0);
    assert_refused(path, EXIT_CODE_FAILED,
                   "/folds/inner names a fold that is none of the 3 outer, 2 inner ones");
    c.inner_fold[5] = 1;
    c.outer_fold[11] = 3;
    CU_ASSERT_EQUAL_FATAL(campaign_create(path, &c, &err), 0);
    assert_refused(path, EXIT_CODE_FAILED,
                   "/folds/outer names a fold that is none of the 3 outer, 2 inner ones");
    c.outer_fold[11] = 2;
    c.target_analysed[0] = 1;
    CU_ASSERT_EQUAL_FATAL(campaign_create(path, &c, &err), 0);
    assert_refused(path, EXIT_CODE_FAILED, "/targets/analysed marks 4 targets; expected 3");
    c.target_analysed[0] = 0;
    c.n_placed = 4;
    CU_ASSERT_EQUAL_FATAL(campaign_create(path, &c, &err), 0);
    assert_refused(path, EXIT_CODE_FAILED, "/targets/mm has 4 targets; expected none or 5");
    c.n_placed = 5;
    c.map_voxel[29] = 60; /* of 60 */
    CU_ASSERT_EQUAL_FATAL(campaign_create(path, &c, &err), 0);
    assert_refused(path, EXIT_CODE_FAILED, "/maps: 30 voxels and a mean image of 12 found");
    c.map_voxel[29] = 58;
    c.map_target[3] = 5;
    CU_ASSERT_EQUAL_FATAL(campaign_create(path, &c, &err), 0);
    assert_refused(path, EXIT_CODE_FAILED, "/maps: 30 voxels");
    c.map_target[3] = 4;
    c.mean_stride = 1;
    CU_ASSERT_EQUAL_FATAL(campaign_create(path, &c, &err), 0);
    assert_refused(path, EXIT_CODE_FAILED, "/maps: 30 voxels");
    campaign_free(&c);
}

static size_t entries(const char *folder)
{
    DIR *open_folder = opendir(folder);
    size_t count = 0;
    while (readdir(open_folder) != NULL)
        count++;
    closedir(open_folder);
    return count - 2; /* . and .. */
}

static void assert_create_fails(const char *path, int64_t n_permutations, const char *text)
{
    struct error err = {0};
    struct campaign c = example_campaign(3, n_permutations, 4);
    CU_ASSERT(campaign_create(path, &c, &err) != 0);
    ASSERT_CONTAINS(err.message, text);
    campaign_free(&c);
}

static void a_failed_create_leaves_nothing(void)
{
    assert_create_fails("/nowhere/campaign.h5", 25,
                        "/nowhere/campaign.h5: cannot be written: No such file or directory");
    const char *folder = testing_folder();
    char path[256];
    snprintf(path, sizeof path, "%s/campaign.h5", folder);
    CU_ASSERT_EQUAL_FATAL(mkdir(path, 0777), 0);
    assert_create_fails(path, 25, "campaign.h5: a folder found; expected a file");
    CU_ASSERT_EQUAL(entries(folder), 1);
    CU_ASSERT_EQUAL(entries(path), 0);
}

/* A limit on file sizes stands for a full disk: too small for the null scores, then for HDF5's own metadata.
 */
static void a_full_disk_keeps_the_old_file(void)
{
    const char *folder = testing_folder();
    static const char older[] = "\211HDF\r\n\032\narete-campaign, an older file";
    const char *path = testing_write_text(folder, "campaign.h5", older);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit before, small;
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 1 << 20;
    setrlimit(RLIMIT_FSIZE, &small);
    assert_create_fails(path, 10000000, "campaign.h5: cannot take 131.4 MB of disk space: File too large");
    small.rlim_cur = 2000;
    setrlimit(RLIMIT_FSIZE, &small);
    assert_create_fails(path, 25, "campaign.h5: cannot take 1.0 MB of disk space: File too large");
    setrlimit(RLIMIT_FSIZE, &before);
    assert_create_fails(path, INT64_MAX - 3, "campaign.h5: cannot take ");
    CU_ASSERT_EQUAL(entries(folder), 1);
    size_t count;
    char *bytes = contents(path, &count);
    CU_ASSERT_EQUAL(count, strlen(older));
    free(bytes);
    struct error err = {0};
    struct campaign c = example_campaign(3, 25, 4);
    CU_ASSERT_EQUAL(campaign_create(path, &c, &err), 0); /* the process can go on */
    campaign_free(&c);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"what_is_read_is_what_was_created", what_is_read_is_what_was_created},
        {"optional_datasets_may_be_absent", optional_datasets_may_be_absent},
        {"same_campaign_same_bytes", same_campaign_same_bytes},
        {"fingerprints_tell_studies_apart", fingerprints_tell_studies_apart},
        {"a_flipped_byte_names_its_dataset", a_flipped_byte_names_its_dataset},
        {"units_of_several_orbits_and_slices", units_of_several_orbits_and_slices},
        {"a_truncated_file_is_refused", a_truncated_file_is_refused},
        {"what_is_no_campaign_is_bad_input", what_is_no_campaign_is_bad_input},
        {"other_formats_say_what_to_do", other_formats_say_what_to_do},
        {"a_file_of_the_first_format_2_is_read", a_file_of_the_first_format_2_is_read},
        {"other_shapes_and_types_are_refused", other_shapes_and_types_are_refused},
        {"a_dataset_without_bytes_is_refused", a_dataset_without_bytes_is_refused},
        {"values_that_cannot_be_are_refused", values_that_cannot_be_are_refused},
        {"a_failed_create_leaves_nothing", a_failed_create_leaves_nothing},
        {"a_full_disk_keeps_the_old_file", a_full_disk_keeps_the_old_file},
    };
    return testing_main(argc, argv, "campaign", cases, sizeof cases / sizeof *cases);
}
