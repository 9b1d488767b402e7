#include "output/map.h"

#include "base/replace.h"

int map_write(const char *path, const struct image_content *content, struct error *err)
{
    struct replace replace;
    if (replace_open(&replace, path, err) != 0)
        return err->code;
    char way[REPLACE_WAY_BYTES];
    replace_way(&replace, way);
    if (image_write(way, path, content, err) == 0)
        return replace_finish(&replace, err);
    replace_abandon(&replace);
    return err->code;
}
