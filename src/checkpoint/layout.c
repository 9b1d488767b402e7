#include "checkpoint/layout.h"

#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "rows are written as they stand in memory");

#define FIELD(name) offsetof(struct campaign, name)

static const struct layout_dataset datasets[LAYOUT_DATASETS] = {
    [LAYOUT_ID_YAML] = {"/study/yaml", LAYOUT_TEXT, 0, {0}, FIELD(yaml)},
    [LAYOUT_ID_FINGERPRINT] =
        {"/study/fingerprint", LAYOUT_FINGERPRINT, 1, {LAYOUT_FINGERPRINTS}, FIELD(fingerprints)},
    [LAYOUT_ID_FILES] = {"/study/files", LAYOUT_FILE, 1, {LAYOUT_FILES}, FIELD(files)},
    [LAYOUT_ID_FID] = {"/subjects/fid", LAYOUT_TEXT, 1, {LAYOUT_SUBJECTS}, FIELD(fid)},
    [LAYOUT_ID_IID] = {"/subjects/iid", LAYOUT_TEXT, 1, {LAYOUT_SUBJECTS}, FIELD(iid)},
    [LAYOUT_ID_TARGET_NAME] = {"/targets/name", LAYOUT_TEXT, 1, {LAYOUT_TARGETS_ALL}, FIELD(target_name)},
    [LAYOUT_ID_TARGET_NOTE] = {"/targets/note", LAYOUT_TEXT, 1, {LAYOUT_TARGETS_ALL}, FIELD(target_note)},
    [LAYOUT_ID_TARGET_ANALYSED] =
        {"/targets/analysed", LAYOUT_U8, 1, {LAYOUT_TARGETS_ALL}, FIELD(target_analysed)},
    [LAYOUT_ID_TARGET_N] = {"/targets/n", LAYOUT_I32, 1, {LAYOUT_TARGETS_ALL}, FIELD(target_n)},
    [LAYOUT_ID_TARGET_N_MISSING] =
        {"/targets/n_missing", LAYOUT_I32, 1, {LAYOUT_TARGETS_ALL}, FIELD(target_n_missing)},
    [LAYOUT_ID_RESIDUAL] =
        {"/targets/residual", LAYOUT_F64, 2, {LAYOUT_SUBJECTS, LAYOUT_TARGETS}, FIELD(residual)},
    [LAYOUT_ID_EXCHANGEABILITY] =
        {"/permutation/block", LAYOUT_I32, 1, {LAYOUT_SUBJECTS}, FIELD(exchangeability)},
    [LAYOUT_ID_COVARIATES] =
        {"/covariates", LAYOUT_F64, 2, {LAYOUT_SUBJECTS, LAYOUT_COVARIATES}, FIELD(covariates)},
    [LAYOUT_ID_OUTER_FOLD] = {"/folds/outer", LAYOUT_I32, 1, {LAYOUT_SUBJECTS}, FIELD(outer_fold)},
    [LAYOUT_ID_INNER_FOLD] =
        {"/folds/inner", LAYOUT_I32, 2, {LAYOUT_OUTER_FOLDS, LAYOUT_SUBJECTS}, FIELD(inner_fold)},
    [LAYOUT_ID_PENALTY] = {"/penalties", LAYOUT_F64, 1, {LAYOUT_PENALTIES}, FIELD(penalty)},
    [LAYOUT_ID_NODE] = {"/nodes/penalty", LAYOUT_I32, 1, {LAYOUT_NODES}, FIELD(node)},
    [LAYOUT_ID_NODE_WEIGHT] =
        {"/nodes/weight", LAYOUT_F64, 2, {LAYOUT_NODE_WEIGHTS, LAYOUT_NODE_TERMS}, FIELD(node_weight)},
    [LAYOUT_ID_GRAM] = {"/gram", LAYOUT_F64, 2, {LAYOUT_SUBJECTS, LAYOUT_SUBJECTS}, FIELD(gram)},
    [LAYOUT_ID_R2] = {"/observed/r2", LAYOUT_F64, 1, {LAYOUT_TARGETS}, FIELD(r2)},
    [LAYOUT_ID_R2_BY_FOLD] =
        {"/observed/r2_by_fold", LAYOUT_F64, 2, {LAYOUT_OUTER_FOLDS, LAYOUT_TARGETS}, FIELD(r2_by_fold)},
    [LAYOUT_ID_PENALTY_BY_FOLD] = {"/observed/penalty_by_fold",
                                   LAYOUT_F64,
                                   2,
                                   {LAYOUT_OUTER_FOLDS, LAYOUT_TARGETS},
                                   FIELD(penalty_by_fold)},
    [LAYOUT_ID_R] = {"/observed/r", LAYOUT_F64, 1, {LAYOUT_TARGETS}, FIELD(r)},
    [LAYOUT_ID_SCORE] = {"/observed/score", LAYOUT_F32, 1, {LAYOUT_TARGETS}, FIELD(score)},
    [LAYOUT_ID_NULL_SCORE] = {"/null/score", LAYOUT_F32, 2, {LAYOUT_ROWS, LAYOUT_TARGETS}, 0},
    [LAYOUT_ID_UNIT_CRC] = {"/null/unit_crc", LAYOUT_U32, 1, {LAYOUT_UNITS}, 0},
};

static const char *const groups[] = {"/study",    "/subjects", "/targets", "/permutation", "/folds", "/nodes",
                                     "/observed", "/null",     NULL};
static const char *const part_groups[] = {"/study", "/null", NULL};

const struct layout_dataset *layout_dataset(enum layout_id id)
{
    return &datasets[id];
}

bool layout_has(enum layout_kind kind, enum layout_id id)
{
    return kind == LAYOUT_CAMPAIGN || id == LAYOUT_ID_FINGERPRINT || id >= LAYOUT_STATIC;
}

bool layout_is_optional(enum layout_id id)
{
    return id == LAYOUT_ID_TARGET_N_MISSING;
}

bool layout_writes(enum layout_kind kind, enum layout_id id, const struct campaign *campaign)
{
    return layout_has(kind, id) && !(layout_is_optional(id) && layout_field(campaign, &datasets[id]) == NULL);
}

const char *layout_format(enum layout_kind kind)
{
    return kind == LAYOUT_CAMPAIGN ? "arete-campaign" : "arete-campaign-part";
}

const char *const *layout_groups(enum layout_kind kind)
{
    return kind == LAYOUT_CAMPAIGN ? groups : part_groups;
}

void layout_lengths(const struct campaign *campaign, uint64_t length[LAYOUT_LENGTHS])
{
    length[LAYOUT_FINGERPRINTS] = campaign->n_fingerprints;
    length[LAYOUT_FILES] = campaign->n_files;
    length[LAYOUT_SUBJECTS] = campaign->n;
    length[LAYOUT_TARGETS_ALL] = campaign->n_targets_all;
    length[LAYOUT_TARGETS] = campaign->n_targets;
    length[LAYOUT_COVARIATES] = campaign->n_covariates;
    length[LAYOUT_OUTER_FOLDS] = (uint64_t)campaign->n_outer;
    length[LAYOUT_PENALTIES] = campaign->n_penalties;
    length[LAYOUT_NODES] = campaign->n_nodes;
    length[LAYOUT_NODE_WEIGHTS] = campaign->n_node_weights;
    length[LAYOUT_NODE_TERMS] = campaign->n_nodes + 1;
    length[LAYOUT_UNITS] = (uint64_t)campaign_unit_count(campaign);
    length[LAYOUT_ROWS] = length[LAYOUT_UNITS] * (uint64_t)campaign->unit_permutations;
}

bool layout_count_units(int64_t count, int64_t unit_permutations, uint64_t *units, uint64_t *rows)
{
    if (count < 0 || unit_permutations < 1)
        return false;
    *units = (uint64_t)(count / unit_permutations + (count % unit_permutations != 0));
    return !__builtin_mul_overflow(*units, (uint64_t)unit_permutations, rows) && *rows <= INT64_MAX;
}

static hid_t open_text(size_t width)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    if (type < 0)
        return type;
    if (H5Tset_size(type, width) < 0 || H5Tset_strpad(type, H5T_STR_NULLPAD) < 0 ||
        H5Tset_cset(type, H5T_CSET_UTF8) < 0) {
        H5Tclose(type);
        return H5I_INVALID_HID;
    }
    return type;
}

/* A text and 64-bit numbers after it without padding: two types for a fingerprint, three members more for a
 * file. */
static hid_t open_record(enum layout_type kind, size_t width)
{
    hid_t text = open_text(width);
    hid_t type = text < 0 ? text : H5Tcreate(H5T_COMPOUND, layout_element_bytes(kind, width));
    herr_t status = type < 0 ? -1 : 0;
    if (status >= 0 && kind == LAYOUT_FINGERPRINT) {
        status = H5Tinsert(type, "name", 0, text) | H5Tinsert(type, "hash", width, H5T_STD_U64LE);
    } else if (status >= 0) {
        status = H5Tinsert(type, "path", 0, text) | H5Tinsert(type, "size", width, H5T_STD_I64LE) |
                 H5Tinsert(type, "modified_ns", width + 8, H5T_STD_I64LE) |
                 H5Tinsert(type, "hash", width + 16, H5T_STD_U64LE);
    }
    if (text >= 0)
        H5Tclose(text);
    if (status < 0 && type >= 0) {
        H5Tclose(type);
        type = H5I_INVALID_HID;
    }
    return type;
}

hid_t layout_open_type(enum layout_type type, size_t width)
{
    switch (type) {
    case LAYOUT_U8:
        return H5Tcopy(H5T_STD_U8LE);
    case LAYOUT_I32:
        return H5Tcopy(H5T_STD_I32LE);
    case LAYOUT_U32:
        return H5Tcopy(H5T_STD_U32LE);
    case LAYOUT_F32:
        return H5Tcopy(H5T_IEEE_F32LE);
    case LAYOUT_F64:
        return H5Tcopy(H5T_IEEE_F64LE);
    case LAYOUT_TEXT:
        return open_text(width);
    case LAYOUT_FINGERPRINT:
    case LAYOUT_FILE:
        return open_record(type, width);
    }
    return H5I_INVALID_HID;
}

size_t layout_element_bytes(enum layout_type type, size_t width)
{
    switch (type) {
    case LAYOUT_U8:
        return 1;
    case LAYOUT_I32:
    case LAYOUT_U32:
    case LAYOUT_F32:
        return 4;
    case LAYOUT_F64:
        return 8;
    case LAYOUT_TEXT:
        return width;
    case LAYOUT_FINGERPRINT:
        return width + 8;
    case LAYOUT_FILE:
        return width + 24;
    }
    return 0;
}

const char *layout_type_name(enum layout_type type)
{
    static const char *const names[] = {"u8",
                                        "i32",
                                        "u32",
                                        "f32",
                                        "f64",
                                        "text of fixed width (UTF-8, null-padded)",
                                        "(text name, u64 hash)",
                                        "(text path, i64 size, i64 modified_ns, u64 hash)"};
    return names[type];
}

void *layout_field(const struct campaign *campaign, const struct layout_dataset *dataset)
{
    void *values; /* copied, because the field's own type is a pointer to something else */
    memcpy(&values, (const char *)campaign + dataset->field, sizeof values);
    return values;
}

void layout_set_field(struct campaign *campaign, const struct layout_dataset *dataset, void *values)
{
    memcpy((char *)campaign + dataset->field, &values, sizeof values);
}
