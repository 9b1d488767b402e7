#include "output/map.h"

#include "output/replace.h"

#include <string.h>

int map_write(const char *path, const struct image_content *content, struct error *err)
{
    struct replace replace;
    size_t length = strlen(path);
    bool compressed = length > 3 && strcmp(path + length - 3, ".gz") == 0;
    if (replace_open(&replace, path, err) != 0)
        return err->code;
    struct error write_error = {0};
    int code =
        image_write(replace.temporary, compressed, content, &write_error); /* the same file, by its name */
    if (code == 0)
        return replace_finish(&replace, err);
    replace_abandon(&replace);
    *err = write_error;
    return code;
}
