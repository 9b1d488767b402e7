#include "checkpoint/campaign_schema.h"

#include "checkpoint/campaign_check.h"

#define AT(member) .place = offsetof(struct campaign, member)

/* Whether units can be counted at all: numbers so small that no product of two of them is over 64 bits. */
static bool has_units(const struct campaign *campaign)
{
    return campaign->n_permutations >= 0 && campaign->n_permutations <= INT32_MAX &&
           campaign->unit_permutations >= 1 && campaign->unit_permutations <= INT32_MAX &&
           campaign->n_shifts <= INT32_MAX && campaign->n_targets <= INT32_MAX &&
           campaign->slice_targets <= INT32_MAX &&
           (!campaign_has_orbits(campaign) || campaign->slice_targets >= 1);
}

static bool count_units(const void *record, uint64_t *units)
{
    *units = has_units(record) ? (uint64_t)campaign_unit_count(record) : 0;
    return has_units(record) && *units <= INT64_MAX;
}

static bool count_rows(const void *record, uint64_t *rows)
{
    const struct campaign *campaign = record;
    uint64_t units;
    return count_units(record, &units) &&
           !__builtin_mul_overflow(units, (uint64_t)campaign->unit_permutations, rows) &&
           !__builtin_mul_overflow(*rows, campaign_has_orbits(campaign) ? campaign->slice_targets : 1,
                                   rows) &&
           *rows <= INT64_MAX;
}

static bool count_row_scores(const void *record, uint64_t *scores)
{
    const struct campaign *campaign = record;
    *scores = campaign_has_orbits(campaign) ? campaign->n_shifts : campaign->n_targets;
    return true;
}

static bool count_scores(const void *record, uint64_t *scores)
{
    const struct campaign *campaign = record;
    *scores = campaign_has_orbits(campaign) ? 0 : campaign->n_targets;
    return true;
}

static bool count_places(const void *record, uint64_t *places)
{
    const struct campaign *campaign = record;
    *places = campaign_has_orbits(campaign) && has_units(campaign) ? (uint64_t)campaign_places(campaign) : 0;
    return true;
}

static bool count_states(const void *record, uint64_t *states)
{
    return campaign_has_orbits(record) ? count_places(record, states) : count_rows(record, states);
}

static bool count_node_terms(const void *record, uint64_t *terms)
{
    return !__builtin_add_overflow(((const struct campaign *)record)->n_nodes, 1, terms);
}

const struct schema_length campaign_lengths[CAMPAIGN_LENGTHS] = {
    [CAMPAIGN_FINGERPRINTS] = {"fingerprints", AT(n_fingerprints)},
    [CAMPAIGN_FILES] = {"input files", AT(n_files)},
    [CAMPAIGN_WARNINGS] = {"warnings", AT(n_warnings)},
    [CAMPAIGN_SUBJECTS] = {"subjects", AT(n), .least = 1},
    [CAMPAIGN_TARGETS_ALL] = {"targets", AT(n_targets_all), .least = 1},
    [CAMPAIGN_TARGETS] = {"analysed targets", AT(n_targets), .least = 1},
    [CAMPAIGN_PLACED] = {"targets with a place", AT(n_placed)},
    [CAMPAIGN_AXES] = {"axes", .fixed = 3},
    [CAMPAIGN_AFFINE_COLUMNS] = {"columns of an affine", .fixed = 4},
    [CAMPAIGN_MAPPED] = {"voxels of targets", AT(n_mapped)},
    [CAMPAIGN_MEAN] = {"voxels of the mean image", AT(n_mean)},
    [CAMPAIGN_COVARIATES] = {"covariates", AT(n_covariates)},
    [CAMPAIGN_OUTER_FOLDS] = {"outer folds", AT(n_outer), .least = 1},
    [CAMPAIGN_PENALTIES] = {"penalties", AT(n_penalties)},
    [CAMPAIGN_NODES] = {"penalty nodes", AT(n_nodes)},
    [CAMPAIGN_NODE_TERMS] = {"terms of a node's weights", .derive = count_node_terms},
    [CAMPAIGN_NODE_WEIGHTS] = {"rows of node weights", AT(n_node_weights)},
    [CAMPAIGN_PLOT_ROWS] = {"rows of a plot", .fixed = CAMPAIGN_MANHATTAN_ROWS},
    [CAMPAIGN_PLOT_COLUMNS] = {"columns of a plot", .fixed = CAMPAIGN_MANHATTAN_COLUMNS},
    [CAMPAIGN_CHROMOSOMES] = {"chromosomes of a plot", AT(n_chromosomes)},
    [CAMPAIGN_PEAKS] = {"peaks of a plot", AT(n_peaks)},
    [CAMPAIGN_QUANTILES] = {"points of a plot", AT(n_quantiles)},
    [CAMPAIGN_POINT] = {"numbers of a point", .fixed = 2},
    [CAMPAIGN_SUBJECT_FILTERS] = {"filters of subjects", AT(n_subject_filters)},
    [CAMPAIGN_SNP_FILTERS] = {"filters of SNPs", AT(n_snp_filters)},
    [CAMPAIGN_POWER] = {"heritabilities with an expected r2", AT(n_power)},
    [CAMPAIGN_RELATED] = {"bins of relatedness", AT(n_related_bins)},
    [CAMPAIGN_RELATIVES] = {"relatives left out", AT(n_relatives_dropped)},
    [CAMPAIGN_SEQUENCES] = {"sequences of an orbit", AT(n_sequences)},
    [CAMPAIGN_SEQUENCE_PLACES] = {"places of a sequence", AT(n_places)},
    [CAMPAIGN_FIXED] = {"subjects that stand still", AT(n_fixed)},
    [CAMPAIGN_NODE_ERRORS] = {"folds and nodes", AT(n_node_errors)},
    [CAMPAIGN_BASELINES] = {"folds with a baseline", AT(n_baselines)},
    [CAMPAIGN_PREDICTED] = {"people with predictions", AT(n_predicted)},
    [CAMPAIGN_SCORES] = {"observed scores", .derive = count_scores},
    [CAMPAIGN_UNITS] = {"units of permutations", .derive = count_units},
    [CAMPAIGN_ROWS] = {"permutations", .derive = count_rows},
    [CAMPAIGN_ROW_SCORES] = {"scores of a row", .derive = count_row_scores},
    [CAMPAIGN_PLACES] = {"places of an orbit", .derive = count_places},
    [CAMPAIGN_STATES] = {"rows with a state", .derive = count_states},
    [CAMPAIGN_SUM_FLOATS] = {"sums of a row", AT(sum_floats)},
    [CAMPAIGN_SUM_DOUBLES] = {"numbers of a state", AT(sum_doubles)},
};

const struct schema_row campaign_fingerprint_row = {"name", 1, {{"hash", SCHEMA_U64}}};
static const struct schema_row file_row = {
    "path", 3, {{"size", SCHEMA_I64}, {"modified_ns", SCHEMA_I64}, {"hash", SCHEMA_U64}}};
static const struct schema_row place_row = {"name", 2, {{"across", SCHEMA_F64}, {"up", SCHEMA_F64}}};
static const struct schema_row filter_row = {"why", 2, {{"dropped", SCHEMA_I64}, {"left", SCHEMA_I64}}};

_Static_assert(sizeof(struct campaign_fingerprint) == 16 && sizeof(struct campaign_file) == 32 &&
                   sizeof(struct campaign_filter) == 24 && sizeof(struct campaign_place) == 24,
               "rows of a text and numbers of 8 bytes");

/* A dataset's shape. */
#define ONE(a) .rank = 1, .shape = {a}
#define TWO(a, b) .rank = 2, .shape = {a, b}

enum { STUDY = CAMPAIGN_BROADCAST_STUDY, NODES = CAMPAIGN_BROADCAST_NODES, UNITS = CAMPAIGN_BROADCAST_UNITS };

/* Which permutations: drawn one by one there is none of this. */
#define ORBITS                                                                                               \
    {"/permutation/method", NULL, SCHEMA_TEXT, AT(method), .broadcast = NODES, .since = SINCE_ORBITS},       \
        {"/permutation/method", "shifts", SCHEMA_I64, AT(n_shifts), .broadcast = NODES},                     \
    {                                                                                                        \
        "/permutation/method", "slice", SCHEMA_I64, AT(slice_targets), .broadcast = NODES                    \
    }

/* Format 2 had all without a `since`. What is of format 3 is of permutations in orbits, and format 2 has none
 * of it. What is of a format yet to come may be in both. */
enum { SINCE_ORBITS = 3, SINCE_LATER = 4 };

/* What is saved unit by unit. */
#define NULL_SCORES                                                                                          \
    {CAMPAIGN_NULL_SCORE, NULL, SCHEMA_F32, TWO(CAMPAIGN_ROWS, CAMPAIGN_ROW_SCORES),                         \
     .storage = SCHEMA_APART},                                                                               \
        {CAMPAIGN_TOLERANCE,   NULL, SCHEMA_F64, ONE(CAMPAIGN_PLACES), .storage = SCHEMA_APART,              \
         .since = SINCE_ORBITS},                                                                             \
    {                                                                                                        \
        CAMPAIGN_UNIT_CRC, NULL, SCHEMA_U32, ONE(CAMPAIGN_UNITS), .storage = SCHEMA_APART                    \
    }

static const struct schema_field campaign_fields[] = {
    {"/", "arete_version", SCHEMA_TEXT, AT(arete_version)},
    {"/", "blas_core", SCHEMA_TEXT, AT(blas_core)},
    {"/study/model", NULL, SCHEMA_TEXT, AT(model), .since = SINCE_LATER},
    {"/study/yaml", NULL, SCHEMA_TEXT, AT(yaml)},
    {CAMPAIGN_FINGERPRINT, NULL, SCHEMA_ROW, &campaign_fingerprint_row, ONE(CAMPAIGN_FINGERPRINTS),
     AT(fingerprints), .broadcast = UNITS},
    {"/study/files", NULL, SCHEMA_ROW, &file_row, ONE(CAMPAIGN_FILES), AT(files)},
    {"/subjects/fid", NULL, SCHEMA_TEXT, ONE(CAMPAIGN_SUBJECTS), AT(fid)},
    {"/subjects/iid", NULL, SCHEMA_TEXT, ONE(CAMPAIGN_SUBJECTS), AT(iid)},
    {"/targets/name", NULL, SCHEMA_TEXT, ONE(CAMPAIGN_TARGETS_ALL), AT(target_name)},
    {"/targets/note", NULL, SCHEMA_TEXT, ONE(CAMPAIGN_TARGETS_ALL), AT(target_note)},
    {"/targets/analysed", NULL, SCHEMA_U8, ONE(CAMPAIGN_TARGETS_ALL), AT(target_analysed)},
    {"/targets/n", NULL, SCHEMA_I32, ONE(CAMPAIGN_TARGETS_ALL), AT(target_n)},
    {"/targets/n_missing", NULL, SCHEMA_I32, ONE(CAMPAIGN_TARGETS_ALL), AT(target_n_missing),
     .since = SINCE_LATER},
    {"/targets/mm", NULL, SCHEMA_F64, TWO(CAMPAIGN_PLACED, CAMPAIGN_AXES), AT(target_mm),
     .since = SINCE_LATER},
    {"/maps/voxel", NULL, SCHEMA_I64, ONE(CAMPAIGN_MAPPED), AT(map_voxel), .since = SINCE_LATER},
    {"/maps/target", NULL, SCHEMA_I32, ONE(CAMPAIGN_MAPPED), AT(map_target), .since = SINCE_LATER},
    {"/maps/size", NULL, SCHEMA_I64, ONE(CAMPAIGN_AXES), AT(map_size), .since = SINCE_LATER},
    {"/maps/size", "space", SCHEMA_I64, AT(map_space)},
    {"/maps/affine", NULL, SCHEMA_F64, TWO(CAMPAIGN_AXES, CAMPAIGN_AFFINE_COLUMNS), AT(map_affine),
     .since = SINCE_LATER},
    {"/maps/mean", NULL, SCHEMA_U8, ONE(CAMPAIGN_MEAN), AT(mean_greys), .since = SINCE_LATER},
    {"/maps/mean", "stride", SCHEMA_I64, AT(mean_stride)},
    {"/targets/residual", NULL, SCHEMA_F64, TWO(CAMPAIGN_SUBJECTS, CAMPAIGN_TARGETS), AT(residual)},
    {"/permutation/block", NULL, SCHEMA_I32, ONE(CAMPAIGN_SUBJECTS), AT(exchangeability), .broadcast = STUDY},
    {"/permutation/block", "seed", SCHEMA_U64, AT(seed), .broadcast = STUDY},
    {"/permutation/block", "G", SCHEMA_I64, AT(unit_permutations), .broadcast = NODES},
    {"/permutation/block", "T", SCHEMA_I64, AT(n_targets), .broadcast = STUDY},
    {"/permutation/block", "count", SCHEMA_I64, AT(n_permutations), .broadcast = UNITS},
    {"/covariates", NULL, SCHEMA_F64, TWO(CAMPAIGN_SUBJECTS, CAMPAIGN_COVARIATES), AT(covariates),
     .broadcast = STUDY},
    {"/covariates", "names", SCHEMA_TEXT, ONE(CAMPAIGN_COVARIATES), AT(covariate_name)},
    /* Computed from the covariates, but another machine would round it otherwise. */
    {NULL, NULL, SCHEMA_F64, TWO(CAMPAIGN_SUBJECTS, CAMPAIGN_COVARIATES), AT(covariate_basis),
     .broadcast = STUDY},
    {"/folds/outer", NULL, SCHEMA_I32, ONE(CAMPAIGN_SUBJECTS), AT(outer_fold), .broadcast = STUDY},
    {"/folds/inner", NULL, SCHEMA_I32, TWO(CAMPAIGN_OUTER_FOLDS, CAMPAIGN_SUBJECTS), AT(inner_fold),
     .broadcast = STUDY},
    {"/folds/inner", "count", SCHEMA_I32, AT(n_inner), .broadcast = STUDY},
    {"/penalties", NULL, SCHEMA_F64, ONE(CAMPAIGN_PENALTIES), AT(penalty), .broadcast = STUDY},
    {"/nodes/penalty", NULL, SCHEMA_I32, ONE(CAMPAIGN_NODES), AT(node), .broadcast = NODES},
    {"/nodes/weight", NULL, SCHEMA_F64, TWO(CAMPAIGN_NODE_WEIGHTS, CAMPAIGN_NODE_TERMS), AT(node_weight),
     .broadcast = NODES},
    {"/gram", NULL, SCHEMA_F64, TWO(CAMPAIGN_SUBJECTS, CAMPAIGN_SUBJECTS), AT(gram)},
    {"/gram", "snps", SCHEMA_I64, AT(n_snps)},
    {"/gram", "single", SCHEMA_I64, AT(gram_is_single), .since = SINCE_LATER},
    {"/relatives/heterozygosity", NULL, SCHEMA_F64, ONE(CAMPAIGN_SUBJECTS), AT(heterozygosity),
     .since = SINCE_LATER},
    {"/relatives/pairs", NULL, SCHEMA_I64, ONE(CAMPAIGN_RELATED), AT(related_pairs), .since = SINCE_LATER},
    {"/relatives/pairs", "low", SCHEMA_F64, AT(related_low)},
    {"/relatives/pairs", "step", SCHEMA_F64, AT(related_step)},
    {"/relatives/dropped", NULL, SCHEMA_TEXT, ONE(CAMPAIGN_RELATIVES), AT(relatives_dropped),
     .since = SINCE_LATER},
    {"/observed/r2", NULL, SCHEMA_F64, ONE(CAMPAIGN_TARGETS), AT(r2)},
    {"/observed/r2_everybody", NULL, SCHEMA_F64, ONE(CAMPAIGN_TARGETS), AT(r2_everybody),
     .since = SINCE_LATER},
    {"/observed/r2_by_fold", NULL, SCHEMA_F64, TWO(CAMPAIGN_OUTER_FOLDS, CAMPAIGN_TARGETS), AT(r2_by_fold)},
    {"/observed/penalty_by_fold", NULL, SCHEMA_F64, TWO(CAMPAIGN_OUTER_FOLDS, CAMPAIGN_TARGETS),
     AT(penalty_by_fold)},
    {"/observed/r", NULL, SCHEMA_F64, ONE(CAMPAIGN_TARGETS), AT(r)},
    {"/observed/beyond", NULL, SCHEMA_F32, TWO(CAMPAIGN_PREDICTED, CAMPAIGN_TARGETS), AT(beyond),
     .since = SINCE_LATER},
    {"/observed/predicted", NULL, SCHEMA_F32, TWO(CAMPAIGN_PREDICTED, CAMPAIGN_TARGETS), AT(predicted),
     .since = SINCE_LATER},
    ORBITS,
    {"/permutation/method", "identity", SCHEMA_I64, AT(identity), .broadcast = NODES},
    {"/permutation/subject", NULL, SCHEMA_I32, TWO(CAMPAIGN_SEQUENCES, CAMPAIGN_SEQUENCE_PLACES),
     AT(place_subject), .broadcast = NODES, .since = SINCE_ORBITS},
    {"/permutation/source", NULL, SCHEMA_I32, TWO(CAMPAIGN_SEQUENCES, CAMPAIGN_SEQUENCE_PLACES),
     AT(place_source), .broadcast = NODES, .since = SINCE_ORBITS},
    {"/permutation/fixed", NULL, SCHEMA_I32, ONE(CAMPAIGN_FIXED), AT(fixed), .broadcast = NODES,
     .since = SINCE_ORBITS},
    {"/observed/node_error", NULL, SCHEMA_F64, TWO(CAMPAIGN_NODE_ERRORS, CAMPAIGN_TARGETS), AT(node_error),
     .broadcast = UNITS, .since = SINCE_ORBITS},
    {"/observed/baseline_error", NULL, SCHEMA_F64, TWO(CAMPAIGN_BASELINES, CAMPAIGN_TARGETS),
     AT(baseline_error), .broadcast = UNITS, .since = SINCE_ORBITS},
    {"/observed/score", NULL, SCHEMA_F32, ONE(CAMPAIGN_SCORES), AT(score)},
    {"/best/variant", NULL, SCHEMA_TEXT, ONE(CAMPAIGN_TARGETS), AT(best_variant), .since = SINCE_LATER},
    {"/best/variant", "tested", SCHEMA_I64, AT(n_tested)},
    {"/best/chromosome", NULL, SCHEMA_TEXT, ONE(CAMPAIGN_TARGETS), AT(best_chromosome), .since = SINCE_LATER},
    {"/best/position", NULL, SCHEMA_I64, ONE(CAMPAIGN_TARGETS), AT(best_position), .since = SINCE_LATER},
    {"/best/effect_allele", NULL, SCHEMA_TEXT, ONE(CAMPAIGN_TARGETS), AT(best_allele), .since = SINCE_LATER},
    {"/best/beta", NULL, SCHEMA_F64, ONE(CAMPAIGN_TARGETS), AT(best_beta), .since = SINCE_LATER},
    {"/best/standard_error", NULL, SCHEMA_F64, ONE(CAMPAIGN_TARGETS), AT(best_error), .since = SINCE_LATER},
    {"/best/log_p", NULL, SCHEMA_F64, ONE(CAMPAIGN_TARGETS), AT(best_log_p), .since = SINCE_LATER},
    {"/best/n_hits", NULL, SCHEMA_I64, ONE(CAMPAIGN_TARGETS), AT(n_hits), .since = SINCE_LATER},
    {"/best/n_hits", "report_p", SCHEMA_F64, AT(report_p)},
    {"/best/lambda_gc", NULL, SCHEMA_F64, ONE(CAMPAIGN_TARGETS), AT(lambda_gc), .since = SINCE_LATER},
    {"/plots/manhattan", NULL, SCHEMA_U8, TWO(CAMPAIGN_PLOT_ROWS, CAMPAIGN_PLOT_COLUMNS), AT(manhattan),
     .since = SINCE_LATER},
    {"/plots/manhattan", "most", SCHEMA_F64, AT(manhattan_most)},
    {"/plots/chromosome", NULL, SCHEMA_ROW, &place_row, ONE(CAMPAIGN_CHROMOSOMES), AT(chromosome),
     .since = SINCE_LATER},
    {"/plots/peak", NULL, SCHEMA_ROW, &place_row, ONE(CAMPAIGN_PEAKS), AT(peak), .since = SINCE_LATER},
    {"/plots/quantile", NULL, SCHEMA_F64, TWO(CAMPAIGN_QUANTILES, CAMPAIGN_POINT), AT(quantile),
     .since = SINCE_LATER},
    {"/plots/quantile", "lambda_gc", SCHEMA_F64, AT(lambda_median)},
    {"/study/warnings", NULL, SCHEMA_TEXT, ONE(CAMPAIGN_WARNINGS), AT(warning), .since = SINCE_LATER},
    {"/filters/subjects", NULL, SCHEMA_ROW, &filter_row, ONE(CAMPAIGN_SUBJECT_FILTERS), AT(subject_filter),
     .since = SINCE_LATER},
    {"/filters/snps", NULL, SCHEMA_ROW, &filter_row, ONE(CAMPAIGN_SNP_FILTERS), AT(snp_filter),
     .since = SINCE_LATER},
    {"/power/heritability", NULL, SCHEMA_F64, ONE(CAMPAIGN_POWER), AT(power_heritability),
     .since = SINCE_LATER},
    {"/power/heritability", "standard_error", SCHEMA_F64, AT(heritability_error)},
    {"/power/expected_r2", NULL, SCHEMA_F64, ONE(CAMPAIGN_POWER), AT(expected_r2), .since = SINCE_LATER},
    NULL_SCORES,
};

static const struct schema_field part_fields[] = {
    {"/", "arete_version", SCHEMA_TEXT, AT(arete_version)},
    {"/", "blas_core", SCHEMA_TEXT, AT(blas_core)},
    {"/", "G", SCHEMA_I64, AT(unit_permutations)},
    {"/", "T", SCHEMA_I64, AT(n_targets)},
    {"/", "count", SCHEMA_I64, AT(n_permutations)},
    ORBITS,
    {CAMPAIGN_FINGERPRINT, NULL, SCHEMA_ROW, &campaign_fingerprint_row, ONE(CAMPAIGN_FINGERPRINTS),
     AT(fingerprints)},
    NULL_SCORES,
};

#define COUNT(array) (sizeof(array) / sizeof *(array))
_Static_assert(COUNT(campaign_fields) <= SCHEMA_FIELDS_MOST &&
                   (int)CAMPAIGN_LENGTHS <= (int)SCHEMA_LENGTHS_MOST,
               "more than a schema has room for");

const struct schema campaign_schema = {
    .format = "arete-campaign",
    .a_file = "an arete campaign",
    .version_of = "campaign format",
    .version = CAMPAIGN_FORMAT_VERSION,
    .oldest = CAMPAIGN_FORMAT_OLDEST,
    .record_bytes = sizeof(struct campaign),
    .lengths = campaign_lengths,
    .n_lengths = CAMPAIGN_LENGTHS,
    .fields = campaign_fields,
    .n_fields = COUNT(campaign_fields),
    .check = campaign_check,
};

const struct schema part_file_schema = {
    .format = "arete-campaign-part",
    .a_file = "a part of an arete campaign",
    .version_of = "campaign format",
    .version = CAMPAIGN_FORMAT_VERSION,
    .oldest = CAMPAIGN_FORMAT_OLDEST,
    .sparse = true,
    .record_bytes = sizeof(struct campaign),
    .lengths = campaign_lengths,
    .n_lengths = CAMPAIGN_LENGTHS,
    .fields = part_fields,
    .n_fields = COUNT(part_fields),
};
