#include "checkpoint/campaign_lock.h"

#include "base/durable.h"
#include "base/memory.h"
#include "base/open_file.h"
#include "checkpoint/campaign.h"
#include "checkpoint/lock_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char *lock_path(const char *campaign_path, struct error *err)
{
    char *folder = durable_folder(campaign_path, err);
    char *path = folder != NULL ? memory_format(err, "%s/campaign.lock", folder) : NULL;
    free(folder);
    return path;
}

int campaign_lock_take(int *descriptor, const char *campaign_path, struct error *err)
{
    *descriptor = -1;
    char *lock = lock_path(campaign_path, err);
    int code = lock != NULL ? lock_file_take(descriptor, lock, err) : err->code;
    free(lock);
    return code;
}

int campaign_lock_holder(const char *path, enum lock_state *state, char *text, struct error *err)
{
    *state = LOCK_FREE;
    text[0] = '\0';
    char *lock = lock_path(path, err);
    int code = lock != NULL ? lock_file_holder(lock, state, text, CAMPAIGN_HOLDER_BYTES, err) : err->code;
    free(lock);
    return code;
}

int campaign_lock_note(int descriptor, const char *campaign_path, int64_t n_done, struct error *err)
{
    char line[64];
    int length =
        snprintf(line, sizeof line, "units done at %lld: %lld\n", (long long)time(NULL), (long long)n_done);
    off_t end = lseek(descriptor, 0, SEEK_END); /* after the line that says who holds the lock */
    if (end < 0)
        return error_set(err, EXIT_CODE_FAILED, "%s: the lock beside it cannot be written: %s", campaign_path,
                         strerror(errno));
    return durable_write(descriptor, campaign_path, line, (size_t)length, (uint64_t)end, err);
}

bool campaign_lock_begun(const char *path, int64_t *n_done, int64_t *since)
{
    struct error ignored = {0};
    struct stat status;
    long long units = 0;
    char *lock = lock_path(path, &ignored);
    FILE *file = lock != NULL ? open_file_stream(lock, &ignored) : NULL;
    free(lock);
    if (file == NULL)
        return false;
    bool found = false, has_holder = fscanf(file, "%*[^\n]") == 0;
    while (has_holder && fscanf(file, "\nunits done at %*d: %lld", &units) == 1)
        found = true;
    found = found && fstat(fileno(file), &status) == 0; /* the note was the last that was written */
    fclose(file);
    *since = found ? (int64_t)status.st_mtime : 0;
    *n_done = units;
    return found;
}
