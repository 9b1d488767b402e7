#include "output/map.h"

#include "base/replace.h"
#include "base/text.h"

static const struct replace_kind *kind_of(const char *path)
{
    static const struct replace_kind packed = {"a packed image of arete", "\x1f\x8b", 2, "arete", false},
                                     plain = {"a NIfTI image of arete", "\x5c\x01\0\0", 4, "arete", false};
    return text_ends_with(path, ".gz") ? &packed : &plain;
}

int map_check(const char *path, struct error *err)
{
    return replace_check(path, kind_of(path), err);
}

int map_write(const char *path, const struct image_content *content, struct error *err)
{
    struct replace replace;
    if (replace_open(&replace, path, kind_of(path), err) != 0)
        return err->code;
    char room[REPLACE_WAY_BYTES];
    const char *way = replace_way(&replace, room);
    if (image_write(way, path, content, err) == 0)
        return replace_finish(&replace, err);
    replace_abandon(&replace);
    return err->code;
}
