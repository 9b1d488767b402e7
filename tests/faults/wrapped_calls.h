/* The calls of arete's own objects that can be made to fail.
 *
 * The linker's --wrap sends them through wrapped_calls.c (the list is in CMakeLists.txt); those that shared
 * libraries (HDF5, StarPU, libc) make themselves are not reached. */
#ifndef ARETE_TEST_WRAPPED_CALLS_H
#define ARETE_TEST_WRAPPED_CALLS_H

enum fault_kind {
    FAULT_WRITE,
    FAULT_PWRITE,
    FAULT_PREAD,
    FAULT_FSYNC,
    FAULT_FDATASYNC,
    FAULT_RENAME, /* rename, renameat2, link */
    FAULT_OPEN,
    FAULT_FALLOCATE,
    FAULT_FTRUNCATE,
    FAULT_CLOSE,
    FAULT_FOPEN,
    FAULT_LOCK,   /* fcntl that takes or examines a lock */
    FAULT_MEMORY, /* malloc, calloc, realloc, aligned_alloc, vasprintf, asprintf, getline */
    FAULT_KINDS
};

enum verdict { WHOLE, HALF, FAIL };

/* What becomes of the next call of a kind, with errno set when it fails: the program that links
 * wrapped_calls.c defines it. Any thread may ask. */
enum verdict wrapped_call(enum fault_kind kind);

#endif
