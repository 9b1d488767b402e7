/* Opening a campaign in HDF5 to change it by hand, in the forms that arete itself writes: what is in others
 * is refused before its content is looked at. */
#ifndef ARETE_TEST_HDF5_CHANGE_H
#define ARETE_TEST_HDF5_CHANGE_H

#include "testing.h"

#include <hdf5.h>

static inline hid_t hdf5_change_access(void)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    CU_ASSERT_FATAL(access >= 0 && H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18) >= 0);
    return access;
}

static inline hid_t hdf5_change_open(const char *path)
{
    hid_t access = hdf5_change_access(), file = H5Fopen(path, H5F_ACC_RDWR, access);
    H5Pclose(access);
    CU_ASSERT_FATAL(file >= 0);
    return file;
}

#endif
