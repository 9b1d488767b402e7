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

/* One path of many. */
struct named {
    struct identity identity;
    size_t position;
};

static int compare_named(const void *a, const void *b)
{
    const struct named *left = a, *right = b;
    if (left->identity.device != right->identity.device)
        return left->identity.device < right->identity.device ? -1 : 1;
    if (left->identity.inode != right->identity.inode)
        return left->identity.inode < right->identity.inode ? -1 : 1;
    return left->position < right->position ? -1 : left->position > right->position;
}

static bool are_one(const struct identity *a, const struct identity *b)
{
    return a->exists && b->exists && a->device == b->device && a->inode == b->inode;
}

size_t *same_file_firsts(char *const *paths, size_t count, struct error *err)
{
    size_t *first = memory_zeroed(count, sizeof *first, "the names of files", err);
    struct named *named =
        first != NULL ? memory_zeroed(count, sizeof *named, "the names of files", err) : NULL;
    if (named == NULL) {
        free(first);
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        named[i] = (struct named){identity_of(paths[i]), i};
    qsort(named, count, sizeof *named, compare_named);
    for (size_t k = 0; k < count; k++) {
        bool again = k > 0 && are_one(&named[k - 1].identity, &named[k].identity);
        first[named[k].position] = again ? first[named[k - 1].position] : named[k].position;
    }
    free(named);
    return first;
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
            if (are_one(&written[k], &read))
                refuse(inputs->items[i], outputs->items[k], err);
    }
    free(written);
    return err->code;
}
