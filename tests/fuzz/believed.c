/* Every checksum is right: whoever makes a file to harm computes them. The linker's --wrap sends the
 * questions here. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool __wrap_lookup3_is(const uint8_t *bytes, size_t count, uint32_t expected);
bool __wrap_crc32c_is(const void *bytes, size_t count, uint32_t expected);

bool __wrap_lookup3_is(const uint8_t *bytes, size_t count, uint32_t expected)
{
    (void)bytes, (void)count, (void)expected;
    return true;
}

bool __wrap_crc32c_is(const void *bytes, size_t count, uint32_t expected)
{
    (void)bytes, (void)count, (void)expected;
    return true;
}
