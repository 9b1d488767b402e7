#include "output/replace.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int failed(const char *path, const char *what, struct error *err)
{
    return error_set(err, EXIT_CODE_FAILED, "%s: %s: %s", path, what, strerror(errno));
}

static void release(struct replace *replace)
{
    free(replace->path);
    free(replace->temporary);
    *replace = (struct replace){0};
}

int replace_open(struct replace *replace, const char *path, struct error *err)
{
    *replace = (struct replace){0};
    replace->path = memory_string(path, err);
    replace->temporary = replace->path != NULL ? memory_format(err, "%s.tmp", path) : NULL;
    int code = replace->temporary != NULL ? 0 : err->code;
    if (code == 0) {
        replace->file = fopen(replace->temporary, "we");
        if (replace->file == NULL)
            code = failed(replace->temporary, "cannot be written", err);
    }
    if (code != 0)
        release(replace);
    return code;
}

/* fsync, gone on with when a signal interrupts it. */
static int sync_whole(int descriptor)
{
    int code;
    do
        code = fsync(descriptor);
    while (code != 0 && errno == EINTR);
    return code;
}

/* Otherwise a crash may forget the rename. */
static int sync_folder(const char *path, struct error *err)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash == NULL ? memory_string(".", err)
                                 : memory_format(err, "%.*s", slash == path ? 1 : (int)(slash - path), path);
    if (folder == NULL)
        return err->code;
    int code = 0;
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0 ||
        (sync_whole(descriptor) != 0 && errno != EINVAL)) /* EINVAL: a file system without it */
        code = failed(folder, "cannot be brought to the disk", err);
    if (descriptor >= 0)
        close(descriptor);
    free(folder);
    return code;
}

int replace_finish(struct replace *replace, struct error *err)
{
    int code = 0;
    if (ferror(replace->file) || fflush(replace->file) != 0 || sync_whole(fileno(replace->file)) != 0)
        code = failed(replace->temporary, "cannot be written whole", err);
    if (fclose(replace->file) != 0 && code == 0)
        code = failed(replace->temporary, "cannot be written whole", err);
    if (code == 0 && rename(replace->temporary, replace->path) != 0)
        code = failed(replace->path, "cannot be replaced", err);
    if (code == 0)
        code = sync_folder(replace->path, err);
    else
        unlink(replace->temporary);
    release(replace);
    return code;
}
