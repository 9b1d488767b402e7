/* Part files when calls fail: no unit that a rank has saved is ever lost, and running again ends with the
 * same bytes. */
#include "checkpoint/part_files.h"

#include "campaign_example.h"
#include "faults.h"
#include "file_bytes.h"

#include <dirent.h>

enum { T = 3, G = 4, N = 25, UNITS = 7, PARTS = 2 };

struct scene {
    const char *folder;
    char path[256], part_file_path[PARTS][256];
    struct campaign campaign;
    struct file_bytes before, after, part[PARTS]; /* the campaign with unit 0 alone, and with all parts */
    struct campaign_units *units;
};

static float score_of(size_t row, size_t target)
{
    return (float)row + 0.125F * (float)target;
}

static void save(struct campaign_units *units, int64_t first, int64_t count)
{
    struct error err = {0};
    float rows[UNITS * G * T];
    for (size_t i = 0; i < (size_t)(count * G) * T; i++)
        rows[i] = score_of((size_t)(first * G) + i / T, i % T);
    CU_ASSERT_EQUAL_FATAL(campaign_units_save(units, first, count, rows, NULL, &err), 0);
}

static void make_part(struct scene *scene, int index, int64_t first, int64_t count)
{
    static const int rank[PARTS] = {1, 30};
    struct error err = {0};
    struct campaign_units *part;
    snprintf(scene->part_file_path[index], sizeof scene->part_file_path[index], "%s/campaign.part-%d.h5",
             scene->folder, rank[index]);
    CU_ASSERT_EQUAL_FATAL(part_files_create(scene->path, rank[index], &scene->campaign, &part, &err), 0);
    save(part, first, count);
    save(part, 0, 1); /* the campaign has it too */
    campaign_units_close(part);
    scene->part[index] = file_bytes_read(scene->part_file_path[index]);
}

static void set_up(struct scene *scene)
{
    struct error err = {0};
    *scene = (struct scene){.folder = testing_folder(), .campaign = example_campaign(T, N, G)};
    snprintf(scene->path, sizeof scene->path, "%s/campaign.h5", scene->folder);
    CU_ASSERT_EQUAL_FATAL(campaign_create(scene->path, &scene->campaign, &err), 0);
    make_part(scene, 0, 1, 3); /* units 1 ... 3 and 3 ... 5 */
    make_part(scene, 1, 3, 3);
    CU_ASSERT_EQUAL_FATAL(campaign_units_open(&scene->units, scene->path, &err), 0);
    save(scene->units, 0, 1);
    scene->before = file_bytes_read(scene->path);
    save(scene->units, 1, 5);
    campaign_units_close(scene->units);
    scene->after = file_bytes_read(scene->path);
}

static void tear_down(struct scene *scene)
{
    campaign_free(&scene->campaign);
    free(scene->before.at);
    free(scene->after.at);
    for (int p = 0; p < PARTS; p++)
        free(scene->part[p].at);
}

static void prepare_files(void *context)
{
    struct scene *scene = context;
    file_bytes_put(scene->path, scene->before);
    for (int p = 0; p < PARTS; p++)
        file_bytes_put(scene->part_file_path[p], scene->part[p]);
}

static bool file_is(const char *path, struct file_bytes expected)
{
    struct file_bytes found = file_bytes_read(path);
    bool same = file_bytes_same(found, expected);
    free(found.at);
    return same;
}

/* Files in the folder beside the campaign and its lock. */
static int count_others(const struct scene *scene)
{
    DIR *folder = opendir(scene->folder);
    int count = 0;
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
        count += entry->d_name[0] != '.' && strcmp(entry->d_name, "campaign.h5") != 0 &&
                 strcmp(entry->d_name, "campaign.lock") != 0;
    closedir(folder);
    return count;
}

static void assert_all_struck(const int struck[FAULT_KINDS], const enum fault_kind *kinds, size_t count)
{
    for (size_t k = 0; k < count; k++)
        CU_ASSERT(struck[kinds[k]] > 0);
}

/* Over an older part of that rank. */
static int create(void *context, struct error *err)
{
    struct scene *scene = context;
    return part_files_create(scene->path, 1, &scene->campaign, &scene->units, err);
}

static void check_created(void *context, int code)
{
    struct scene *scene = context;
    struct error err = {0};
    CU_ASSERT_EQUAL(code == 0, scene->units != NULL);
    campaign_units_close(scene->units);
    struct file_bytes found = file_bytes_read(scene->part_file_path[0]);
    CU_ASSERT_EQUAL(count_others(scene), PARTS);
    CU_ASSERT_EQUAL(create(scene, &err), 0);
    campaign_units_close(scene->units);
    CU_ASSERT(file_is(scene->part_file_path[0], found) ||
              (code != 0 && file_bytes_same(found, scene->part[0])));
    CU_ASSERT(file_is(scene->path, scene->before) && file_is(scene->part_file_path[1], scene->part[1]));
    free(found.at);
}

static void creating(void)
{
    static const struct faults_operation operation = {
        .prepare = prepare_files, .run = create, .check = check_created};
    static const enum fault_kind kinds[] = {FAULT_PWRITE, FAULT_PREAD,     FAULT_FSYNC, FAULT_RENAME,
                                            FAULT_OPEN,   FAULT_FALLOCATE, FAULT_CLOSE, FAULT_MEMORY};
    struct scene scene;
    int struck[FAULT_KINDS];
    set_up(&scene);
    faults_try(&operation, &scene, struck);
    assert_all_struck(struck, kinds, sizeof kinds / sizeof *kinds);
    tear_down(&scene);
}

/* All that is open to a reader: units 0 ... 5, in the campaign or in parts. */
static int read_all(void *context, struct error *err)
{
    const struct scene *scene = context;
    struct campaign_units *units;
    enum campaign_unit_state states[UNITS];
    float rows[6 * G * T];
    int code = campaign_units_open_read(&units, scene->path, err);
    if (code == 0)
        code = campaign_units_states(units, states, err);
    for (size_t u = 0; code == 0 && u < UNITS; u++)
        CU_ASSERT_EQUAL(states[u], u < 6 ? CAMPAIGN_UNIT_DONE : CAMPAIGN_UNIT_MISSING);
    if (code == 0)
        code = campaign_units_read(units, 0, 6 * G, rows, err);
    for (size_t i = 0; code == 0 && i < 6 * G * T; i++)
        CU_ASSERT_EQUAL(rows[i], score_of(i / T, i % T));
    campaign_units_close(units);
    return code;
}

static void prepare_taking(void *context)
{
    struct scene *scene = context;
    struct error err = {0};
    prepare_files(scene);
    CU_ASSERT_EQUAL_FATAL(campaign_units_open(&scene->units, scene->path, &err), 0);
}

static int take(void *context, struct error *err)
{
    struct scene *scene = context;
    int64_t n_taken;
    return part_files_merge(scene->units, scene->path, &n_taken, err);
}

static void check_taken(void *context, int code)
{
    struct scene *scene = context;
    struct error err = {0};
    CU_ASSERT_EQUAL(read_all(scene, &err), 0);
    int n_parts = count_others(scene);
    CU_ASSERT(n_parts == 0 ? file_is(scene->path, scene->after) : n_parts == PARTS && code != 0);
    CU_ASSERT_EQUAL(take(scene, &err), 0);
    CU_ASSERT(file_is(scene->path, scene->after));
    CU_ASSERT_EQUAL(count_others(scene), 0);
    campaign_units_close(scene->units);
}

static void taking(void)
{
    static const struct faults_operation operation = {
        .prepare = prepare_taking, .run = take, .check = check_taken};
    static const enum fault_kind kinds[] = {FAULT_PWRITE,    FAULT_PREAD, FAULT_FSYNC,
                                            FAULT_FDATASYNC, FAULT_OPEN,  FAULT_MEMORY};
    struct scene scene;
    int struck[FAULT_KINDS];
    set_up(&scene);
    faults_try(&operation, &scene, struck);
    assert_all_struck(struck, kinds, sizeof kinds / sizeof *kinds);
    tear_down(&scene);
}

static void check_untouched(void *context, int code)
{
    (void)code;
    const struct scene *scene = context;
    CU_ASSERT(file_is(scene->path, scene->before));
    for (int p = 0; p < PARTS; p++)
        CU_ASSERT(file_is(scene->part_file_path[p], scene->part[p]));
}

static void reading(void)
{
    static const struct faults_operation operation = {
        .prepare = prepare_files, .run = read_all, .check = check_untouched};
    struct scene scene;
    int struck[FAULT_KINDS];
    set_up(&scene);
    faults_try(&operation, &scene, struck);
    assert_all_struck(struck, (const enum fault_kind[]){FAULT_PREAD, FAULT_OPEN, FAULT_MEMORY}, 3);
    tear_down(&scene);
}

static int start_over(void *context, struct error *err)
{
    const struct scene *scene = context;
    return part_files_remove(scene->path, err);
}

static void check_removed(void *context, int code)
{
    const struct scene *scene = context;
    struct error err = {0};
    CU_ASSERT(code != 0 || count_others(scene) == 0);
    CU_ASSERT_EQUAL(part_files_remove(scene->path, &err), 0);
    CU_ASSERT_EQUAL(count_others(scene), 0);
    CU_ASSERT(file_is(scene->path, scene->before));
}

static void removing(void)
{
    static const struct faults_operation operation = {
        .prepare = prepare_files, .run = start_over, .check = check_removed};
    struct scene scene;
    int struck[FAULT_KINDS];
    set_up(&scene);
    faults_try(&operation, &scene, struck);
    assert_all_struck(struck, (const enum fault_kind[]){FAULT_FSYNC, FAULT_OPEN, FAULT_MEMORY}, 3);
    tear_down(&scene);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"creating", creating}, {"taking", taking}, {"reading", reading}, {"removing", removing}};
    return testing_main(argc, argv, "faults of part files", cases, sizeof cases / sizeof *cases);
}
