#include "report/packed.h"

#include "base/memory.h"
#include "report/base64.h"

#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16, MEMORY_LEVEL = 9, LEVEL = 6, AT_ONCE = 1 << 30 };

int packed_write(FILE *out, const void *bytes, size_t count, struct error *err)
{
    z_stream stream = {.next_in = (unsigned char *)bytes};
    if (deflateInit2(&stream, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
        return error_set(err, EXIT_CODE_FAILED, "out of memory for the report");
    size_t most = deflateBound(&stream, count);
    unsigned char *packed = memory_zeroed(most, 1, "the report", err);
    int done = Z_OK;
    if (packed != NULL && (count > AT_ONCE || most > UINT32_MAX))
        error_set(err, EXIT_CODE_FAILED, "%zu bytes are more than the report packs", count);
    if (err->code == 0) {
        stream.avail_in = (unsigned)count;
        stream.next_out = packed;
        stream.avail_out = (unsigned)most;
        done = deflate(&stream, Z_FINISH);
        if (done != Z_STREAM_END)
            error_set(err, EXIT_CODE_FAILED, "the report's data cannot be packed (zlib: %d)", done);
        else
            base64_write(out, packed, stream.total_out);
    }
    deflateEnd(&stream);
    free(packed);
    return err->code;
}
