#include "checkpoint/part_reader.h"

#include "base/memory.h"
#include "base/text.h"
#include "checkpoint/part_file.h"
#include "checkpoint/unit_walk.h"

#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

enum { OTHER_OPEN_FILES = 64 };

/* Every part stays open, so that its rows stay there; a run on many machines has more parts than the usual
 * limit of 1024 files. */
static void allow_open_files(size_t n_parts)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= n_parts + OTHER_OPEN_FILES)
        return;
    limit.rlim_cur =
        limit.rlim_max < n_parts + OTHER_OPEN_FILES ? limit.rlim_max : n_parts + OTHER_OPEN_FILES;
    setrlimit(RLIMIT_NOFILE, &limit); /* if this is still too few, open() reports it */
}

/* Remembers which units are done in the part opened last. */
static int look_into_part(struct campaign_units *units, struct error *err)
{
    int32_t index = (int32_t)units->n_parts - 1;
    const struct campaign_units *part = units->parts[index];
    size_t n_units = (size_t)(part->n_units < units->n_units ? part->n_units : units->n_units);
    struct unit_walk walk;
    int code = unit_walk_begin(&walk, part, err);
    for (size_t u = 0; code == 0 && u < n_units; u++) {
        enum campaign_unit_state state;
        code = unit_walk_examine(&walk, part, u, &state, err);
        if (code == 0 && state == CAMPAIGN_UNIT_DONE)
            units->part_of[u] = index;
    }
    unit_walk_end(&walk);
    return code;
}

/* After an error of opening a part: no error if the part is gone; kept as a note if it is of another
 * study. */
static int ignore_part(struct campaign_units *units, const char *path, struct error *err)
{
    bool gone = access(path, F_OK) != 0 && errno == ENOENT;
    char *because = !gone && units->ignored_because == NULL ? memory_string(err->message, err) : NULL;
    if (because != NULL)
        units->ignored_because = because;
    else if (!gone && units->ignored_because == NULL)
        return err->code;
    units->n_parts_ignored += !gone;
    *err = (struct error){0};
    return 0;
}

static int attach(struct campaign_units *units, const char *path, const struct campaign *study,
                  struct error *err)
{
    int code = part_file_open(&units->parts[units->n_parts], path, units->part_schema, study, err);
    if (code == EXIT_CODE_BAD_INPUT)
        return ignore_part(units, path, err);
    if (code != 0)
        return code;
    units->n_parts++;
    return look_into_part(units, err);
}

static int attach_all(struct campaign_units *units, const struct text_list *paths, struct error *err)
{
    struct campaign study = {0};
    size_t n_units = (size_t)units->n_units;
    units->parts = memory_zeroed(paths->count, sizeof(struct campaign_units *), "the part files", err);
    units->part_of = memory_zeroed(n_units, sizeof *units->part_of, "the part files", err);
    if (units->parts == NULL || units->part_of == NULL)
        return err->code;
    for (size_t u = 0; u < n_units; u++)
        units->part_of[u] = -1;
    allow_open_files(paths->count);
    int code = campaign_read_fingerprints(&study, units->path, err);
    for (size_t p = 0; code == 0 && p < paths->count; p++)
        code = attach(units, paths->items[p], &study, err);
    campaign_free(&study);
    return code;
}

int part_reader_attach(struct campaign_units *units, struct error *err)
{
    struct text_list paths = {0};
    int code = part_file_list(units->path, &paths, NULL, err);
    if (code == 0 && paths.count > 0)
        code = attach_all(units, &paths, err);
    text_list_free(&paths);
    return code;
}

const struct campaign_units *part_reader_holder(const struct campaign_units *units, size_t unit)
{
    return units->part_of != NULL && units->part_of[unit] >= 0 ? units->parts[units->part_of[unit]] : units;
}
