#include "checkpoint/schema_format.h"

#include "base/durable.h"
#include "checkpoint/attribute_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A path that names nothing to read is the user's; all else is not. */
static int cannot_open(const char *path, const char *purpose, int cause, struct error *err)
{
    bool named_wrongly = cause == ENOENT || cause == ENOTDIR || cause == EISDIR || cause == EACCES;
    return error_set(err, named_wrongly ? EXIT_CODE_BAD_INPUT : EXIT_CODE_FAILED, "%s: cannot be %s: %s",
                     path, purpose, strerror(cause));
}

static int check_bytes(int descriptor, const struct schema *schema, const char *path, uint64_t *file_bytes,
                       struct error *err)
{
    static const unsigned char signature[8] = "\211HDF\r\n\032\n";
    unsigned char start[sizeof signature] = {0};
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return cannot_open(path, "read", errno, err);
    if (!S_ISREG(status.st_mode))
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: is not a file; expected %s", path, schema->a_file);
    if (status.st_size >= (off_t)sizeof start &&
        durable_read(descriptor, path, start, sizeof start, 0, err) != 0)
        return err->code;
    if (memcmp(start, signature, sizeof start) != 0)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: is not an HDF5 file; expected %s", path,
                         schema->a_file);
    *file_bytes = (uint64_t)status.st_size;
    return 0;
}

int schema_format_open(int *descriptor, const struct schema *schema, const char *path, int access,
                       uint64_t *file_bytes, struct error *err)
{
    /* A pipe would wait for its other end. */
    *descriptor = open(path, access | O_NONBLOCK | O_CLOEXEC);
    if (*descriptor < 0 && errno == EISDIR)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: is not a file; expected %s", path, schema->a_file);
    if (*descriptor < 0)
        return cannot_open(path, access == O_RDONLY ? "read" : "opened for writing", errno, err);
    int code = check_bytes(*descriptor, schema, path, file_bytes, err);
    if (code != 0) {
        close(*descriptor);
        *descriptor = -1;
    }
    return code;
}

static int check_name(const struct attribute_owner *root, const struct schema *schema, struct error *err)
{
    bool exists = layout_attribute(root->layout, root->object, "format") != NULL;
    char *format = exists ? attribute_read_text(root, "format", err) : NULL;
    if (exists && format == NULL)
        return err->code;
    bool right = exists && strcmp(format, schema->format) == 0;
    free(format);
    return right ? 0
                 : error_set(err, EXIT_CODE_BAD_INPUT,
                             "%s: is an HDF5 file but not %s (no attribute format = \"%s\")",
                             root->layout->file.path, schema->a_file, schema->format);
}

static int other_version(const struct schema *schema, const char *path, int32_t version, const char *writer,
                         struct error *err)
{
    bool newer = version > schema->version;
    char remedy[256], read[32];
    snprintf(read, sizeof read, schema->oldest < schema->version ? "%d to %d" : "%d", schema->oldest,
             schema->version);
    if (schema->remedy != NULL)
        snprintf(remedy, sizeof remedy, "%s", schema->remedy);
    else
        snprintf(remedy, sizeof remedy,
                 newer ? "use arete %s or newer" : "go on with arete %s, or move the file away to begin anew",
                 writer);
    return error_set(err, EXIT_CODE_BAD_INPUT,
                     "%s: has %s %d, written by %s arete; this one reads format %s: %s", path,
                     schema->version_of, version, newer ? "a newer" : "an older", read, remedy);
}

int schema_format_check(const struct layout *layout, const struct schema *schema, int32_t *version,
                        struct error *err)
{
    const struct attribute_owner root = {layout, &layout->objects[0]};
    if (check_name(&root, schema, err) != 0)
        return err->code;
    char *writer = attribute_read_text(&root, "arete_version", err);
    int code =
        writer != NULL ? attribute_read_number(&root, "format_version", SCHEMA_I32, version, err) : err->code;
    if (code == 0 && (*version > schema->version || *version < schema->oldest))
        code = other_version(schema, layout->file.path, *version, writer, err);
    free(writer);
    return code;
}
