#include "checkpoint/hdf5_file.h"

#include "checkpoint/hdf5_error.h"

#include <stdbool.h>

enum {
    PAGE_BYTES = 4096,
    MEMBERS_MOST = 64 /* of the root that its header itself holds: HDF5 would put more than 8 elsewhere */
};

static hid_t access_properties(void)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (access < 0)
        return access;
    if (H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) < 0 || H5Pset_file_locking(access, false, true) < 0) {
        H5Pclose(access);
        return H5I_INVALID_HID;
    }
    return access;
}

static hid_t without_times(hid_t property_class)
{
    hid_t properties = H5Pcreate(property_class);
    if (properties >= 0 && H5Pset_obj_track_times(properties, false) < 0) {
        H5Pclose(properties);
        return H5I_INVALID_HID;
    }
    return properties;
}

hid_t hdf5_file_create(const struct replace *replace, size_t structure_bytes, struct error *err)
{
    char room[REPLACE_WAY_BYTES];
    const char *way = replace_way(replace, room);
    hid_t access = access_properties();
    hid_t creation = without_times(H5P_FILE_CREATE);
    hid_t file = H5I_INVALID_HID;
    if (access >= 0 && creation >= 0 && H5Pset_alignment(access, PAGE_BYTES, PAGE_BYTES) >= 0 &&
        H5Pset_link_phase_change(creation, MEMBERS_MOST, 0) >= 0 &&
        H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18) >= 0 &&
        (structure_bytes == 0 || H5Pset_meta_block_size(access, structure_bytes) >= 0))
        file = H5Fcreate(way, H5F_ACC_TRUNC, creation, access);
    if (file < 0)
        hdf5_error_set(err, EXIT_CODE_FAILED, replace->path, "cannot be made");
    if (access >= 0)
        H5Pclose(access);
    if (creation >= 0)
        H5Pclose(creation);
    return file;
}

hid_t hdf5_file_dataset_properties(const char *path, struct error *err)
{
    hid_t properties = without_times(H5P_DATASET_CREATE);
    if (properties < 0 || H5Pset_layout(properties, H5D_CONTIGUOUS) < 0 ||
        H5Pset_alloc_time(properties, H5D_ALLOC_TIME_EARLY) < 0 ||
        H5Pset_fill_time(properties, H5D_FILL_TIME_NEVER) < 0) {
        hdf5_error_set(err, EXIT_CODE_FAILED, path, "cannot be made");
        if (properties >= 0)
            H5Pclose(properties);
        return H5I_INVALID_HID;
    }
    return properties;
}

int hdf5_file_make_group(hid_t file, const char *path, const char *group, struct error *err)
{
    hid_t properties = without_times(H5P_GROUP_CREATE);
    hid_t made = properties < 0 ? properties : H5Gcreate2(file, group, H5P_DEFAULT, properties, H5P_DEFAULT);
    int code =
        made < 0 || H5Gclose(made) < 0 ? hdf5_error_set(err, EXIT_CODE_FAILED, path, "cannot be made") : 0;
    if (properties >= 0)
        H5Pclose(properties);
    return code;
}
