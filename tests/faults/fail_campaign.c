/* The campaign file when calls fail: it is absent, the old one or the new one, and running again ends with
 * the same bytes. */
#include "checkpoint/campaign.h"

#include "campaign_example.h"
#include "checkpoint/campaign_lock.h"
#include "checkpoint/schema_broadcast.h"
#include "dataset_place.h"
#include "faults.h"
#include "file_bytes.h"
#include "same_campaign.h"

#include <dirent.h>
#include <unistd.h>

enum { T = 3, G = 4, N = 25, UNITS = 7, LARGER_N = 38 };

struct scene {
    const char *folder;
    char path[256];
    struct campaign campaign;        /* what is created */
    struct file_bytes before, after; /* the file when nothing was done, and when all was */
    struct campaign_units *units;
    int lock;
    uint64_t score_offset, crc_offset;
};

/* Nothing but the campaign and its lock is left in the folder. */
static void assert_tidy(const struct scene *scene)
{
    DIR *folder = opendir(scene->folder);
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
        CU_ASSERT(entry->d_name[0] == '.' || strcmp(entry->d_name, "campaign.h5") == 0 ||
                  strcmp(entry->d_name, "campaign.lock") == 0);
    closedir(folder);
}

static float score_of(size_t row, size_t target)
{
    return (float)row + 0.125F * (float)target;
}

static int save(struct campaign_units *units, int64_t first, int64_t count, struct error *err)
{
    float rows[UNITS * G * T];
    for (size_t i = 0; i < (size_t)(count * G); i++)
        for (size_t t = 0; t < T; t++)
            rows[i * T + t] = score_of((size_t)(first * G) + i, t);
    return campaign_units_save(units, first, count, rows, NULL, err);
}

/* A scene whose file has units 0, 2 and 5 done and a damaged unit 6. */
static void set_up(struct scene *scene)
{
    struct error err = {0};
    *scene = (struct scene){.folder = testing_folder(), .campaign = example_campaign(T, N, G)};
    snprintf(scene->path, sizeof scene->path, "%s/campaign.h5", scene->folder);
    CU_ASSERT_EQUAL_FATAL(campaign_create(scene->path, &scene->campaign, &err), 0);
    CU_ASSERT_EQUAL_FATAL(campaign_units_open(&scene->units, scene->path, &err), 0);
    for (int64_t u = 0; u < UNITS; u++)
        if (u == 0 || u == 2 || u >= 5)
            CU_ASSERT_EQUAL_FATAL(save(scene->units, u, 1, &err), 0);
    campaign_units_close(scene->units);
    scene->score_offset = dataset_place(scene->path, &campaign_schema, CAMPAIGN_NULL_SCORE).offset;
    scene->crc_offset = dataset_place(scene->path, &campaign_schema, CAMPAIGN_UNIT_CRC).offset;
    scene->before = file_bytes_read(scene->path);
    scene->before.at[scene->crc_offset + 6 * sizeof(uint32_t)] ^= 1;
}

static void tear_down(struct scene *scene)
{
    campaign_free(&scene->campaign);
    free(scene->before.at);
    free(scene->after.at);
}

static void prepare_file(void *context)
{
    struct scene *scene = context;
    file_bytes_put(scene->path, scene->before);
}

/* The old file or the new one, and after a success the new one; then once more, with nothing failing. */
static void check_replaced(struct scene *scene, int code, int (*run)(void *, struct error *))
{
    struct error err = {0};
    struct file_bytes found = file_bytes_read(scene->path);
    CU_ASSERT(file_bytes_same(found, scene->after) || (code != 0 && file_bytes_same(found, scene->before)));
    free(found.at);
    assert_tidy(scene);
    CU_ASSERT_EQUAL(run(scene, &err), 0);
    found = file_bytes_read(scene->path);
    CU_ASSERT(file_bytes_same(found, scene->after));
    free(found.at);
}

/* What the operation leaves when nothing fails. */
static void find_after(struct scene *scene, int (*run)(void *, struct error *))
{
    struct error err = {0};
    prepare_file(scene);
    CU_ASSERT_EQUAL_FATAL(run(scene, &err), 0);
    scene->after = file_bytes_read(scene->path);
    CU_ASSERT_FALSE(file_bytes_same(scene->before, scene->after));
}

static void assert_all_struck(const int struck[FAULT_KINDS], const enum fault_kind *kinds, size_t count)
{
    for (size_t k = 0; k < count; k++)
        CU_ASSERT(struck[kinds[k]] > 0);
}

static const enum fault_kind of_new_files[] = {FAULT_PWRITE,    FAULT_FSYNC,     FAULT_RENAME, FAULT_OPEN,
                                               FAULT_FALLOCATE, FAULT_FTRUNCATE, FAULT_CLOSE,  FAULT_MEMORY};

static int create(void *context, struct error *err)
{
    struct scene *scene = context;
    return campaign_create(scene->path, &scene->campaign, err);
}

static void check_create(void *context, int code)
{
    check_replaced(context, code, create);
}

static void creating(void)
{
    static const struct faults_operation operation = {
        .prepare = prepare_file, .run = create, .check = check_create};
    struct scene scene;
    int struck[FAULT_KINDS];
    set_up(&scene);
    find_after(&scene, create);
    faults_try(&operation, &scene, struck); /* over a file of another run: --fresh */
    assert_all_struck(struck, of_new_files, sizeof of_new_files / sizeof *of_new_files);
    free(scene.before.at);
    scene.before = (struct file_bytes){0};
    faults_try(&operation, &scene, struck); /* in an empty folder */
    assert_all_struck(struck, of_new_files, sizeof of_new_files / sizeof *of_new_files);
    tear_down(&scene);
}

static int extend(void *context, struct error *err)
{
    const struct scene *scene = context;
    return example_extend(scene->path, LARGER_N, err);
}

static void check_extend(void *context, int code)
{
    check_replaced(context, code, extend);
}

static void extending(void)
{
    static const struct faults_operation operation = {
        .prepare = prepare_file, .run = extend, .check = check_extend};
    struct scene scene;
    int struck[FAULT_KINDS];
    set_up(&scene);
    find_after(&scene, extend);
    faults_try(&operation, &scene, struck);
    assert_all_struck(struck, of_new_files, sizeof of_new_files / sizeof *of_new_files);
    CU_ASSERT(struck[FAULT_PREAD] > 0);
    tear_down(&scene);
}

static void prepare_units(void *context)
{
    struct scene *scene = context;
    struct error err = {0};
    prepare_file(scene);
    CU_ASSERT_EQUAL_FATAL(campaign_units_open(&scene->units, scene->path, &err), 0);
}

static int save_units(void *context, struct error *err)
{
    const struct scene *scene = context;
    int code =
        save(scene->units, 1, 1, err); /* two blocks, as a run saves them; the second with a damaged unit */
    if (code == 0)
        code = save(scene->units, 3, 2, err);
    return code == 0 ? save(scene->units, 6, 1, err) : code;
}

/* The bytes that saving may change: rows and CRCs of units 1, 3, 4 and 6. */
static bool may_change(const struct scene *scene, size_t byte)
{
    static const bool saved[UNITS] = {false, true, false, true, true, false, true};
    size_t unit_bytes = sizeof(float) * G * T;
    for (size_t u = 0; u < UNITS; u++) {
        uint64_t rows = scene->score_offset + u * unit_bytes, crc = scene->crc_offset + u * sizeof(uint32_t);
        if (saved[u] &&
            ((byte >= rows && byte < rows + unit_bytes) || (byte >= crc && byte < crc + sizeof(uint32_t))))
            return true;
    }
    return false;
}

static void assert_rows_of_done_units(const struct scene *scene)
{
    struct error err = {0};
    bool done[UNITS];
    float rows[UNITS * G * T];
    CU_ASSERT_EQUAL_FATAL(campaign_units_done(scene->units, done, &err), 0);
    for (size_t u = 0; u < UNITS; u++) /* what is not done is not read */
        CU_ASSERT_EQUAL(
            campaign_units_read(scene->units, (int64_t)u * G, G, &rows[u * G * T], &(struct error){0}),
            done[u] ? 0 : EXIT_CODE_FAILED);
    CU_ASSERT(done[0] && done[2] && done[5]);
    for (size_t i = 0; i < UNITS * G; i++)
        for (size_t t = 0; t < T; t++)
            if (done[i / G] && memcmp(&rows[i * T + t], &(float){score_of(i, t)}, sizeof(float)) != 0)
                CU_FAIL("a unit is done with other rows");
}

static void check_saved(void *context, int code)
{
    struct scene *scene = context;
    struct error err = {0};
    struct file_bytes found = file_bytes_read(scene->path);
    CU_ASSERT_EQUAL_FATAL(found.count, scene->before.count);
    size_t wrong = 0;
    for (size_t i = 0; i < found.count; i++)
        wrong += found.at[i] != scene->before.at[i] && !may_change(scene, i);
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(code != 0 || file_bytes_same(found, scene->after));
    free(found.at);
    assert_rows_of_done_units(scene);
    CU_ASSERT_EQUAL(save_units(scene, &err), 0);
    campaign_units_close(scene->units);
    found = file_bytes_read(scene->path);
    CU_ASSERT(file_bytes_same(found, scene->after));
    free(found.at);
}

static void saving(void)
{
    static const struct faults_operation operation = {
        .prepare = prepare_units, .run = save_units, .check = check_saved};
    struct scene scene;
    struct error err = {0};
    int struck[FAULT_KINDS];
    set_up(&scene);
    prepare_units(&scene);
    CU_ASSERT_EQUAL_FATAL(save_units(&scene, &err), 0);
    campaign_units_close(scene.units);
    scene.after = file_bytes_read(scene.path);
    faults_try(&operation, &scene, struck);
    assert_all_struck(struck, (const enum fault_kind[]){FAULT_PWRITE, FAULT_FDATASYNC, FAULT_MEMORY}, 3);
    tear_down(&scene);
}

static int open_units(void *context, struct error *err)
{
    struct scene *scene = context;
    return campaign_units_open(&scene->units, scene->path, err);
}

static void check_opened(void *context, int code)
{
    struct scene *scene = context;
    struct error err = {0};
    CU_ASSERT_EQUAL(code == 0, scene->units != NULL);
    if (code == 0)
        assert_rows_of_done_units(scene);
    campaign_units_close(scene->units);
    struct file_bytes found = file_bytes_read(scene->path);
    CU_ASSERT(file_bytes_same(found, scene->before));
    free(found.at);
    CU_ASSERT_EQUAL(campaign_units_open(&scene->units, scene->path, &err), 0);
    campaign_units_close(scene->units);
}

static void opening(void)
{
    static const struct faults_operation operation = {
        .prepare = prepare_file, .run = open_units, .check = check_opened};
    struct scene scene;
    int struck[FAULT_KINDS];
    set_up(&scene);
    faults_try(&operation, &scene, struck);
    assert_all_struck(struck, (const enum fault_kind[]){FAULT_PREAD, FAULT_OPEN, FAULT_MEMORY}, 3);
    tear_down(&scene);
}

static void prepare_lock(void *context)
{
    const struct scene *scene = context;
    char path[512];
    snprintf(path, sizeof path, "%s/campaign.lock", scene->folder);
    unlink(path);
}

static int take_lock(void *context, struct error *err)
{
    struct scene *scene = context;
    return campaign_lock_take(&scene->lock, scene->path, err);
}

static void check_lock(void *context, int code)
{
    struct scene *scene = context;
    struct error err = {0};
    CU_ASSERT_EQUAL(code == 0, scene->lock >= 0);
    if (code == 0)
        close(scene->lock);
    CU_ASSERT_EQUAL_FATAL(take_lock(scene, &err), 0); /* it was let go */
    close(scene->lock);
}

static void locking(void)
{
    static const struct faults_operation operation = {
        .prepare = prepare_lock, .run = take_lock, .check = check_lock};
    struct scene scene;
    int struck[FAULT_KINDS];
    set_up(&scene);
    faults_try(&operation, &scene, struck);
    assert_all_struck(struck,
                      (const enum fault_kind[]){FAULT_PWRITE, FAULT_OPEN, FAULT_FTRUNCATE, FAULT_MEMORY}, 4);
    tear_down(&scene);
}

/* All that only reads, as `status` does; what succeeds must have read the truth. */
static int read_all(void *context, struct error *err)
{
    struct scene *scene = context;
    struct campaign read;
    struct campaign_units *units = NULL;
    enum campaign_unit_state states[UNITS];
    float rows[G * T];
    enum lock_state state;
    char holder[CAMPAIGN_HOLDER_BYTES];
    int code = campaign_read(&read, scene->path, err);
    if (code == 0)
        ASSERT_SAME_CAMPAIGN(&read, &scene->campaign);
    campaign_free(&read);
    if (code == 0)
        code = campaign_lock_holder(scene->path, &state, holder, err);
    if (code == 0)
        CU_ASSERT_EQUAL(state, LOCK_FREE);
    if (code == 0)
        code = campaign_units_open_read(&units, scene->path, err);
    if (code == 0)
        code = campaign_units_states(units, states, err);
    for (size_t u = 0; code == 0 && u < UNITS; u++)
        CU_ASSERT_EQUAL("DMDMMDX"[u], "MDX"[states[u]]);
    if (code == 0)
        code = campaign_units_read(units, 2 * G, G, rows, err);
    for (size_t i = 0; code == 0 && i < G * T; i++)
        CU_ASSERT_EQUAL(rows[i], score_of(2 * G + i / T, i % T));
    campaign_units_close(units);
    return code;
}

static void check_untouched(void *context, int code)
{
    (void)code;
    const struct scene *scene = context;
    struct file_bytes found = file_bytes_read(scene->path);
    CU_ASSERT(file_bytes_same(found, scene->before));
    free(found.at);
}

static void reading(void)
{
    static const struct faults_operation operation = {
        .prepare = prepare_file, .run = read_all, .check = check_untouched};
    struct scene scene;
    int struck[FAULT_KINDS];
    set_up(&scene);
    faults_try(&operation, &scene, struck);
    assert_all_struck(struck, (const enum fault_kind[]){FAULT_PREAD, FAULT_OPEN, FAULT_MEMORY}, 3);
    CU_ASSERT_EQUAL(struck[FAULT_PWRITE] + struck[FAULT_FTRUNCATE] + struck[FAULT_RENAME], 0);
    tear_down(&scene);
}

/* Another process's record: told by one that has it, or empty. */
struct telling {
    struct campaign made, told;
    unsigned char bytes[1 << 16];
    size_t said, heard;
};

static int say(void *context, void *bytes, size_t count, struct error *err)
{
    struct telling *telling = context;
    memcpy(telling->bytes + telling->said, bytes, count);
    telling->said += count;
    return err->code;
}

static int hear(void *context, void *bytes, size_t count, struct error *err)
{
    struct telling *telling = context;
    memcpy(bytes, telling->bytes + telling->heard, count);
    telling->heard += count;
    return err->code;
}

static int no_other(void *context, struct error *err)
{
    (void)context;
    return err->code;
}

static void prepare_telling(void *context)
{
    struct telling *telling = context;
    telling->said = telling->heard = 0;
}

static int tell(void *context, struct error *err)
{
    struct telling *telling = context;
    const struct schema_processes teller = {true, telling, say, no_other};
    const struct schema_processes listener = {false, telling, hear, no_other};
    const unsigned all = CAMPAIGN_BROADCAST_STUDY | CAMPAIGN_BROADCAST_NODES | CAMPAIGN_BROADCAST_UNITS;
    int code = schema_broadcast(&campaign_schema, &telling->made, all, &teller, err);
    return code == 0 ? schema_broadcast(&campaign_schema, &telling->told, all, &listener, err) : code;
}

/* Whatever arrived can be released. */
static void check_told(void *context, int code)
{
    struct telling *telling = context;
    if (code == 0)
        CU_ASSERT(memcmp(telling->told.inner_fold, telling->made.inner_fold, 3 * 12 * sizeof(int32_t)) == 0);
    campaign_free(&telling->told);
}

static void telling_others(void)
{
    static const struct faults_operation operation = {
        .prepare = prepare_telling, .run = tell, .check = check_told};
    static struct telling telling;
    int struck[FAULT_KINDS];
    telling.made = example_campaign(T, N, G);
    faults_try(&operation, &telling, struck);
    CU_ASSERT(struck[FAULT_MEMORY] > 20);
    campaign_free(&telling.made);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {{"creating", creating},
                                             {"extending", extending},
                                             {"locking", locking},
                                             {"opening", opening},
                                             {"saving", saving},
                                             {"reading", reading},
                                             {"telling_others", telling_others}};
    return testing_main(argc, argv, "faults of the campaign file", cases, sizeof cases / sizeof *cases);
}
