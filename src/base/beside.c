#include "base/beside.h"

#include "base/memory.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The folder of the program. */
static bool find_program(char folder[PATH_MAX])
{
    ssize_t length = readlink("/proc/self/exe", folder, PATH_MAX - 1);
    if (length <= 0)
        return false;
    folder[length] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash != NULL)
        *slash = '\0';
    return slash != NULL;
}

char *beside_find(const char *name, struct error *err)
{
    static const char *const ways[] = {"../share/arete", "../.."};
    char folder[PATH_MAX];
    bool known = find_program(folder);
    for (size_t k = 0; known && k < sizeof ways / sizeof *ways; k++) {
        char *path = memory_format(err, "%s/%s/%s", folder, ways[k], name);
        char *found = path != NULL ? realpath(path, NULL) : NULL;
        free(path);
        if (found != NULL || err->code != 0)
            return found;
    }
    return memory_string(name, err);
}
