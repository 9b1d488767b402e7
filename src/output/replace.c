#include "output/replace.h"

#include "base/durable.h"
#include "base/memory.h"

#include <errno.h>
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

int replace_sync(const struct replace *replace, struct error *err)
{
    if (ferror(replace->file) || fflush(replace->file) != 0)
        return failed(replace->temporary, "cannot be written whole", err);
    return durable_sync(fileno(replace->file), replace->temporary, err);
}

int replace_finish(struct replace *replace, struct error *err)
{
    int code = replace_sync(replace, err);
    if (fclose(replace->file) != 0 && code == 0)
        code = failed(replace->temporary, "cannot be written whole", err);
    if (code == 0 && rename(replace->temporary, replace->path) != 0)
        code = failed(replace->path, "cannot be replaced", err);
    if (code == 0)
        code = durable_sync_folder(replace->path, err);
    else
        unlink(replace->temporary);
    release(replace);
    return code;
}

void replace_abandon(struct replace *replace)
{
    if (replace->file == NULL)
        return;
    fclose(replace->file); /* nothing in it is wanted */
    unlink(replace->temporary);
    release(replace);
}
