/* The structure of HDF5 files, every checksum believed. */
#include "checkpoint/layout/layout.h"
#include "fuzz.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Looks at every byte that the layout says is there. */
static uint64_t sum(const struct layout *layout, int descriptor)
{
    uint64_t total = 0;
    for (size_t k = 0; k < layout->n_attributes; k++) {
        const struct layout_attribute *attribute = &layout->attributes[k];
        total += strlen(attribute->name) + attribute->object;
        for (size_t i = 0; i < attribute->form.type_bytes; i++)
            total += attribute->form.type[i];
        for (size_t i = 0; i < attribute->form.count_bytes; i++)
            total += attribute->values[i];
    }
    for (size_t k = 0; k < layout->n_objects; k++) {
        const struct layout_object *object = &layout->objects[k];
        uint8_t last;
        if (object->form.count_bytes > 0 &&
            pread(descriptor, &last, 1, (off_t)(object->offset + object->form.count_bytes - 1)) != 1)
            abort(); /* not in the file */
        if (layout_find(layout, object->path) != object)
            abort(); /* twice there */
        total += object->form.count;
    }
    return total;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int descriptor = -1;
    static volatile uint64_t looked_at;
    if (descriptor < 0)
        descriptor = memfd_create("fuzz", MFD_CLOEXEC);
    if (descriptor < 0 || ftruncate(descriptor, (off_t)size) != 0 ||
        pwrite(descriptor, data, size, 0) != (ssize_t)size)
        abort();
    struct error err = {0};
    struct layout layout;
    const struct layout_file file = {descriptor, size, "file.h5", "an arete campaign"};
    if (layout_read(&layout, &file, &err) == 0)
        looked_at += sum(&layout, descriptor);
    layout_free(&layout);
    return 0;
}
