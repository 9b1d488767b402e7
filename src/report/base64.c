#include "report/base64.h"

void base64_write(FILE *out, const unsigned char *bytes, size_t count)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t k = 0; k < count; k += 3) {
        unsigned three = (unsigned)bytes[k] << 16 | (k + 1 < count ? (unsigned)bytes[k + 1] << 8 : 0) |
                         (k + 2 < count ? bytes[k + 2] : 0);
        char four[4] = {letters[three >> 18], letters[three >> 12 & 63],
                        k + 1 < count ? letters[three >> 6 & 63] : '=',
                        k + 2 < count ? letters[three & 63] : '='};
        fwrite(four, 1, sizeof four, out);
    }
}
