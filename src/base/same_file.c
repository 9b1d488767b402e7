#include "base/same_file.h"

#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>

struct identity {
    bool exists;
    dev_t device;
    ino_t inode;
};

static struct identity identity_of(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return (struct identity){false, 0, 0};
    return (struct identity){true, status.st_dev, status.st_ino};
}

static int refuse(const char *input, const char *output, struct error *err)
{
    return error_set(err, EXIT_CODE_BAD_INPUT,
                     "%s: is read, and would be written as %s; expected another output folder, or another "
                     "name for it",
                     input, output);
}

int same_file_check(const struct text_list *inputs, const struct text_list *outputs, struct error *err)
{
    struct identity *written = memory_zeroed(outputs->count, sizeof *written, "the names of outputs", err);
    if (written == NULL)
        return err->code;
    for (size_t k = 0; k < outputs->count; k++)
        written[k] = identity_of(outputs->items[k]);
    for (size_t i = 0; err->code == 0 && i < inputs->count; i++) {
        struct identity read = identity_of(inputs->items[i]);
        for (size_t k = 0; read.exists && err->code == 0 && k < outputs->count; k++)
            if (written[k].exists && written[k].device == read.device && written[k].inode == read.inode)
                refuse(inputs->items[i], outputs->items[k], err);
    }
    free(written);
    return err->code;
}
