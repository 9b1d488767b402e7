/* CRC-32C (Castagnoli, as in iSCSI and ext4): whether bytes read are the bytes written. */
#ifndef ARETE_CHECKPOINT_CRC32C_H
#define ARETE_CHECKPOINT_CRC32C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The CRC of `count` bytes; 0xE3069283 for "123456789", 0 for none. With the processor's instruction where it
 * has one. */
uint32_t crc32c_of(const void *bytes, size_t count);

/* Whether the CRC is `expected`: the only question that is asked of bytes that were read. */
bool crc32c_is(const void *bytes, size_t count, uint32_t expected);

/* The same value on any processor. */
uint32_t crc32c_portable(const void *bytes, size_t count);

#endif
