#include "base/start_again.h"

#include "base/memory.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The arguments one behind the other, each with its zero; NULL: they cannot be read. */
static char *read_command_line(size_t *bytes)
{
    enum { PIECE = 4096 };
    struct error unheard = {0}; /* whoever calls goes on without */
    char *line = NULL;
    size_t capacity = 0, read = 1;
    FILE *file = fopen("/proc/self/cmdline", "re");
    for (*bytes = 0; file != NULL && read > 0; *bytes += read) {
        char *longer = memory_grow(line, &capacity, *bytes + PIECE, 1, "the command line", &unheard);
        line = longer != NULL ? longer : line;
        read = longer != NULL ? fread(line + *bytes, 1, PIECE, file) : 0;
    }
    bool whole = file != NULL && !ferror(file) && unheard.code == 0 && *bytes > 0 && line[*bytes - 1] == '\0';
    if (file != NULL)
        fclose(file);
    if (!whole)
        free(line);
    return whole ? line : NULL;
}

/* By its own name where that still leads to it: what is executed as /proc/self/exe is called "exe" from then
 * on, and whoever looks for arete, a lock among them (lock_file.c), does not find it. */
static void execute(char **arguments)
{
    static const char self[] = "/proc/self/exe";
    char path[4096];
    struct stat own, named;
    ssize_t length = readlink(self, path, sizeof path - 1);
    path[length > 0 ? length : 0] = '\0';
    if (length > 0 && stat(self, &own) == 0 && stat(path, &named) == 0 && own.st_dev == named.st_dev &&
        own.st_ino == named.st_ino)
        execv(path, arguments);
    execv(self, arguments);
}

void start_again(void)
{
    struct error unheard = {0};
    size_t bytes, count = 0;
    char *line = read_command_line(&bytes);
    char **arguments =
        line != NULL ? memory_zeroed(bytes + 1, sizeof *arguments, "the command line", &unheard) : NULL;
    for (char *at = line; arguments != NULL && at < line + bytes; at += strlen(at) + 1)
        arguments[count++] = at;
    if (arguments != NULL)
        execute(arguments);
    free(arguments);
    free(line);
}
