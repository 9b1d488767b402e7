/* Part files: several ranks save, one takes over, and whoever looks meanwhile sees all of it. */
#include "campaign_example.h"
#include "checkpoint/part_file.h"
#include "checkpoint/part_files.h"
#include "dataset_place.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { T = 3, G = 4, N = 25, UNITS = 7, ROWS = 28 };

static float score_of(size_t row, size_t target)
{
    return (float)row + 0.125F * (float)target;
}

static void save(struct campaign_units *units, int64_t first, int64_t count)
{
    struct error err = {0};
    float rows[ROWS * T];
    for (size_t i = 0; i < (size_t)(count * G) * T; i++)
        rows[i] = score_of((size_t)(first * G) + i / T, i % T);
    CU_ASSERT_EQUAL(campaign_units_save(units, first, count, rows, NULL, &err), 0);
    CU_ASSERT_STRING_EQUAL(err.message, "");
}

static struct campaign_units *open_units(const char *path)
{
    struct error err = {0};
    struct campaign_units *units;
    CU_ASSERT_EQUAL(campaign_units_open(&units, path, &err), 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(units);
    return units;
}

/* All that a rank > 0 has of the campaign. */
static struct campaign known_to_ranks(const struct campaign *campaign)
{
    return (struct campaign){.arete_version = campaign->arete_version,
                             .blas_core = campaign->blas_core,
                             .fingerprints = campaign->fingerprints,
                             .n_fingerprints = campaign->n_fingerprints,
                             .n_targets = campaign->n_targets,
                             .n_permutations = campaign->n_permutations,
                             .unit_permutations = campaign->unit_permutations};
}

/* A new part, open for saving. */
static struct campaign_units *open_part(const char *path, int rank, const struct campaign *campaign)
{
    struct error err = {0};
    struct campaign_units *units;
    struct campaign known = known_to_ranks(campaign);
    CU_ASSERT_EQUAL(part_files_create(path, rank, &known, &units, &err), 0);
    CU_ASSERT_STRING_EQUAL(err.message, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(units);
    return units;
}

/* A part of the example campaign with room for `n_permutations` and `count` units done. */
static void make_part(const char *path, int rank, int64_t n_permutations, int64_t first, int64_t count)
{
    struct campaign campaign = example_campaign(T, n_permutations, G);
    struct campaign_units *part = open_part(path, rank, &campaign);
    save(part, first, count);
    campaign_units_close(part);
    campaign_free(&campaign);
}

/* The path of another file in the campaign's folder (valid until the next call but one). */
static const char *beside(const char *path, const char *name)
{
    static char paths[2][300];
    static int next;
    next = !next;
    snprintf(paths[next], sizeof paths[next], "%.*s%s", (int)(strrchr(path, '/') + 1 - path), path, name);
    return paths[next];
}

static bool exists(const char *path, const char *name)
{
    return access(beside(path, name), F_OK) == 0;
}

static void take(struct campaign_units *units, const char *path, int64_t expected)
{
    struct error err = {0};
    int64_t n_taken = -1;
    CU_ASSERT_EQUAL(part_files_merge(units, path, &n_taken, &err), 0);
    CU_ASSERT_STRING_EQUAL(err.message, "");
    CU_ASSERT_EQUAL(n_taken, expected);
}

static void assert_states(const struct campaign_units *units, const char *expected)
{
    struct error err = {0};
    enum campaign_unit_state states[UNITS] = {0};
    char found[UNITS + 1] = "";
    CU_ASSERT_EQUAL_FATAL(campaign_units_count(units), UNITS);
    CU_ASSERT_EQUAL(campaign_units_states(units, states, &err), 0);
    for (size_t u = 0; u < UNITS; u++)
        found[u] = "-DX"[states[u]];
    CU_ASSERT_STRING_EQUAL(found, expected);
}

struct bytes {
    char *at;
    size_t count;
};

static struct bytes contents(const char *path)
{
    struct stat status;
    struct bytes bytes = {0};
    FILE *file = fopen(path, "rb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL_FATAL(fstat(fileno(file), &status), 0);
    bytes.count = (size_t)status.st_size;
    bytes.at = malloc(bytes.count);
    CU_ASSERT_EQUAL_FATAL(fread(bytes.at, 1, bytes.count, file), bytes.count);
    fclose(file);
    return bytes;
}

/* The bytes of a campaign that one rank alone has done, up to `count` units. */
static void assert_as_by_one_rank(const char *path, int64_t count)
{
    const char *alone = example_file(T, N, G);
    struct campaign_units *units = open_units(alone);
    save(units, 0, count);
    campaign_units_close(units);
    struct bytes found = contents(path), expected = contents(alone);
    CU_ASSERT_EQUAL_FATAL(found.count, expected.count);
    CU_ASSERT_EQUAL(memcmp(found.at, expected.at, found.count), 0);
    free(found.at);
    free(expected.at);
}

static void flip_byte(const char *path, const struct schema *schema, const char *dataset, uint64_t at)
{
    uint64_t offset = dataset_place(path, schema, dataset).offset + at;
    int file = open(path, O_RDWR);
    unsigned char byte = 0;
    CU_ASSERT_EQUAL(pread(file, &byte, 1, (off_t)offset), 1);
    byte ^= 0x01U;
    CU_ASSERT_EQUAL(pwrite(file, &byte, 1, (off_t)offset), 1);
    close(file);
}

static void three_ranks_make_one_campaign(void)
{
    const char *path = example_file(T, N, G);
    struct campaign campaign = example_campaign(T, N, G);
    struct campaign_units *units = open_units(path);
    struct campaign_units *first = open_part(path, 1, &campaign), *tenth = open_part(path, 10, &campaign);
    save(units, 0, 1);
    save(tenth, 5, 2);
    save(first, 1, 2);
    save(units, 3, 1);
    save(first, 4, 1);
    save(first, 3, 1); /* the campaign has it too */
    campaign_units_close(first);
    campaign_units_close(tenth);
    assert_states(units, "D--D---");
    take(units, path, 5);
    CU_ASSERT_FALSE(exists(path, "campaign.part-1.h5") || exists(path, "campaign.part-10.h5"));
    assert_states(units, "DDDDDDD");
    take(units, path, 0);
    campaign_units_close(units);
    assert_as_by_one_rank(path, UNITS);
    campaign_free(&campaign);
}

/* Killed before the parts were removed, and then after some of what was copied was lost. */
static void taking_again_after_a_kill(void)
{
    const char *path = example_file(T, N, G);
    make_part(path, 2, N, 0, UNITS);
    struct bytes part = contents(beside(path, "campaign.part-2.h5"));
    struct campaign_units *units = open_units(path);
    take(units, path, UNITS);
    const char *again = testing_write(testing_folder(), "part", part.at, part.count);
    CU_ASSERT_EQUAL(rename(again, beside(path, "campaign.part-2.h5")), 0);
    take(units, path, 0);
    again = testing_write(testing_folder(), "part", part.at, part.count);
    CU_ASSERT_EQUAL(rename(again, beside(path, "campaign.part-2.h5")), 0);
    flip_byte(path, &campaign_schema, CAMPAIGN_NULL_SCORE, 2 * sizeof(float) * G * T);
    flip_byte(path, &campaign_schema, CAMPAIGN_UNIT_CRC, 6 * sizeof(uint32_t));
    assert_states(units, "DDXDDDX");
    take(units, path, 2);
    CU_ASSERT_FALSE(exists(path, "campaign.part-2.h5"));
    campaign_units_close(units);
    assert_as_by_one_rank(path, UNITS);
    free(part.at);
}

static void rows_that_do_not_match_are_not_taken(void)
{
    const char *path = example_file(T, N, G);
    make_part(path, 1, N, 0, UNITS);
    const char *part = beside(path, "campaign.part-1.h5");
    flip_byte(part, &part_file_schema, CAMPAIGN_NULL_SCORE, 1 * sizeof(float) * G * T);
    flip_byte(part, &part_file_schema, CAMPAIGN_UNIT_CRC, 5 * sizeof(uint32_t));
    struct campaign_units *units = open_units(path);
    take(units, path, UNITS - 2);
    assert_states(units, "D-DDD-D");
    campaign_units_close(units);
}

/* What a run on fewer permutations left, and one on more than the campaign has room for. */
static void parts_of_other_lengths(void)
{
    const char *path = example_file(T, N, G);
    make_part(path, 1, 9, 1, 2);
    make_part(path, 2, 1000, 5, 7);
    struct campaign_units *units = open_units(path);
    take(units, path, 4);
    assert_states(units, "-DD--DD");
    campaign_units_close(units);
}

/* Taking is refused with that text, and nothing was taken or removed. */
static void assert_refused(const char *path, int code, const char *text)
{
    struct error err = {0};
    int64_t n_taken;
    struct campaign_units *units = open_units(path);
    struct bytes before = contents(path), after;
    CU_ASSERT_EQUAL(part_files_merge(units, path, &n_taken, &err), code);
    ASSERT_CONTAINS(err.message, text);
    CU_ASSERT_PTR_NULL(strchr(err.message, '\n'));
    CU_ASSERT_EQUAL(n_taken, 0);
    after = contents(path);
    CU_ASSERT_EQUAL(memcmp(before.at, after.at, before.count), 0);
    CU_ASSERT(exists(path, "campaign.part-1.h5") && exists(path, "campaign.part-2.h5"));
    free(before.at);
    free(after.at);
    campaign_units_close(units);
}

static void foreign_parts_are_refused(void)
{
    const char *path = example_file(T, N, G);
    char part[300];
    snprintf(part, sizeof part, "%s", beside(path, "campaign.part-2.h5"));
    struct campaign foreign = example_campaign(T, N, G), shape = example_campaign(T + 1, N, G);
    make_part(path, 1, N, 0, 2);
    foreign.fingerprints[0].hash++;
    foreign.fingerprints[1].hash++;
    campaign_units_close(open_part(path, 2, &foreign));
    assert_refused(
        path, EXIT_CODE_BAD_INPUT,
        "campaign.part-2.h5: is a part of a campaign with other genotypes, seed; expected the study of "
        "the campaign beside it (--fresh starts over; or remove the file, and its permutations are "
        "computed again)");
    campaign_units_close(open_part(path, 2, &shape));
    assert_refused(
        path, EXIT_CODE_BAD_INPUT,
        "campaign.part-2.h5: is a part with units of 4 permutations x 4 targets; expected 4 x 3 as in "
        "the campaign beside it (--fresh ");
    make_part(path, 2, N, 2, 2);
    flip_byte(part, &part_file_schema, CAMPAIGN_FINGERPRINT, 3);
    assert_refused(path, EXIT_CODE_FAILED, "campaign.part-2.h5: /study/fingerprint is damaged: CRC-32C ");
    make_part(path, 2, N, 2, 2);
    CU_ASSERT_EQUAL(truncate(part, 5000), 0);
    assert_refused(path, EXIT_CODE_FAILED, "campaign.part-2.h5: is damaged: 5000 bytes are there; expected ");
    CU_ASSERT_EQUAL(unlink(part), 0);
    CU_ASSERT_EQUAL(link(path, part), 0);
    assert_refused(
        path, EXIT_CODE_BAD_INPUT,
        "campaign.part-2.h5: is an HDF5 file but not a part of an arete campaign (no attribute format = "
        "\"arete-campaign-part\")");
    campaign_free(&foreign);
    campaign_free(&shape);
}

/* A part of a gigabyte with two units done. */
static void a_part_takes_only_the_room_of_its_units(void)
{
    enum { LARGE_T = 1000, LARGE_N = 262144 };
    static const float rows[LARGE_T] = {1};
    const char *path = example_file(T, N, G);
    struct campaign campaign = example_campaign(T, LARGE_N, 1), known = known_to_ranks(&campaign);
    struct campaign_units *part;
    struct error err = {0};
    struct stat status;
    known.n_targets = LARGE_T;
    CU_ASSERT_EQUAL_FATAL(part_files_create(path, 1, &known, &part, &err), 0);
    CU_ASSERT_EQUAL(campaign_units_save(part, LARGE_N - 1, 1, rows, NULL, &err), 0);
    CU_ASSERT_EQUAL(campaign_units_save(part, 100000, 1, rows, NULL, &err), 0);
    CU_ASSERT_EQUAL_FATAL(stat(beside(path, "campaign.part-1.h5"), &status), 0);
    CU_ASSERT(status.st_size > 1000000000);
    CU_ASSERT(status.st_blocks * 512 < 300000);
    bool *done = calloc(LARGE_N, sizeof *done);
    CU_ASSERT_EQUAL(campaign_units_done(part, done, &err), 0);
    size_t n_done = 0;
    for (size_t u = 0; u < LARGE_N; u++)
        n_done += done[u];
    CU_ASSERT(n_done == 2 && done[100000] && done[LARGE_N - 1]);
    free(done);
    campaign_units_close(part);
    campaign_free(&campaign);
}

static struct campaign_units *open_reader(const char *path, size_t n_parts)
{
    struct error err = {0};
    struct campaign_units *reader;
    CU_ASSERT_EQUAL(campaign_units_open_read(&reader, path, &err), 0);
    CU_ASSERT_STRING_EQUAL(err.message, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
    CU_ASSERT_EQUAL(campaign_units_parts(reader), n_parts);
    return reader;
}

static void assert_rows(const struct campaign_units *units, int64_t first, int64_t count)
{
    struct error err = {0};
    float rows[ROWS * T];
    CU_ASSERT_EQUAL(campaign_units_read(units, first, count, rows, &err), 0);
    for (size_t i = 0; i < (size_t)count * T; i++)
        CU_ASSERT_EQUAL(rows[i], score_of((size_t)first + i / T, i % T));
}

/* What `status` and `results` see while a run goes on, and while it ends. */
static void reading_while_ranks_save(void)
{
    const char *path = example_file(T, N, G);
    struct campaign campaign = example_campaign(T, N, G);
    struct campaign_units *units = open_units(path), *part = open_part(path, 1, &campaign);
    make_part(path, 2, N, 4, 3);
    save(units, 0, 2);
    save(part, 2, 1);
    struct campaign_units *reader = open_reader(path, 2), *later;
    assert_states(reader, "DDD-DDD");
    assert_rows(reader, 0, 3 * G);
    assert_rows(reader, 4 * G + 1, 2 * G);
    save(part, 3, 1);
    save(units, 3, 1);
    assert_states(reader, "DDDDDDD");
    campaign_units_close(part);
    later = open_reader(path, 2);
    take(units, path, 4);
    assert_rows(reader, 1, ROWS - 2); /* the parts are gone, and what was seen stays */
    assert_states(later, "DDDDDDD");
    assert_rows(later, 0, ROWS);
    campaign_units_close(reader);
    campaign_units_close(later);
    reader = open_reader(path, 0);
    assert_rows(reader, 0, ROWS);
    campaign_units_close(reader);
    campaign_units_close(units);
    campaign_free(&campaign);
}

static void a_reader_ignores_foreign_parts(void)
{
    const char *path = example_file(T, N, G), *because;
    struct campaign foreign = example_campaign(T, N, G);
    struct error err = {0};
    foreign.fingerprints[1].hash++;
    make_part(path, 1, N, 1, 2);
    struct campaign_units *part = open_part(path, 2, &foreign);
    save(part, 4, 2);
    campaign_units_close(part);
    struct campaign_units *reader = open_reader(path, 1);
    assert_states(reader, "-DD----");
    CU_ASSERT_EQUAL(campaign_units_parts_ignored(reader, &because), 1);
    ASSERT_CONTAINS(because, "campaign.part-2.h5: is a part of a campaign with other seed; ");
    campaign_units_close(reader);
    campaign_units_close(open_part(path, 2, &foreign));
    flip_byte(beside(path, "campaign.part-2.h5"), &part_file_schema, CAMPAIGN_FINGERPRINT, 0);
    CU_ASSERT_EQUAL(campaign_units_open_read(&reader, path, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "campaign.part-2.h5: /study/fingerprint is damaged");
    CU_ASSERT_PTR_NULL(reader);
    campaign_free(&foreign);
}

/* More parts than a process may have open files at first. */
static void many_parts(void)
{
    const char *path = example_file(T, N, G);
    for (int rank = 1; rank <= UNITS; rank++)
        make_part(path, rank, N, rank - 1, 1);
    struct rlimit before, few;
    getrlimit(RLIMIT_NOFILE, &before);
    few = before;
    few.rlim_cur = 10;
    setrlimit(RLIMIT_NOFILE, &few);
    struct campaign_units *reader = open_reader(path, UNITS);
    assert_states(reader, "DDDDDDD");
    campaign_units_close(reader);
    setrlimit(RLIMIT_NOFILE, &before);
}

static void other_files_are_left_alone(void)
{
    static const char *const names[] = {"campaign.part-1.h5.bak", "campaign.part-.h5",
                                        "campaign.part-1x.h5",    "campaign.part-1.h5x",
                                        "other.part-1.h5",        "campaign.h5.part-1.h5"};
    const char *path = example_file(T, N, G);
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        fclose(fopen(beside(path, names[k]), "w"));
    fclose(fopen(beside(path, "campaign.part-12.h5.tmp"), "w"));
    fclose(fopen(beside(path, "campaign.part-12.h5.0123456789ab.tmp"), "w"));
    struct campaign_units *units = open_units(path);
    take(units, path, 0);
    campaign_units_close(units);
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        CU_ASSERT(exists(path, names[k]));
    CU_ASSERT_FALSE(exists(path, "campaign.part-12.h5.tmp"));
    CU_ASSERT_FALSE(exists(path, "campaign.part-12.h5.0123456789ab.tmp"));
}

static void starting_over_removes_parts(void)
{
    const char *path = example_file(T, N, G);
    struct error err = {0};
    make_part(path, 1, N, 0, 1);
    fclose(fopen(beside(path, "campaign.part-2.h5"), "w")); /* whatever they are */
    CU_ASSERT_EQUAL(part_file_check_none(path, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_CONTAINS(err.message, "campaign.part-1.h5: belongs to a campaign that is not here: put that back");
    err = (struct error){0};
    CU_ASSERT_EQUAL(part_files_remove(path, &err), 0);
    CU_ASSERT_FALSE(exists(path, "campaign.part-1.h5") || exists(path, "campaign.part-2.h5"));
    CU_ASSERT_EQUAL(part_file_check_none(path, &err), 0);
    struct campaign_units *units = open_units(path);
    assert_states(units, "-------");
    campaign_units_close(units);
}

static void a_part_is_no_campaign(void)
{
    const char *path = example_file(T, N, G);
    struct error err = {0};
    struct campaign campaign;
    make_part(path, 1, N, 0, 1);
    CU_ASSERT_EQUAL(campaign_read(&campaign, beside(path, "campaign.part-1.h5"), &err), EXIT_CODE_BAD_INPUT);
    ASSERT_CONTAINS(err.message,
                    "campaign.part-1.h5: is an HDF5 file but not an arete campaign (no attribute format");
    make_part(path, 1, N, 1, 1); /* a new part takes the place of an older one */
    struct campaign_units *units = open_units(path);
    take(units, path, 1);
    assert_states(units, "-D-----");
    campaign_units_close(units);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"three_ranks_make_one_campaign", three_ranks_make_one_campaign},
        {"taking_again_after_a_kill", taking_again_after_a_kill},
        {"rows_that_do_not_match_are_not_taken", rows_that_do_not_match_are_not_taken},
        {"parts_of_other_lengths", parts_of_other_lengths},
        {"foreign_parts_are_refused", foreign_parts_are_refused},
        {"a_part_takes_only_the_room_of_its_units", a_part_takes_only_the_room_of_its_units},
        {"reading_while_ranks_save", reading_while_ranks_save},
        {"a_reader_ignores_foreign_parts", a_reader_ignores_foreign_parts},
        {"many_parts", many_parts},
        {"other_files_are_left_alone", other_files_are_left_alone},
        {"starting_over_removes_parts", starting_over_removes_parts},
        {"a_part_is_no_campaign", a_part_is_no_campaign},
    };
    return testing_main(argc, argv, "parts", cases, sizeof cases / sizeof *cases);
}
