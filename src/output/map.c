#include "output/map.h"

#include "base/text.h"
#include "output/replace.h"

int map_write(const char *path, const struct image_content *content, struct error *err)
{
    struct replace replace;
    if (replace_open(&replace, path, err) != 0)
        return err->code;
    struct error write_error = {0};
    bool compressed = text_ends_with(path, ".gz");
    /* The same file, by its name. */
    int code = image_write(replace.temporary, compressed, content, &write_error);
    if (code == 0)
        return replace_finish(&replace, err);
    replace_abandon(&replace);
    *err = write_error;
    return code;
}
