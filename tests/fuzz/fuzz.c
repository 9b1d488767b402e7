#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[200];

static void remove_folder(void)
{
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        fprintf(stderr, "%s stays\n", folder);
}

const char *fuzz_path(const char *name)
{
    static char paths[8][300];
    static size_t next;
    char *path = paths[next++ % 8];
    if (folder[0] == '\0') {
        const char *parent = getenv("TMPDIR");
        snprintf(folder, sizeof folder, "%s/arete-fuzz-XXXXXX", parent != NULL ? parent : "/tmp");
        if (mkdtemp(folder) == NULL)
            abort();
        atexit(remove_folder); /* after a crash it stays, with the files that caused it */
    }
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

const char *fuzz_put(const char *name, const void *bytes, size_t size)
{
    const char *path = fuzz_path(name);
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0 || write(descriptor, bytes, size) != (ssize_t)size || close(descriptor) != 0)
        abort();
    return path;
}
