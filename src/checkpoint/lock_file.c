#include "checkpoint/lock_file.h"

#include "base/durable.h"
#include "base/open_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { HOLDER_BYTES = 512 };

static int failed(const char *path, const char *what, int cause, struct error *err)
{
    return error_set(err, EXIT_CODE_FAILED, "%s: %s: %s", path, what, strerror(cause));
}

static int say_holder(int descriptor, const char *path, struct error *err)
{
    char host[256] = "unknown", since[40] = "unknown", line[HOLDER_BYTES];
    if (gethostname(host, sizeof host) == 0)
        host[sizeof host - 1] = '\0'; /* a long name may come without its end */
    time_t now = time(NULL);
    struct tm local;
    if (localtime_r(&now, &local) != NULL)
        strftime(since, sizeof since, "%Y-%m-%d %H:%M:%S %z", &local);
    int length = snprintf(line, sizeof line, "host %s, pid %ld, since %s\n", host, (long)getpid(), since);
    if (ftruncate(descriptor, 0) != 0)
        return failed(path, "cannot be written", errno, err);
    return durable_write(descriptor, path, line, (size_t)length, 0, err);
}

/* The line that the holder wrote. It may not be there yet. */
static void read_holder(int descriptor, char *text, size_t bytes)
{
    ssize_t got = pread(descriptor, text, bytes - 1, 0);
    text[got > 0 ? got : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    if (text[0] == '\0')
        snprintf(text, bytes, "just started");
}

/* The name of a program, as /proc tells it. */
static bool read_name(const char *path, char *name, size_t bytes)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    bool found = fgets(name, (int)bytes, file) != NULL;
    fclose(file);
    return found;
}

static int refuse(int descriptor, const char *path, struct error *err)
{
    char holder[HOLDER_BYTES];
    read_holder(descriptor, holder, sizeof holder);
    return error_set(err, EXIT_CODE_FAILED,
                     "%s: another arete run holds this lock (%s); wait for it or stop it", path, holder);
}

/* Where a file system has no locks: whether the process that the lock file names still runs on this machine,
 * and is a program of this one's name, not another that was given its number since. */
static bool holder_lives(const char *holder)
{
    char host[256] = "", named[256], path[64], theirs[64] = "", ours[64] = "";
    long process;
    if (sscanf(holder, "host %255[^,], pid %ld,", named, &process) != 2 ||
        gethostname(host, sizeof host - 1) != 0 || strcmp(named, host) != 0 || process == (long)getpid())
        return false;
    snprintf(path, sizeof path, "/proc/%ld/comm", process);
    return read_name(path, theirs, sizeof theirs) && read_name("/proc/self/comm", ours, sizeof ours) &&
           strcmp(theirs, ours) == 0;
}

/* Without locks (NFS without a lock server, Lustre without flock, some containers; each with another errno).
 */
static int take_without(int descriptor, const char *path, struct error *err)
{
    char holder[HOLDER_BYTES];
    read_holder(descriptor, holder, sizeof holder);
    return holder_lives(holder) ? refuse(descriptor, path, err) : say_holder(descriptor, path, err);
}

/* Whether a file of at most HOLDER_BYTES begins as a holder's line. After a power cut it may have the line's
 * length and zeros for its bytes. */
static bool begins_as_lock(const char *start, size_t bytes)
{
    static const char line[] = "host ";
    bool same = true;
    for (size_t i = 0; same && i < bytes && i < sizeof line - 1; i++)
        same = start[i] == '\0' || start[i] == line[i];
    return same;
}

/* Whether the file is a lock's: empty, or with the line of a holder. */
static int check_lock(int descriptor, const char *path, struct error *err)
{
    char start[HOLDER_BYTES];
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return failed(path, "cannot be examined", errno, err);
    const char *what = S_ISREG(status.st_mode) ? "another file" : open_file_what(&status);
    if (S_ISREG(status.st_mode) && status.st_size <= HOLDER_BYTES) {
        size_t bytes = (size_t)status.st_size;
        int code = durable_read(descriptor, path, start, bytes, 0, err);
        if (code != 0 || begins_as_lock(start, bytes))
            return code;
    }
    return error_set(err, EXIT_CODE_BAD_INPUT, "%s: %s found; expected a lock of arete, or nothing", path,
                     what);
}

/* Opens it or makes it. It is emptied when it is taken: so it is a lock, and never reached through a link,
 * nor a pipe that waits for its other end. */
static int open_lock(int *descriptor, const char *path, struct error *err)
{
    struct stat status;
    *descriptor =
        open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, OPEN_FILE_PUBLIC);
    int cause = errno;
    if (*descriptor < 0)
        return lstat(path, &status) == 0 && !S_ISREG(status.st_mode)
                   ? error_set(err, EXIT_CODE_BAD_INPUT, "%s: %s found; expected a lock of arete, or nothing",
                               path, open_file_what(&status))
                   : failed(path, "cannot be opened", cause, err);
    int code = check_lock(*descriptor, path, err);
    if (code != 0) {
        close(*descriptor);
        *descriptor = -1;
    }
    return code;
}

int lock_file_take(int *descriptor, const char *path, struct error *err)
{
    int code = open_lock(descriptor, path, err);
    if (code != 0)
        return code;
    int trouble = lock_file_trouble(*descriptor);
    if (trouble == 0)
        code = say_holder(*descriptor, path, err);
    else if (trouble == EAGAIN || trouble == EACCES)
        code = refuse(*descriptor, path, err);
    else
        code = take_without(*descriptor, path, err);
    if (code != 0) {
        close(*descriptor);
        *descriptor = -1;
    }
    return code;
}

int lock_file_trouble(int descriptor)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(descriptor, F_OFD_SETLK, &whole) == 0 ? 0 : errno;
}

/* Whether no file can be there: what is wrong with its folder is for others to say. */
static bool is_none(int cause)
{
    return cause == ENOENT || cause == ENOTDIR || cause == ENAMETOOLONG;
}

int lock_file_holder(const char *path, enum lock_state *state, char *text, size_t bytes, struct error *err)
{
    *state = LOCK_FREE;
    text[0] = '\0';
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0 && errno == EACCES) {
        *state = LOCK_UNKNOWN;
        snprintf(text, bytes, "its file cannot be read");
    }
    if (descriptor < 0)
        return is_none(errno) || errno == EACCES ? 0 : failed(path, "cannot be opened", errno, err);
    struct stat status;
    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(descriptor);
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: a folder, pipe or device found; expected a lock",
                         path);
    }
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    bool works = fcntl(descriptor, F_OFD_GETLK, &whole) == 0;
    if (works && whole.l_type == F_UNLCK) {
        close(descriptor);
        return 0;
    }
    read_holder(descriptor, text, bytes);
    *state = works || holder_lives(text) ? LOCK_HELD : LOCK_UNKNOWN;
    close(descriptor);
    return 0;
}
