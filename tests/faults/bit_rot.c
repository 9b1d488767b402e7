/* A campaign file, or a part file, that rots: whatever byte flips and wherever it is cut, reading says what
 * is damaged or reads the truth. */
#include "checkpoint/part_files.h"

#include "campaign_example.h"
#include "checkpoint/campaign_schema.h"
#include "checkpoint/part_file.h"
#include "dataset_place.h"
#include "same_campaign.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    FIRST_BYTES = 4096,
    T = 2,
    G = 2,
    N = 5,
    UNITS = 3,
    ZERO_STRIDE = 4,
    CUT_STRIDE = 13,
    PATIENCE_S = 240
};

struct scene {
    char path[256];
    /* Whether what is read is the truth, or refused with a message that names the damage. */
    bool (*is_right)(const struct scene *, size_t damaged_byte, bool *refused);
    int descriptor; /* for the damage */
    size_t count;   /* bytes of the file */
    unsigned char *bytes;
    struct campaign truth;
    struct dataset_place score, crc;
};

static float score_of(size_t row, size_t target)
{
    return (float)row - 0.5F * (float)target;
}

/* Saves all units, closes the file and takes it to pieces. */
static void fill(struct scene *scene, struct campaign_units *units, const struct schema *schema)
{
    struct error err = {0};
    struct stat status;
    float rows[UNITS * G * T];
    for (size_t i = 0; i < UNITS * G * T; i++)
        rows[i] = score_of(i / T, i % T);
    CU_ASSERT_EQUAL_FATAL(campaign_units_save(units, 0, UNITS, rows, NULL, &err), 0);
    campaign_units_close(units);
    scene->score = dataset_place(scene->path, schema, CAMPAIGN_NULL_SCORE);
    scene->crc = dataset_place(scene->path, schema, CAMPAIGN_UNIT_CRC);
    scene->descriptor = open(scene->path, O_RDWR | O_CLOEXEC);
    CU_ASSERT_FATAL(scene->descriptor >= 0 && fstat(scene->descriptor, &status) == 0);
    scene->count = (size_t)status.st_size;
    scene->bytes = malloc(scene->count);
    CU_ASSERT_EQUAL_FATAL(pread(scene->descriptor, scene->bytes, scene->count, 0), (ssize_t)scene->count);
}

static bool file_is_right(const struct scene *scene, size_t at, bool *refused);
static bool part_is_right(const struct scene *scene, size_t at, bool *refused);

static void set_up(struct scene *scene)
{
    struct error err = {0};
    struct campaign_units *units;
    *scene = (struct scene){.is_right = file_is_right, .truth = example_campaign(T, N, G)};
    snprintf(scene->path, sizeof scene->path, "%s", example_file(T, N, G));
    CU_ASSERT_EQUAL_FATAL(campaign_units_open(&units, scene->path, &err), 0);
    fill(scene, units, &campaign_schema);
}

static void set_up_part(struct scene *scene)
{
    struct error err = {0};
    struct campaign_units *units;
    const char *folder = testing_folder();
    char campaign_path[256];
    *scene = (struct scene){.is_right = part_is_right, .truth = example_campaign(T, N, G)};
    snprintf(campaign_path, sizeof campaign_path, "%s/campaign.h5", folder);
    snprintf(scene->path, sizeof scene->path, "%s/campaign.part-1.h5", folder);
    CU_ASSERT_EQUAL_FATAL(part_files_create(campaign_path, 1, &scene->truth, &units, &err), 0);
    fill(scene, units, &part_file_schema);
}

static void tear_down(struct scene *scene)
{
    close(scene->descriptor);
    campaign_free(&scene->truth);
    free(scene->bytes);
}

static bool complain(const struct scene *scene, size_t at, const char *what, const char *message)
{
    fprintf(stderr, "byte %zu of %zu: %s: %s\n", at, scene->count, what, message);
    return false;
}

/* One line that begins with the file and says what is wrong with it. */
static bool names_the_damage(const struct scene *scene, const struct error *err)
{
    static const char *const words[] = {"damaged",         "is not an HDF5 file", "cannot be read",
                                        "another type",    "has shape",           "not an arete campaign",
                                        "campaign format", "values; expected",    "not a part of an arete"};
    size_t length = strlen(scene->path);
    if (err->code == 0 || strncmp(err->message, scene->path, length) != 0 || err->message[length] != ':' ||
        strchr(err->message, '\n') != NULL)
        return false;
    for (size_t w = 0; w < sizeof words / sizeof *words; w++)
        if (strstr(err->message + length, words[w]) != NULL)
            return true;
    return false;
}

/* Refused, or read as it was created. */
static bool campaign_is_right(const struct scene *scene, size_t at, bool *refused)
{
    struct error err = {0};
    struct campaign read;
    *refused = campaign_read(&read, scene->path, &err) != 0;
    const char *difference = *refused ? NULL : same_campaign_difference(&read, &scene->truth);
    campaign_free(&read);
    if (difference != NULL)
        return complain(scene, at, "was read wrong", difference);
    return !*refused || names_the_damage(scene, &err) || complain(scene, at, "says", err.message);
}

/* Of the units' rows and CRCs: the one that byte `at` belongs to; UNITS for no unit. */
static size_t unit_of(const struct scene *scene, size_t at)
{
    if (at >= scene->score.offset && at < scene->score.offset + scene->score.count_bytes)
        return (at - scene->score.offset) / (G * T * sizeof(float));
    if (at >= scene->crc.offset && at < scene->crc.offset + scene->crc.count_bytes)
        return (at - scene->crc.offset) / sizeof(uint32_t);
    return UNITS;
}

/* The rows of one unit: the truth, or refused by its name when it is damaged. */
static bool unit_is_right(const struct scene *scene, size_t at, const struct campaign_units *units, size_t u,
                          bool is_damaged)
{
    struct error err = {0};
    float rows[G * T];
    int code = campaign_units_read(units, (int64_t)(u * G), G, rows, &err);
    if (is_damaged)
        return (code != 0 && names_the_damage(scene, &err)) ||
               complain(scene, at, "a damaged unit says", err.message);
    if (code != 0)
        return complain(scene, at, "a unit cannot be read", err.message);
    for (size_t i = 0; i < G * T; i++)
        if (memcmp(&rows[i], &(float){score_of(u * G + i / T, i % T)}, sizeof *rows) != 0)
            return complain(scene, at, "a row is wrong", "");
    return true;
}

/* Every unit but a damaged one is done with its rows. */
static bool units_are_right(const struct scene *scene, size_t at, const struct campaign_units *units,
                            size_t damaged)
{
    struct error err = {0};
    enum campaign_unit_state states[UNITS];
    if (campaign_units_count(units) != UNITS || campaign_units_states(units, states, &err) != 0)
        return complain(scene, at, "units cannot be read", err.message);
    for (size_t u = 0; u < UNITS; u++) {
        if (states[u] != (u == damaged ? CAMPAIGN_UNIT_DAMAGED : CAMPAIGN_UNIT_DONE))
            return complain(scene, at, "a unit's state is wrong", "");
        if (!unit_is_right(scene, at, units, u, u == damaged))
            return false;
    }
    return true;
}

/* Damage to rows or CRCs costs that unit and nothing else. */
static bool file_is_right(const struct scene *scene, size_t at, bool *refused)
{
    struct error err = {0};
    struct campaign_units *units;
    size_t damaged = unit_of(scene, at);
    if (!campaign_is_right(scene, at, refused))
        return false;
    if (campaign_units_open_read(&units, scene->path, &err) != 0)
        return (damaged == UNITS && *refused && names_the_damage(scene, &err)) ||
               complain(scene, at, "units say", err.message);
    bool right = units_are_right(scene, at, units, damaged);
    campaign_units_close(units);
    return right && (damaged == UNITS || !*refused || complain(scene, at, "rows", "spoil the campaign"));
}

/* The one door through which a part's units are taken over, or seen by a reader. */
static bool part_is_right(const struct scene *scene, size_t at, bool *refused)
{
    struct error err = {0};
    struct campaign_units *units;
    size_t damaged = unit_of(scene, at);
    *refused = part_file_open(&units, scene->path, &part_file_schema, &scene->truth, &err) != 0;
    if (*refused)
        return (damaged == UNITS && names_the_damage(scene, &err)) ||
               complain(scene, at, "says", err.message);
    bool right = units_are_right(scene, at, units, damaged);
    campaign_units_close(units);
    return right;
}

static bool put(const struct scene *scene, size_t at, unsigned char byte)
{
    return pwrite(scene->descriptor, &byte, 1, (off_t)at) == 1;
}

/* Every byte but a part of the padding, one after another. The number that was refused; -1 when something was
 * wrong. */
static int flip_through(const struct scene *scene)
{
    int n_refused = 0;
    for (size_t at = 0; at < scene->count; at++) {
        unsigned char byte = scene->bytes[at];
        if (byte == 0 && at >= FIRST_BYTES && at % ZERO_STRIDE != 0 && unit_of(scene, at) == UNITS)
            continue;
        bool refused = false;
        unsigned char flipped = (unsigned char)(at % 3 == 0 ? 0xFFU : 1U << (at % 8));
        if (!put(scene, at, byte ^ flipped) || !scene->is_right(scene, at, &refused) || !put(scene, at, byte))
            return -1;
        n_refused += refused;
    }
    return n_refused;
}

/* Lengths from a byte less than the whole down to nearly nothing. */
static int cut_through(const struct scene *scene)
{
    int n_refused = 0;
    for (size_t length = scene->count - 1; length > 0; length -= length > CUT_STRIDE ? CUT_STRIDE : length) {
        struct error err = {0};
        struct campaign_units *units;
        bool refused = false;
        if (ftruncate(scene->descriptor, (off_t)length) != 0 ||
            !scene->is_right(scene, scene->count, &refused))
            return -1;
        if (!refused || campaign_units_open_read(&units, scene->path, &err) == 0)
            return complain(scene, length, "is read", "though cut") - 1;
        n_refused++;
    }
    return n_refused;
}

/* In a process of its own, because HDF5 leaks memory over damaged structures, and might crash or not end. At
 * least `least` times the file must have been refused. */
static void assert_survived(int (*through)(const struct scene *), const struct scene *scene, int least)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        alarm(PATIENCE_S);
        _exit(through(scene) >= least ? 0 : 1);
    }
    int status = 0;
    CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
    CU_ASSERT(WIFEXITED(status));
    CU_ASSERT_EQUAL(WEXITSTATUS(status), 0);
}

static void flipped_bytes(void)
{
    struct scene scene;
    bool refused = true;
    set_up(&scene);
    CU_ASSERT(campaign_is_right(&scene, scene.count, &refused));
    CU_ASSERT_FALSE(refused);
    assert_survived(flip_through, &scene, 6000);
    tear_down(&scene);
}

static void cut_files(void)
{
    struct scene scene;
    set_up(&scene);
    assert_survived(cut_through, &scene, 400);
    tear_down(&scene);
}

static void flipped_bytes_of_a_part(void)
{
    struct scene scene;
    bool refused = true;
    set_up_part(&scene);
    CU_ASSERT(part_is_right(&scene, scene.count, &refused));
    CU_ASSERT_FALSE(refused);
    assert_survived(flip_through, &scene, 700);
    tear_down(&scene);
}

static void cut_parts(void)
{
    struct scene scene;
    set_up_part(&scene);
    assert_survived(cut_through, &scene, 400);
    tear_down(&scene);
}

/* The file is cut while it is open, as a bad disk would do to a run that goes on. */
static void cut_while_open(void)
{
    struct scene scene;
    struct error err = {0};
    struct campaign_units *units;
    enum campaign_unit_state states[UNITS];
    set_up(&scene);
    CU_ASSERT_EQUAL_FATAL(campaign_units_open_read(&units, scene.path, &err), 0);
    CU_ASSERT_EQUAL_FATAL(ftruncate(scene.descriptor, (off_t)scene.score.offset + 3), 0);
    CU_ASSERT_EQUAL(campaign_units_states(units, states, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "campaign.h5: is damaged: ends at byte ");
    campaign_units_close(units);
    tear_down(&scene);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {{"flipped_bytes", flipped_bytes},
                                             {"cut_files", cut_files},
                                             {"flipped_bytes_of_a_part", flipped_bytes_of_a_part},
                                             {"cut_parts", cut_parts},
                                             {"cut_while_open", cut_while_open}};
    return testing_main(argc, argv, "bit rot", cases, sizeof cases / sizeof *cases);
}
