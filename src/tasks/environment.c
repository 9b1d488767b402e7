#include "tasks/environment.h"

#include "base/durable.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HOME_BYTES = 1 << 18 }; /* StarPU writes less */

/* Binding, statistics, and the alarm for whoever looks for an error (docs/promises.md). */
static const char *const honoured[] = {
    "STARPU_WORKERS_NOBIND", "STARPU_WORKERS_GETBIND", "STARPU_MPI_NOBIND",      "STARPU_SILENT",
    "STARPU_WORKER_STATS",   "STARPU_PROFILING",       "STARPU_WATCHDOG_TIMEOUT"};

/* entry: "NAME=value". */
static bool is_honoured(const char *entry)
{
    size_t length = strcspn(entry, "=");
    const char *value = entry[length] == '=' ? entry + length + 1 : "";
    enum { MOST_DIGITS = 12 };
    for (size_t k = 0; k < sizeof honoured / sizeof *honoured; k++)
        if (strlen(honoured[k]) == length && strncmp(honoured[k], entry, length) == 0) {
            size_t digits = strspn(value, "0123456789");
            return digits > 0 && digits <= MOST_DIGITS && value[digits] == '\0';
        }
    return false;
}

void environment_clear(void)
{
    static const char begins[] = "STARPU_";
    size_t k = 0;
    while (environ != NULL && environ[k] != NULL) {
        char name[256];
        size_t length = strcspn(environ[k], "=");
        bool goes = strncmp(environ[k], begins, sizeof begins - 1) == 0 && !is_honoured(environ[k]) &&
                    length < sizeof name;
        if (!goes) {
            k++;
            continue;
        }
        memcpy(name, environ[k], length);
        name[length] = '\0';
        if (unsetenv(name) != 0)
            k++; /* it closes the gap else */
    }
}

/* StarPU aborts where it cannot write or lock its files. */
static int try_home(const char *home, struct error *err)
{
    static const struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char *path = memory_format(err, "%s/try", home);
    char *bytes = memory_zeroed(HOME_BYTES, 1, "trying a folder", err);
    int descriptor =
        path != NULL && bytes != NULL ? open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
    if (err->code == 0 && descriptor < 0)
        error_set(err, EXIT_CODE_FAILED, "%s: cannot be made: %s", path, strerror(errno));
    if (err->code == 0)
        durable_write(descriptor, path, bytes, HOME_BYTES, 0, err);
    if (err->code == 0 && fcntl(descriptor, F_SETLK, &whole) != 0)
        error_set(err, EXIT_CODE_FAILED, "%s: cannot be locked: %s", path, strerror(errno));
    if (descriptor >= 0) {
        close(descriptor);
        unlink(path);
    }
    free(bytes);
    free(path);
    return err->code;
}

static int remove_entry(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
    (void)status, (void)flag, (void)walk;
    return remove(path);
}

void environment_remove_home(char *home)
{
    if (home == NULL)
        return;
    nftw(home, remove_entry, 16, FTW_DEPTH | FTW_PHYS); /* whatever stays behind is harmless */
    free(home);
}

char *environment_make_home(struct error *err)
{
    const char *folder = getenv("TMPDIR");
    char *home =
        memory_format(err, "%s/arete-starpu-XXXXXX", folder != NULL && *folder != '\0' ? folder : "/tmp");
    if (home == NULL)
        return NULL;
    if (mkdtemp(home) == NULL) {
        error_set(err, EXIT_CODE_FAILED,
                  "%s: cannot make StarPU's temporary folder: %s (TMPDIR chooses another place)", home,
                  strerror(errno));
        free(home);
        return NULL;
    }
    if (try_home(home, err) != 0) {
        error_append(err, " (StarPU's temporary folder; TMPDIR chooses another place)");
        environment_remove_home(home);
        return NULL;
    }
    setenv("STARPU_HOME", home, 1);
    return home;
}
