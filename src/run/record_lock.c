#include "run/record_lock.h"

#include "base/durable.h"
#include "base/folder.h"
#include "base/presence.h"
#include "checkpoint/campaign_lock.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Before anything is touched. */
static int refuse_while_running(const char *campaign_path, bool exists, struct error *err)
{
    char holder[CAMPAIGN_HOLDER_BYTES];
    enum lock_state state;
    if (campaign_lock_holder(campaign_path, &state, holder, err) != 0 || state != LOCK_HELD)
        return err->code;
    return error_set(err, EXIT_CODE_FAILED,
                     "%s: another arete run is working %s (%s); wait for it or stop it", campaign_path,
                     exists ? "on it" : "in its folder", holder);
}

int record_lock_look(const char *path, bool *found, struct error *err)
{
    struct error other = {0};
    struct stat status;
    *found = stat(path, &status) == 0 && status.st_size > 0 && campaign_check_name(path, &other) == 0;
    return other.code == EXIT_CODE_FAILED ? error_set(err, other.code, "%s", other.message) : 0;
}

/* A folder that cannot be written to is refused by its name, not by the lock's. */
static int check_folder(const struct record *record, struct error *err)
{
    char *folder = durable_folder(record->campaign_path, err);
    int code = folder != NULL ? folder_check(folder, err) : err->code;
    free(folder);
    return code;
}

int record_lock_take(struct record *record, struct error *err)
{
    if (!record->is_locked)
        record->is_locked = campaign_lock_take(&record->lock, record->campaign_path, err) == 0;
    return err->code;
}

int record_lock_enter(struct record *record, struct error *err)
{
    bool exists, found, other;
    if (presence_of(record->campaign_path, &exists, err) != 0 ||
        refuse_while_running(record->campaign_path, exists, err) != 0 ||
        record_lock_look(record->campaign_path, &found, err) != 0 ||
        record_lock_look(record->other_path, &other, err) != 0)
        return err->code;
    if (!found && !other)
        return 0;
    return check_folder(record, err) == 0 ? record_lock_take(record, err) : err->code;
}

void record_lock_warn(const struct record *record, struct log *log)
{
    int trouble = lock_file_trouble(record->lock);
    if (trouble != 0)
        log_run_warning(
            log,
            "%s: no file locks there (%s), so nothing keeps away a second run on another machine; "
            "it would compute the same numbers once more",
            record->campaign_path, strerror(trouble));
}

void record_lock_release(struct record *record)
{
    if (record->is_locked)
        close(record->lock);
    record->is_locked = false;
}
