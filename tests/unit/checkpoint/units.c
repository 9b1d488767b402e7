#include "campaign_example.h"
#include "checkpoint/campaign.h"
#include "checkpoint/campaign_lock.h"
#include "dataset_place.h"
#include "same_campaign.h"

#include <fcntl.h>
#include <hdf5.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { T = 3, G = 4, N = 25, UNITS = 7, ROWS = 28 };

/* The score of each permutation and target; NaN now and then. */
static float score_of(size_t row, size_t target)
{
    return (row + target) % 11 == 0 ? NAN : (float)row + 0.125F * (float)target;
}

static void fill_rows(float *rows, size_t first_row, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t t = 0; t < T; t++)
            rows[i * T + t] = score_of(first_row + i, t);
}

static struct campaign_units *open_units(const char *path)
{
    struct error err = {0};
    struct campaign_units *units;
    CU_ASSERT_EQUAL(campaign_units_open(&units, path, &err), 0);
    CU_ASSERT_STRING_EQUAL(err.message, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(units);
    return units;
}

static void save(struct campaign_units *units, int64_t first, int64_t count)
{
    struct error err = {0};
    float rows[ROWS * T];
    fill_rows(rows, (size_t)(first * G), (size_t)(count * G));
    CU_ASSERT_EQUAL(campaign_units_save(units, first, count, rows, NULL, &err), 0);
}

static void assert_done(const struct campaign_units *units, const char *expected)
{
    struct error err = {0};
    bool done[UNITS];
    char found[UNITS + 1] = "";
    CU_ASSERT_EQUAL(campaign_units_done(units, done, &err), 0);
    for (size_t u = 0; u < UNITS; u++)
        found[u] = done[u] ? '1' : '0';
    CU_ASSERT_STRING_EQUAL(found, expected);
}

static void saved_in_any_order_and_read_back(void)
{
    const char *path = example_file(T, N, G);
    struct campaign_units *units = open_units(path);
    assert_done(units, "0000000");
    save(units, 5, 2); /* with the last one, whose rows past N are there as well */
    save(units, 0, 1);
    assert_done(units, "1000011");
    campaign_units_close(units);

    units = open_units(path); /* another process would see the same */
    assert_done(units, "1000011");
    save(units, 1, 4);
    assert_done(units, "1111111");
    struct error err = {0};
    float read[20 * T], expected[20 * T];
    CU_ASSERT_EQUAL(campaign_units_read(units, 7, 20, read, &err), 0); /* starts and ends inside units */
    fill_rows(expected, 7, 20);
    CU_ASSERT_EQUAL(memcmp(read, expected, sizeof read), 0);
    campaign_units_close(units);

    struct campaign campaign, created = example_campaign(T, N, G);
    CU_ASSERT_EQUAL_FATAL(campaign_read(&campaign, path, &err), 0); /* saving touched nothing else */
    CU_ASSERT_EQUAL(campaign_unit_count(&campaign), UNITS);
    CU_ASSERT_EQUAL(memcmp(campaign.gram, created.gram, 144 * sizeof(double)), 0);
    campaign_free(&campaign);
    campaign_free(&created);
}

static struct dataset_place place_of(const char *path, const char *dataset)
{
    return dataset_place(path, &campaign_schema, dataset);
}

static void flip_byte(const char *path, uint64_t offset)
{
    int file = open(path, O_RDWR);
    unsigned char byte = 0;
    CU_ASSERT_EQUAL(pread(file, &byte, 1, (off_t)offset), 1);
    byte ^= 0x01U;
    CU_ASSERT_EQUAL(pwrite(file, &byte, 1, (off_t)offset), 1);
    close(file);
}

/* What a crash between rows and CRC leaves, and a bad disk: not done, nothing worse. */
static void rows_that_do_not_match_are_not_done(void)
{
    const char *path = example_file(T, N, G);
    struct campaign_units *units = open_units(path);
    save(units, 0, UNITS);
    uint64_t unit_bytes = (uint64_t)G * T * sizeof(float);
    flip_byte(path, place_of(path, CAMPAIGN_NULL_SCORE).offset + 2 * unit_bytes);
    flip_byte(path, place_of(path, CAMPAIGN_NULL_SCORE).offset + 6 * unit_bytes - 1);
    flip_byte(path, place_of(path, CAMPAIGN_UNIT_CRC).offset + 6 * sizeof(uint32_t));
    assert_done(units, "1101100");
    save(units, 2, 1);
    assert_done(units, "1111100");
    campaign_units_close(units);
}

static void assert_states(const struct campaign_units *units, const char *expected)
{
    struct error err = {0};
    enum campaign_unit_state states[2 * UNITS] = {0};
    char found[2 * UNITS + 1] = "";
    size_t count = strlen(expected);
    CU_ASSERT_EQUAL_FATAL(campaign_units_count(units), (int64_t)count);
    CU_ASSERT_EQUAL(campaign_units_states(units, states, &err), 0);
    for (size_t u = 0; u < count; u++)
        found[u] = "-DX"[states[u]];
    CU_ASSERT_STRING_EQUAL(found, expected);
}

/* What `status` sees while a run goes on. */
static void reading_while_another_saves(void)
{
    const char *path = example_file(T, N, G);
    struct campaign_units *units = open_units(path), *reader;
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(campaign_units_open_read(&reader, path, &err), 0);
    assert_states(reader, "-------");
    save(units, 2, 2);
    assert_states(reader, "--DD---");
    flip_byte(path, place_of(path, CAMPAIGN_NULL_SCORE).offset + 3 * sizeof(float) * G * T);
    flip_byte(path, place_of(path, CAMPAIGN_UNIT_CRC).offset + 6 * sizeof(uint32_t));
    assert_states(reader, "--DX--X");
    assert_done(reader, "0010000");
    float rows[G * T] = {0};
    CU_ASSERT_EQUAL(campaign_units_save(reader, 0, 1, rows, NULL, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "campaign.h5: is open for reading only; no unit can be saved");
    assert_states(reader, "--DX--X");
    campaign_units_close(units);
    campaign_units_close(reader);
}

static void extend(const char *path, int64_t n_permutations)
{
    struct error err = {0};
    CU_ASSERT_EQUAL(example_extend(path, n_permutations, &err), 0);
    CU_ASSERT_STRING_EQUAL(err.message, "");
}

static void an_extended_campaign_keeps_what_is_done(void)
{
    const char *path = example_file(T, N, G);
    struct campaign_units *units = open_units(path), *older;
    save(units, 0, UNITS);
    campaign_units_close(units);
    flip_byte(path, place_of(path, CAMPAIGN_NULL_SCORE).offset + 4 * sizeof(float) * G * T);
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(campaign_units_open_read(&older, path, &err), 0);
    extend(path, 53);
    assert_states(older, "DDDDXDD"); /* a reader of the older file goes on with it */
    campaign_units_close(older);

    units = open_units(path);
    assert_states(units, "DDDD-DD-------");
    save(units, 4, 1);
    save(units, 7, 2);
    assert_states(units, "DDDDDDDDD-----");
    float read[9 * G * T], expected[9 * G * T];
    CU_ASSERT_EQUAL(campaign_units_read(units, 0, 9 * G, read, &err), 0);
    fill_rows(expected, 0, 9 * G);
    CU_ASSERT_EQUAL(memcmp(read, expected, sizeof read), 0);
    campaign_units_close(units);

    struct campaign campaign, created = example_campaign(T, 53, G);
    CU_ASSERT_EQUAL_FATAL(campaign_read(&campaign, path, &err), 0);
    ASSERT_SAME_CAMPAIGN(&campaign, &created);
    campaign_free(&campaign);
    campaign_free(&created);
}

enum { WIDE_T = 300, EXTENSIONS = 50 }; /* each one moves the CRCs by more than a page */

/* One look of `status`: the first unit is done, in the older file and in the newer one. */
static bool look(const char *path)
{
    struct error err = {0};
    struct campaign campaign;
    struct campaign_units *units;
    enum campaign_unit_state states[1 + EXTENSIONS];
    bool right = campaign_read(&campaign, path, &err) == 0;
    campaign_free(&campaign);
    right = right && campaign_units_open_read(&units, path, &err) == 0;
    if (right) {
        right = campaign_units_states(units, states, &err) == 0;
        for (int64_t u = 0; right && u < campaign_units_count(units); u++)
            right = states[u] == (u == 0 ? CAMPAIGN_UNIT_DONE : CAMPAIGN_UNIT_MISSING);
        campaign_units_close(units);
    }
    if (!right)
        fprintf(stderr, "looking failed: %s\n", err.message);
    return right;
}

static void reading_while_another_extends(void)
{
    static const float rows[G * WIDE_T] = {1};
    const char *path = example_file(WIDE_T, G, G);
    struct campaign_units *units = open_units(path);
    struct error err = {0};
    CU_ASSERT_EQUAL(campaign_units_save(units, 0, 1, rows, NULL, &err), 0);
    campaign_units_close(units);
    pid_t child = fork();
    if (child == 0) {
        int code = 0;
        for (int64_t k = 1; code == 0 && k <= EXTENSIONS; k++)
            code = example_extend(path, G + k * G, &err);
        _exit(code);
    }
    int status = -1;
    bool right = true;
    while (waitpid(child, &status, WNOHANG) == 0)
        right = look(path) && right;
    CU_ASSERT(right);
    CU_ASSERT_EQUAL(status, 0);
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

static void assert_same_bytes(const char *a, const char *b)
{
    size_t count, other;
    char *first = contents(a, &count), *second = contents(b, &other);
    CU_ASSERT_EQUAL_FATAL(count, other);
    CU_ASSERT_EQUAL(memcmp(first, second, count), 0);
    free(first);
    free(second);
}

/* In steps or at once, in any order: the same file. */
static void extension_leaves_no_trace(void)
{
    const char *grown = example_file(T, 5, G), *at_once = example_file(T, N, G);
    struct campaign_units *units = open_units(grown);
    save(units, 0, 2);
    campaign_units_close(units);
    extend(grown, 8); /* in the room that the second unit has already */
    extend(grown, 8);
    extend(grown, N);
    units = open_units(grown);
    save(units, 2, UNITS - 2);
    campaign_units_close(units);
    units = open_units(at_once);
    save(units, 0, UNITS);
    campaign_units_close(units);
    assert_same_bytes(grown, at_once);
}

static void an_extension_that_cannot_be(void)
{
    const char *path = example_file(T, N, G), *twin = example_file(T, N, G);
    struct error err = {0};
    CU_ASSERT_EQUAL(example_extend(path, N - 1, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message,
                    "campaign.h5: has 25 permutations, which cannot become 24; expected at least as many");
    CU_ASSERT_EQUAL(example_extend(path, INT64_MAX - 3, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "campaign.h5: cannot take ");
    assert_same_bytes(path, twin);
    flip_byte(path, place_of(path, "/gram").offset);
    CU_ASSERT_EQUAL(example_extend(path, N + 1, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "campaign.h5: /gram is damaged: CRC-32C ");
    CU_ASSERT_EQUAL(example_extend("/nowhere/campaign.h5", N, &err), EXIT_CODE_BAD_INPUT);
}

/* The rows come through HDF5 as they were saved: the place written to is the dataset's. */
static void hdf5_reads_what_was_saved(void)
{
    const char *path = example_file(T, N, G);
    struct campaign_units *units = open_units(path);
    save(units, 0, UNITS);
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT); /* while the units are open */
    CU_ASSERT_FATAL(file >= 0);
    hid_t dataset = H5Dopen2(file, "/null/score", H5P_DEFAULT);
    float read[ROWS * T], expected[ROWS * T];
    CU_ASSERT(H5Dread(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, read) >= 0);
    fill_rows(expected, 0, ROWS);
    CU_ASSERT_EQUAL(memcmp(read, expected, sizeof read), 0);
    H5Dclose(dataset);
    H5Fclose(file);
    campaign_units_close(units);
}

/* Between the look at all units and the reading of one, a disk may rot. */
static void only_whole_units_are_read(void)
{
    const char *path = example_file(T, N, G);
    struct error err = {0};
    float row[T];
    struct campaign_units *units = open_units(path);
    save(units, 0, 3);
    CU_ASSERT_EQUAL(campaign_units_read(units, 2 * G, 1, row, &err), 0);
    CU_ASSERT_EQUAL(campaign_units_read(units, 3 * G, 1, row, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "campaign.h5: unit 3 is not done; expected it whole");
    flip_byte(path, place_of(path, "/null/score").offset + 2 * G * T * sizeof(float) + 5);
    CU_ASSERT_EQUAL(campaign_units_read(units, 2 * G + 1, 1, row, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "campaign.h5: unit 2 is damaged");
    CU_ASSERT_EQUAL(campaign_units_read(units, 0, 2 * G, (float[2 * G * T]){0}, &err), 0);
    campaign_units_close(units);
}

static void the_file_that_was_opened_is_there(void)
{
    const char *path = example_file(T, N, G);
    char aside[300];
    snprintf(aside, sizeof aside, "%s.aside", path);
    struct error err = {0};
    struct stat status;
    struct campaign_units *units = open_units(path);
    save(units, 0, UNITS);
    CU_ASSERT_EQUAL(campaign_units_check_there(units, &err), 0);
    CU_ASSERT_EQUAL_FATAL(rename(path, aside), 0);
    CU_ASSERT_EQUAL(campaign_units_check_there(units, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "campaign.h5: was removed, replaced or cut by somebody else");
    CU_ASSERT_EQUAL_FATAL(rename(aside, path), 0);
    CU_ASSERT_EQUAL(campaign_units_check_there(units, &err), 0);
    CU_ASSERT_EQUAL_FATAL(stat(path, &status), 0);
    CU_ASSERT_EQUAL_FATAL(truncate(path, status.st_size - 1), 0);
    CU_ASSERT_EQUAL(campaign_units_check_there(units, &err), EXIT_CODE_FAILED);
    campaign_units_close(units);
}

static void one_target_and_large_units(void)
{
    const char *path = example_file(1, 1500, 1000);
    struct error err = {0};
    struct campaign_units *units = open_units(path);
    float *rows = calloc(2000, sizeof *rows), *read = calloc(1500, sizeof *read);
    for (size_t i = 0; i < 2000; i++)
        rows[i] = (float)i;
    CU_ASSERT_EQUAL(campaign_units_save(units, 0, 2, rows, NULL, &err), 0);
    CU_ASSERT_EQUAL(campaign_units_read(units, 0, 1500, read, &err), 0);
    CU_ASSERT_EQUAL(memcmp(rows, read, 1500 * sizeof *rows), 0);
    free(rows);
    free(read);
    campaign_units_close(units);
}

static void no_place_outside_the_file(void)
{
    const char *path = example_file(T, N, G);
    struct campaign_units *units = open_units(path);
    struct error err = {0};
    float rows[2 * G * T] = {0};
    CU_ASSERT_EQUAL(campaign_units_save(units, 6, 2, rows, NULL, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "campaign.h5: has no place for 2 units from 6 on; expected 0 ... 6");
    CU_ASSERT_EQUAL(campaign_units_read(units, 28, 1, rows, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "campaign.h5: has no 1 rows from 28 on; expected 0 ... 27");
    assert_done(units, "0000000");
    campaign_units_close(units);
}

static void assert_held(int code, const char *message)
{
    char host[256] = "", expected[512];
    gethostname(host, sizeof host - 1);
    snprintf(expected, sizeof expected,
             "campaign.lock: another arete run holds this lock (host %s, pid %ld, since 20", host,
             (long)getpid());
    CU_ASSERT_EQUAL(code, EXIT_CODE_FAILED);
    ASSERT_CONTAINS(message, expected);
    ASSERT_CONTAINS(message, "); wait for it or stop it");
}

static int take_lock(const char *path)
{
    struct error err = {0};
    int lock;
    CU_ASSERT_EQUAL_FATAL(campaign_lock_take(&lock, path, &err), 0);
    return lock;
}

static void a_second_run_is_told_who_is_first(void)
{
    const char *path = example_file(T, N, G);
    int lock = take_lock(path), second;
    struct error err = {0};
    assert_held(campaign_lock_take(&second, path, &err), err.message);
    CU_ASSERT_EQUAL(second, -1);
    struct campaign_units *units = open_units(path); /* whose end does not drop the lock */
    save(units, 0, UNITS);
    campaign_units_close(units);
    err = (struct error){0};
    assert_held(campaign_lock_take(&second, path, &err), err.message);
    close(lock);
    close(take_lock(path));
}

/* A program that knows nothing of locks has put another file under the name: that one stays. */
static void only_the_file_that_is_open_is_extended(void)
{
    const char *path = example_file(T, N, G), *other = example_file(T, N - 1, G),
               *twin = example_file(T, N - 1, G);
    struct campaign_units *units = open_units(path);
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(rename(other, path), 0);
    CU_ASSERT_EQUAL(campaign_extend(&units, N + 1, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "campaign.h5: was removed, replaced or cut by somebody else");
    assert_same_bytes(path, twin);
    campaign_units_close(units);
}

/* Not this machine's clock, which may be another than the file server's: the campaign's file has that one. */
static void the_last_beginning_by_the_clock_of_the_files(void)
{
    const char *path = example_file(T, N, G);
    char lock[512];
    struct error err = {0};
    int64_t n_done = -1, since = -1;
    int held = take_lock(path);
    CU_ASSERT_FALSE(campaign_lock_begun(path, &n_done, &since));
    CU_ASSERT_EQUAL(campaign_lock_note(held, path, 2, &err), 0);
    CU_ASSERT_EQUAL(campaign_lock_note(held, path, 3, &err), 0);
    snprintf(lock, sizeof lock, "%.*s/campaign.lock", (int)(strrchr(path, '/') - path), path);
    struct timespec times[] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    CU_ASSERT_EQUAL_FATAL(utimensat(AT_FDCWD, lock, times, 0), 0);
    CU_ASSERT_TRUE(campaign_lock_begun(path, &n_done, &since));
    CU_ASSERT_EQUAL(n_done, 3);
    CU_ASSERT_EQUAL(since, 1000);
    close(held);
}

static void the_holder_of_the_lock(void)
{
    const char *path = example_file(T, N, G);
    struct error err = {0};
    enum lock_state state = LOCK_HELD;
    char text[CAMPAIGN_HOLDER_BYTES], host[256] = "", expected[512];
    close(take_lock(path));
    CU_ASSERT_EQUAL(campaign_lock_holder(path, &state, text, &err), 0); /* the file is there, unlocked */
    CU_ASSERT_EQUAL(state, LOCK_FREE);
    CU_ASSERT_STRING_EQUAL(text, "");
    int lock = take_lock(path), second;
    CU_ASSERT_EQUAL(campaign_lock_holder(path, &state, text, &err), 0);
    CU_ASSERT_EQUAL(state, LOCK_HELD);
    gethostname(host, sizeof host - 1);
    snprintf(expected, sizeof expected, "host %s, pid %ld, since 20", host, (long)getpid());
    ASSERT_CONTAINS(text, expected);
    CU_ASSERT_PTR_NULL(strchr(text, '\n'));
    assert_held(campaign_lock_take(&second, path, &err), err.message); /* looking did not let it go */
    close(lock);
    err = (struct error){0};
    CU_ASSERT_EQUAL(campaign_lock_holder(path, &state, text, &err), 0);
    CU_ASSERT_EQUAL(state, LOCK_FREE);
    CU_ASSERT_EQUAL(campaign_lock_holder("/nowhere/campaign.h5", &state, text, &err), 0);
    CU_ASSERT_EQUAL(state, LOCK_FREE);
}

/* The lock is emptied before its holder is written there: never what a link of its name leads to. */
static void a_lock_is_no_link(void)
{
    const char *path = example_file(T, N, G), *folder = testing_folder();
    const char *victim = testing_write_text(folder, "letters", "precious"),
               *twin = testing_write_text(folder, "again", "precious");
    char lock[256];
    snprintf(lock, sizeof lock, "%.*s/campaign.lock", (int)(strrchr(path, '/') - path), path);
    struct error err = {0};
    int descriptor;
    CU_ASSERT_EQUAL_FATAL(symlink(victim, lock), 0);
    CU_ASSERT_EQUAL(campaign_lock_take(&descriptor, path, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_CONTAINS(err.message, "campaign.lock: a link found; expected a lock of arete, or nothing");
    CU_ASSERT_EQUAL(descriptor, -1);
    assert_same_bytes(victim, twin);
}

/* A run that was killed while it made or extended a file. */
static void what_a_killed_run_was_writing_is_removed(void)
{
    const char *path = example_file(T, N, G);
    char folder[256];
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    const char *half = testing_write_text(folder, "campaign.h5.0123456789ab.tmp", "half a file");
    const char *older = testing_write_text(folder, "campaign.h5.tmp", "half a file of arete 0.1.0");
    struct campaign_units *units = open_units(path);
    CU_ASSERT_EQUAL(access(half, F_OK), -1);
    CU_ASSERT_EQUAL(access(older, F_OK), -1);
    assert_done(units, "0000000");
    campaign_units_close(units);
}

/* A run that dies without a word leaves its lock free and its finished units whole. */
static void a_killed_run_holds_nothing(void)
{
    const char *path = example_file(T, N, G);
    pid_t child = fork();
    if (child == 0) {
        struct error err = {0};
        struct campaign_units *units;
        float rows[G * T];
        fill_rows(rows, 3 * G, G);
        take_lock(path);
        if (campaign_units_open(&units, path, &err) == 0)
            campaign_units_save(units, 3, 1, rows, NULL, &err);
        kill(getpid(), SIGKILL);
    }
    int status;
    CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
    CU_ASSERT(WIFSIGNALED(status));
    close(take_lock(path));
    struct campaign_units *units = open_units(path);
    assert_done(units, "0001000");
    campaign_units_close(units);
}

static void opening_what_is_no_campaign(void)
{
    const char *path = testing_write_text(testing_folder(), "campaign.h5", "no");
    struct error err = {0};
    struct campaign_units *units;
    CU_ASSERT_EQUAL(campaign_units_open(&units, path, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_CONTAINS(err.message, "campaign.h5: is not an HDF5 file; expected an arete campaign");
    CU_ASSERT_PTR_NULL(units);
    campaign_units_close(units);
}

/* Whoever looks at all of them does so a million at a time. */
static void more_units_than_one_look(void)
{
    enum { MANY = 1000003 };
    static const int64_t saved[] = {0, 999999, 1000000, MANY - 1};
    struct error err = {0};
    struct campaign_units *units = open_units(example_file(1, MANY, 1));
    bool *done = memory_zeroed(MANY, sizeof *done, "a test", &err);
    enum campaign_unit_state *states = memory_zeroed(MANY, sizeof *states, "a test", &err);
    for (size_t k = 0; k < sizeof saved / sizeof *saved; k++)
        CU_ASSERT_EQUAL(campaign_units_save(units, saved[k], 1, &(float){0.5F}, NULL, &err), 0);
    CU_ASSERT_EQUAL(campaign_units_done(units, done, &err), 0);
    CU_ASSERT_EQUAL(campaign_units_states(units, states, &err), 0);
    size_t count = 0, alike = 0;
    for (size_t u = 0; u < MANY; u++) {
        count += done[u];
        alike += done[u] == (states[u] == CAMPAIGN_UNIT_DONE);
    }
    CU_ASSERT_EQUAL(count, sizeof saved / sizeof *saved);
    CU_ASSERT_EQUAL(alike, MANY);
    for (size_t k = 0; k < sizeof saved / sizeof *saved; k++)
        CU_ASSERT_TRUE(done[saved[k]]);
    free(done);
    free(states);
    campaign_units_close(units);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"saved_in_any_order_and_read_back", saved_in_any_order_and_read_back},
        {"rows_that_do_not_match_are_not_done", rows_that_do_not_match_are_not_done},
        {"more_units_than_one_look", more_units_than_one_look},
        {"reading_while_another_saves", reading_while_another_saves},
        {"an_extended_campaign_keeps_what_is_done", an_extended_campaign_keeps_what_is_done},
        {"reading_while_another_extends", reading_while_another_extends},
        {"extension_leaves_no_trace", extension_leaves_no_trace},
        {"an_extension_that_cannot_be", an_extension_that_cannot_be},
        {"hdf5_reads_what_was_saved", hdf5_reads_what_was_saved},
        {"only_whole_units_are_read", only_whole_units_are_read},
        {"the_file_that_was_opened_is_there", the_file_that_was_opened_is_there},
        {"one_target_and_large_units", one_target_and_large_units},
        {"no_place_outside_the_file", no_place_outside_the_file},
        {"a_second_run_is_told_who_is_first", a_second_run_is_told_who_is_first},
        {"only_the_file_that_is_open_is_extended", only_the_file_that_is_open_is_extended},
        {"the_last_beginning_by_the_clock_of_the_files", the_last_beginning_by_the_clock_of_the_files},
        {"the_holder_of_the_lock", the_holder_of_the_lock},
        {"a_lock_is_no_link", a_lock_is_no_link},
        {"what_a_killed_run_was_writing_is_removed", what_a_killed_run_was_writing_is_removed},
        {"a_killed_run_holds_nothing", a_killed_run_holds_nothing},
        {"opening_what_is_no_campaign", opening_what_is_no_campaign},
    };
    return testing_main(argc, argv, "units", cases, sizeof cases / sizeof *cases);
}
