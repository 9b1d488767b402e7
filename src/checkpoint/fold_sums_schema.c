#include "checkpoint/fold_sums_schema.h"

#include "checkpoint/campaign_schema.h"

#define AT(member) .place = offsetof(struct campaign, member)

/* Optional in files of any format there is; fold_sums.c holds the shape against the campaign. */
enum { OF_ORBITS = CAMPAIGN_FORMAT_VERSION + 1 };

static const struct schema_field fields[] = {
    {"/", "arete_version", SCHEMA_TEXT, AT(arete_version)},
    {"/", "blas_core", SCHEMA_TEXT, AT(blas_core)},
    {"/", "G", SCHEMA_I64, AT(unit_permutations)},
    {"/", "T", SCHEMA_I64, AT(n_targets)},
    {"/", "count", SCHEMA_I64, AT(n_permutations)},
    {"/", "from", SCHEMA_I64, AT(sums_from)},
    {"/", "through", SCHEMA_I64, AT(sums_through)},
    {"/permutation/method", NULL, SCHEMA_TEXT, AT(method), .since = OF_ORBITS},
    {"/permutation/method", "shifts", SCHEMA_I64, AT(n_shifts)},
    {"/permutation/method", "slice", SCHEMA_I64, AT(slice_targets)},
    {CAMPAIGN_FINGERPRINT, NULL, SCHEMA_ROW, &campaign_fingerprint_row, .rank = 1,
     .shape = {CAMPAIGN_FINGERPRINTS}, AT(fingerprints)},
    {FOLD_SUMS_ROWS, NULL, SCHEMA_F32, .rank = 2, .shape = {CAMPAIGN_ROWS, CAMPAIGN_SUM_FLOATS},
     .storage = SCHEMA_APART, .since = OF_ORBITS},
    {FOLD_SUMS_STATE, NULL, SCHEMA_F64, .rank = 2, .shape = {CAMPAIGN_STATES, CAMPAIGN_SUM_DOUBLES},
     .storage = SCHEMA_APART},
    {FOLD_SUMS_UNIT_CRC, NULL, SCHEMA_U32, .rank = 1, .shape = {CAMPAIGN_UNITS}, .storage = SCHEMA_APART},
};

/* What no shape tells. */
static int check(const void *record, const char *path, struct error *err)
{
    const struct campaign *sums = record;
    return sums->sums_from < sums->sums_through && sums->sums_through <= INT32_MAX
               ? 0
               : error_set(err, EXIT_CODE_FAILED,
                           "%s: is damaged: sums over folds %zu to %zu found; expected a fold at least", path,
                           sums->sums_from, sums->sums_through);
}

const struct schema fold_sums_schema = {
    .format = "arete-campaign-sums",
    .a_file = "a file of sums of an arete campaign",
    .version_of = "campaign format",
    .remedy = "remove the file, and its folds are computed again",
    .version = CAMPAIGN_FORMAT_VERSION,
    .oldest = CAMPAIGN_FORMAT_VERSION,
    .sparse = true,
    .record_bytes = sizeof(struct campaign),
    .lengths = campaign_lengths,
    .n_lengths = CAMPAIGN_LENGTHS,
    .fields = fields,
    .n_fields = sizeof fields / sizeof *fields,
    .check = check,
};
