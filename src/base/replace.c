#include "base/replace.h"

#include "base/durable.h"
#include "base/memory.h"
#include "base/open_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum {
    DIGITS = 12,
    ATTEMPTS = 16, /* at a name that is still free */
    START_BYTES = 4096
};

const struct replace_kind replace_any = {.a_file = "a file"};

static int failed(const char *path, const char *what, struct error *err)
{
    return error_set(err, EXIT_CODE_FAILED, "%s: %s: %s", path, what, strerror(errno));
}

static void release(struct replace *replace)
{
    free(replace->path);
    free(replace->temporary);
    *replace = (struct replace){.descriptor = -1};
}

bool replace_is_temporary(const char *entry, const char *name)
{
    size_t length = strlen(name);
    if (strncmp(entry, name, length) != 0 || entry[length] != '.')
        return false;
    const char *digits = entry + length + 1;
    return strspn(digits, "0123456789abcdef") == DIGITS && strcmp(digits + DIGITS, ".tmp") == 0;
}

/* Whether a process is writing the file, or cannot be asked. */
static bool is_written(const char *path)
{
    int descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0)
        return true;
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    bool written = fcntl(descriptor, F_OFD_GETLK, &whole) != 0 || whole.l_type != F_UNLCK;
    close(descriptor);
    return written;
}

/* The temporary files of `path` go: all of them when nobody is writing (`alone`), else those that no process
 * holds. */
static int clear(const char *path, bool alone, struct error *err)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    char *folder = durable_folder(path, err);
    if (folder == NULL)
        return err->code;
    int code = 0;
    DIR *entries = opendir(folder); /* one that cannot be read keeps what is in it */
    for (struct dirent *entry; entries != NULL && code == 0 && (entry = readdir(entries)) != NULL;) {
        if (!replace_is_temporary(entry->d_name, name))
            continue;
        char *found = memory_format(err, "%s/%s", folder, entry->d_name);
        if (found == NULL)
            code = err->code;
        else if (alone || !is_written(found))
            unlink(found);
        free(found);
    }
    if (entries != NULL)
        closedir(entries);
    free(folder);
    return code;
}

int replace_clear(const char *path, struct error *err)
{
    char *older = memory_format(err, "%s.tmp", path);
    if (older == NULL)
        return err->code;
    unlink(older);
    free(older);
    return clear(path, true, err);
}

/* The first bytes of what a packed file holds, in place of its own; returns how many. */
static size_t unpack_start(char start[START_BYTES], size_t bytes)
{
    char unpacked[START_BYTES];
    z_stream stream = {.next_in = (Bytef *)start,
                       .avail_in = (uInt)bytes,
                       .next_out = (Bytef *)unpacked,
                       .avail_out = sizeof unpacked};
    if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK)
        return 0;
    inflate(&stream, Z_SYNC_FLUSH); /* as far as it goes */
    size_t count = sizeof unpacked - stream.avail_out;
    inflateEnd(&stream);
    memcpy(start, unpacked, count);
    return count;
}

/* Whether the first bytes of the file are those of its kind, or there are none. */
static int look_at_start(int descriptor, off_t file_bytes, const char *path, const struct replace_kind *kind,
                         bool *right, struct error *err)
{
    char start[START_BYTES];
    size_t bytes = file_bytes < START_BYTES ? (size_t)file_bytes : START_BYTES;
    int code = durable_read(descriptor, path, start, bytes, 0, err);
    *right =
        code == 0 &&
        (bytes == 0 || (bytes >= kind->begins_bytes && memcmp(start, kind->begins, kind->begins_bytes) == 0));
    if (!*right || bytes == 0 || kind->holds == NULL)
        return code;
    if (start[0] == '\x1f' && bytes > 1 && start[1] == '\x8b')
        bytes = unpack_start(start, bytes);
    *right = memmem(start, bytes, kind->holds, strlen(kind->holds)) != NULL;
    return code;
}

int replace_check(const char *path, const struct replace_kind *kind, struct error *err)
{
    struct stat status;
    bool right;
    if (stat(path, &status) != 0)
        return errno == ENOENT || errno == ENOTDIR
                   ? 0
                   : error_set(err, open_file_code(errno), "%s: cannot be examined: %s", path,
                               strerror(errno));
    if (S_ISREG(status.st_mode) && kind->begins == NULL)
        return 0;
    struct error unopened = {0}; /* err may hold an older one */
    int descriptor = open_file_read(path, &status, &unopened);
    if (descriptor < 0)
        return error_set(err, unopened.code, "%s", unopened.message);
    int code = look_at_start(descriptor, status.st_size, path, kind, &right, err);
    if (code == 0 && !right)
        code = error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: is not %s but another file, which is not replaced: move it away, or choose "
                         "another name",
                         path, kind->a_file);
    close(descriptor);
    return code;
}

/* A file replaced hands on who may read and write it: what a user has closed stays closed. */
static void keep_mode(const struct replace *replace)
{
    struct stat status;
    if (lstat(replace->path, &status) == 0 && S_ISREG(status.st_mode))
        fchmod(replace->descriptor, status.st_mode & 0777); /* a file system without modes has none to keep */
}

/* Whether the temporary name still holds the file that is open. */
static bool still_named(const struct replace *replace)
{
    struct stat opened, named;
    return fstat(replace->descriptor, &opened) == 0 && lstat(replace->temporary, &named) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

static int choose_name(struct replace *replace, struct error *err)
{
    uint64_t number;
    free(replace->temporary);
    replace->temporary = NULL;
    if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number)
        return failed(replace->path, "no random name for a temporary file", err);
    replace->temporary =
        memory_format(err, "%s.%0*" PRIx64 ".tmp", replace->path, DIGITS, number >> (64 - 4 * DIGITS));
    return replace->temporary != NULL ? 0 : err->code;
}

/* A new file with this process's lock on it. Another process may take it for a leftover before it is locked:
 * then once more, as when the name is not free. */
static int make(struct replace *replace, mode_t mode, struct error *err)
{
    static const struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (choose_name(replace, err) != 0)
            return err->code;
        replace->descriptor =
            open(replace->temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
        if (replace->descriptor < 0 && errno != EEXIST)
            break;
        if (replace->descriptor < 0)
            continue;
        fcntl(replace->descriptor, F_OFD_SETLK, &whole); /* without locks leftovers stay */
        if (still_named(replace)) {
            keep_mode(replace);
            return 0;
        }
        close(replace->descriptor);
        replace->descriptor = -1;
    }
    return error_set(err, open_file_code(errno), "%s: cannot be written: %s", replace->path, strerror(errno));
}

/* After the checks. */
static int open_temporary(struct replace *replace, const char *path, mode_t mode, struct error *err)
{
    replace->path = memory_string(path, err);
    if (replace->path == NULL || clear(path, false, err) != 0 || make(replace, mode, err) != 0) {
        release(replace);
        return err->code;
    }
    replace->file = fdopen(replace->descriptor, "w+");
    if (replace->file != NULL)
        return 0;
    failed(path, "cannot be written", err);
    close(replace->descriptor);
    unlink(replace->temporary);
    release(replace);
    return err->code;
}

int replace_open(struct replace *replace, const char *path, const struct replace_kind *kind,
                 struct error *err)
{
    *replace = (struct replace){.descriptor = -1};
    if (replace_check(path, kind, err) != 0)
        return err->code;
    return open_temporary(replace, path, kind->is_private ? OPEN_FILE_PRIVATE : OPEN_FILE_PUBLIC, err);
}

static int refuse_taken(const char *path, const char *expected, struct error *err)
{
    return error_set(err, EXIT_CODE_BAD_INPUT, "%s: is there already, and stays; expected %s", path,
                     expected);
}

int replace_check_new(const char *path, const char *expected, struct error *err)
{
    struct stat status;
    return lstat(path, &status) == 0 ? refuse_taken(path, expected, err) : 0;
}

int replace_open_new(struct replace *replace, const char *path, const char *expected, struct error *err)
{
    *replace = (struct replace){.expected = expected, .descriptor = -1};
    if (replace_check_new(path, expected, err) != 0)
        return err->code;
    return open_temporary(replace, path, OPEN_FILE_PUBLIC, err);
}

const char *replace_way(const struct replace *replace, char way[REPLACE_WAY_BYTES])
{
    snprintf(way, REPLACE_WAY_BYTES, "/proc/self/fd/%d", replace->descriptor);
    return access(way, F_OK) == 0 ? way : replace->temporary;
}

int replace_sync(const struct replace *replace, struct error *err)
{
    if (ferror(replace->file) || fflush(replace->file) != 0)
        return failed(replace->path, "cannot be written whole", err);
    return durable_sync(replace->descriptor, replace->path, err);
}

/* Gives a file a name that must be free, in one step if the file system knows one: NFS does not know the
 * first, FAT not the second. */
static bool take_free_name(const char *from, const char *to)
{
    struct stat status;
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    if (link(from, to) == 0) {
        unlink(from);
        return true;
    }
    if (errno == EEXIST)
        return false;
    if (lstat(to, &status) == 0) {
        errno = EEXIST;
        return false;
    }
    return rename(from, to) == 0;
}

static int take_name(const struct replace *replace, struct error *err)
{
    if (replace->expected == NULL)
        return rename(replace->temporary, replace->path) == 0
                   ? 0
                   : failed(replace->path, "cannot be replaced", err);
    if (take_free_name(replace->temporary, replace->path))
        return 0;
    return errno == EEXIST ? refuse_taken(replace->path, replace->expected, err)
                           : failed(replace->path, "cannot be named", err);
}

int replace_finish(struct replace *replace, struct error *err)
{
    int code = replace_sync(replace, err);
    if (code == 0 && !still_named(replace))
        code = error_set(err, EXIT_CODE_FAILED, "%s: cannot be replaced: %s is another file now",
                         replace->path, replace->temporary);
    if (fclose(replace->file) != 0 && code == 0)
        code = failed(replace->path, "cannot be written whole", err);
    if (code == 0)
        code = take_name(replace, err);
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
