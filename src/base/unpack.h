/* Text files, those packed by gzip as if they were not. */
#ifndef ARETE_BASE_UNPACK_H
#define ARETE_BASE_UNPACK_H

#include <stdio.h>

/* A stream of what `file`, of which nothing has been read, holds once unpacked, which of one that
 * is not packed is up to its first zero byte. Lines end by \n alone, where they ended by \r\n or \r. Closing
 * it closes the file. Reading a damaged one fails with EBADMSG, one that unpacks to a line of over 64 MB, or
 * to more than that and 300 times its size, with EFBIG. NULL and errno on failure; the file is closed then.
 */
FILE *unpack_stream(FILE *file);

#endif
