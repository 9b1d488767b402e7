/* Starts a program of the bundle with the loader and the libraries that lie in it, wherever the bundle was
 * unpacked. Linked statically, so that nothing of the system is needed, not even /proc.
 *
 *   ROOT/bin/arete, mpirun, orted    this program; the name it is called by says which one to start
 *   ROOT/lib/programs/NAME           the program itself
 *   ROOT/lib                         ld-linux-x86-64.so.2 and all libraries */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

static int fail(const char *path)
{
    fprintf(stderr, "arete: %s: %s; expected the bundle as it was unpacked\n", path, strerror(errno));
    return 1;
}

/* ROOT from ROOT/bin/NAME, links followed. The kernel tells the name that was executed. */
static const char *find_root(char root[PATH_MAX])
{
    const char *called = (const char *)getauxval(AT_EXECFN); /* NOLINT(performance-no-int-to-ptr) */
    if (called == NULL || realpath(called, root) == NULL)
        return NULL;
    for (int level = 0; level < 2; level++) {
        char *slash = strrchr(root, '/');
        if (slash == NULL)
            return NULL;
        *slash = '\0';
    }
    return called;
}

static void path_in(char path[PATH_MAX], const char *root, const char *name)
{
    if (snprintf(path, PATH_MAX, "%s/%s", root, name) >= PATH_MAX)
        path[0] = '\0';
}

/* Whether a folder of PATH has a program of that name. */
static int is_in_path(const char *name)
{
    const char *path = getenv("PATH");
    char whole[PATH_MAX];
    for (size_t length; path != NULL && *path != '\0'; path += length + (path[length] == ':')) {
        length = strcspn(path, ":");
        int size = snprintf(whole, sizeof whole, "%.*s/%s", (int)length, path, name);
        if (size < PATH_MAX && access(whole, X_OK) == 0)
            return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    char root[PATH_MAX], library[PATH_MAX], loader[PATH_MAX], name[PATH_MAX], program[PATH_MAX];
    const char *called = find_root(root);
    if (called == NULL)
        return fail(argc > 0 ? argv[0] : "bin/arete");
    const char *slash = strrchr(called, '/');
    snprintf(name, sizeof name, "lib/programs/%s", slash != NULL ? slash + 1 : called);
    path_in(program, root, name);
    if (access(program, F_OK) != 0) /* a link under another name */
        path_in(program, root, "lib/programs/arete");
    path_in(library, root, "lib");
    path_in(loader, root, "lib/ld-linux-x86-64.so.2");
    /* Open MPI, PMIx and hwloc look for their parts here, whatever the system has. */
    setenv("OPAL_PREFIX", root, 1);
    setenv("PMIX_INSTALL_PREFIX", root, 1);
    setenv("HWLOC_PLUGINS_PATH", library, 1);
    setenv("HOME", "/", 0); /* PMIx falls over without it, where nobody has an entry in /etc/passwd */
    if (!is_in_path("ssh") && !is_in_path("rsh")) /* then Open MPI works on this machine alone */
        setenv("OMPI_MCA_plm", "isolated", 0);
    char **words = calloc((size_t)argc + 6, sizeof *words);
    if (words == NULL)
        return fail(root);
    char *const first[] = {loader,           "--argv0", argc > 0 ? argv[0] : program,
                           "--library-path", library,   program};
    memcpy(words, first, sizeof first);
    for (int k = 1; k < argc; k++)
        words[5 + k] = argv[k];
    execv(loader, words);
    return fail(loader);
}
