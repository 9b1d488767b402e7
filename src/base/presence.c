#include "base/presence.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

int presence_of(const char *path, bool *there, struct error *err)
{
    struct stat status;
    *there = lstat(path, &status) == 0;
    /* a name that is too long, or leads through a file, is for those to tell who would write there */
    if (*there || errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG)
        return 0;
    return error_set(err, EXIT_CODE_FAILED, "%s: cannot tell whether it is there: %s", path, strerror(errno));
}
