#include "report/png.h"

#include "base/memory.h"
#include "report/base64.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { SIGNATURE_BYTES = 8, HEADER_BYTES = 13, CHUNK_BYTES = 12 };

struct written {
    unsigned char *bytes;
    size_t count;
};

static void put_u32(struct written *to, uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        to->bytes[to->count++] = (unsigned char)(value >> shift);
}

static void put_chunk(struct written *to, const char kind[4], const unsigned char *data, size_t count)
{
    put_u32(to, (uint32_t)count);
    unsigned char *begin = to->bytes + to->count;
    for (int k = 0; k < 4; k++)
        begin[k] = (unsigned char)kind[k];
    memcpy(begin + 4, data, count);
    to->count += 4 + count;
    put_u32(to, (uint32_t)crc32(0, begin, (unsigned)count + 4));
}

static void put_header(struct written *to, const struct png *png)
{
    unsigned char header[HEADER_BYTES] = {0};
    struct written size = {header, 0};
    put_u32(&size, (uint32_t)png->width);
    put_u32(&size, (uint32_t)png->height);
    header[8] = 8; /* bits */
    header[9] = 3; /* numbers of colours */
    put_chunk(to, "IHDR", header, sizeof header);
}

static void put_colors(struct written *to, const struct png *png)
{
    unsigned char color[3 * PNG_COLORS], opacity[PNG_COLORS];
    for (int c = 0; c < PNG_COLORS; c++) {
        memcpy(color + 3 * (size_t)c, png->color[c], 3);
        opacity[c] = png->color[c][3];
    }
    put_chunk(to, "PLTE", color, sizeof color);
    put_chunk(to, "tRNS", opacity, sizeof opacity);
}

/* The rows, each after a 0 (no filter), packed. */
static int pack(struct written *packed, const struct png *png, struct error *err)
{
    size_t row = png->width + 1, count = row * png->height;
    uLongf bytes = compressBound(count);
    unsigned char *rows = memory_zeroed(count, 1, "a picture", err);
    packed->bytes = memory_zeroed(bytes, 1, "a picture", err);
    for (size_t y = 0; err->code == 0 && y < png->height; y++)
        memcpy(rows + y * row + 1, png->pixel + y * png->width, png->width);
    if (err->code == 0 && compress2(packed->bytes, &bytes, rows, count, Z_BEST_COMPRESSION) != Z_OK)
        error_set(err, EXIT_CODE_FAILED, "out of memory for a picture");
    packed->count = bytes;
    free(rows);
    return err->code;
}

int png_write(FILE *out, const struct png *png, struct error *err)
{
    struct written packed = {0}, file = {0};
    if (pack(&packed, png, err) == 0)
        file.bytes =
            memory_zeroed(SIGNATURE_BYTES + HEADER_BYTES + 5 * CHUNK_BYTES + 4 * PNG_COLORS + packed.count, 1,
                          "a picture", err);
    if (file.bytes != NULL) {
        memcpy(file.bytes, "\211PNG\r\n\032\n", SIGNATURE_BYTES);
        file.count = SIGNATURE_BYTES;
        put_header(&file, png);
        put_colors(&file, png);
        put_chunk(&file, "IDAT", packed.bytes, packed.count);
        put_chunk(&file, "IEND", (const unsigned char *)"", 0);
        fputs("data:image/png;base64,", out);
        base64_write(out, file.bytes, file.count);
    }
    free(file.bytes);
    free(packed.bytes);
    return err->code;
}
