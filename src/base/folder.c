#include "base/folder.h"

#include "base/durable.h"
#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int cannot(const char *path, const char *what, struct error *err)
{
    return error_set(err, EXIT_CODE_BAD_INPUT, "%s: the output folder cannot be %s: %s", path, what,
                     strerror(errno));
}

/* The folder's name lasts once the one above it is on the disk. Of one that may be entered but not read
 * nobody but the system can see to that. */
static int keep_name(const char *path, struct error *err)
{
    char *above = durable_folder(path, err);
    bool can_be_opened = above != NULL && access(above, R_OK) == 0;
    free(above);
    return can_be_opened ? durable_sync_folder(path, err) : err->code;
}

static int make_one(const char *path, struct error *err)
{
    if (mkdir(path, 0777) == 0)
        return keep_name(path, err);
    return errno == EEXIST ? 0 : cannot(path, "made", err);
}

int folder_make(const char *path, struct error *err)
{
    char *part = memory_string(path, err);
    if (part == NULL)
        return err->code;
    for (char *slash = part + (*part == '/');; slash++) {
        slash = strchr(slash, '/');
        if (slash != NULL)
            *slash = '\0';
        if ((*part != '\0' && make_one(part, err) != 0) || slash == NULL)
            break;
        *slash = '/';
    }
    free(part);
    struct stat status;
    if (err->code == 0 && lstat(path, &status) != 0)
        cannot(path, "used", err);
    return err->code == 0 ? folder_check(path, err) : err->code;
}

int folder_check(const char *path, struct error *err)
{
    struct stat status;
    if (lstat(path, &status) != 0 && errno == ENOENT)
        return 0;
    if (stat(path, &status) != 0)
        return cannot(path, "used", err); /* also of a link that leads nowhere */
    if (!S_ISDIR(status.st_mode)) {
        errno = ENOTDIR;
        return cannot(path, "used", err);
    }
    return access(path, W_OK | X_OK) != 0 ? cannot(path, "written to", err) : 0;
}

char *folder_path(const char *folder, const char *name, struct error *err)
{
    return memory_format(err, "%s/%s", folder, name);
}

/* NULL where nobody says. */
static const char *home_of_user(void)
{
    const char *home = getenv("HOME");
    return home != NULL && *home != '\0' ? home : NULL;
}

static bool is_at_home(const char *path)
{
    return path[0] == '~' && (path[1] == '/' || path[1] == '\0');
}

bool folder_lacks_home(const char *path)
{
    return is_at_home(path) && home_of_user() == NULL;
}

char *folder_expand_home(const char *path, struct error *err)
{
    if (!is_at_home(path) || home_of_user() == NULL)
        return memory_string(path, err);
    return memory_format(err, "%s%s", home_of_user(), path + 1);
}
