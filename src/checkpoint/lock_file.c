#include "checkpoint/lock_file.h"

#include "base/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
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

static int refuse(int descriptor, const char *path, struct error *err)
{
    char holder[HOLDER_BYTES];
    read_holder(descriptor, holder, sizeof holder);
    return error_set(err, EXIT_CODE_FAILED,
                     "%s: another arete run holds this lock (%s); wait for it or stop it", path, holder);
}

int lock_file_take(int *descriptor, const char *path, struct error *err)
{
    /* Neither follows a link nor waits for the other end of a pipe, since it empties what it opens. */
    *descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
    if (*descriptor < 0)
        return failed(path, "cannot be opened", errno, err);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int code;
    if (fcntl(*descriptor, F_OFD_SETLK, &whole) == 0)
        code = say_holder(*descriptor, path, err);
    else if (errno == EAGAIN || errno == EACCES)
        code = refuse(*descriptor, path, err);
    else if (errno == ENOSYS || errno == EOPNOTSUPP)
        /* Lustre without locks. A second run there computes the same bits, so it wastes time but harms
         * nothing. */
        code = say_holder(*descriptor, path, err);
    else
        code = failed(path, "cannot be locked", errno, err);
    if (code != 0) {
        close(*descriptor);
        *descriptor = -1;
    }
    return code;
}

int lock_file_holder(const char *path, bool *held, char *text, size_t bytes, struct error *err)
{
    *held = false;
    text[0] = '\0';
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return errno == ENOENT ? 0 : failed(path, "cannot be opened", errno, err);
    int code = 0;
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(descriptor, F_OFD_GETLK, &whole) == 0)
        *held = whole.l_type != F_UNLCK;
    else if (errno != ENOSYS && errno != EOPNOTSUPP)
        code = failed(path, "cannot be examined", errno, err);
    if (*held)
        read_holder(descriptor, text, bytes);
    close(descriptor);
    return code;
}
