/* The schemas of a campaign and of a part file (part_files.h), which has a few of the same fields; both
 * are of a struct campaign. docs/campaign-file.md says what each field is. */
#ifndef ARETE_CHECKPOINT_CAMPAIGN_SCHEMA_H
#define ARETE_CHECKPOINT_CAMPAIGN_SCHEMA_H

#include "checkpoint/campaign.h"
#include "checkpoint/schema.h"

/* What dimensions count. */
enum campaign_length {
    CAMPAIGN_FINGERPRINTS,
    CAMPAIGN_FILES,
    CAMPAIGN_WARNINGS,
    CAMPAIGN_SUBJECTS,
    CAMPAIGN_TARGETS_ALL,
    CAMPAIGN_TARGETS,
    CAMPAIGN_PLACED, /* targets with a place: all of a study of images */
    CAMPAIGN_AXES,
    CAMPAIGN_AFFINE_COLUMNS,
    CAMPAIGN_MAPPED, /* voxels that belong to a target */
    CAMPAIGN_MEAN,   /* voxels of the mean image */
    CAMPAIGN_COVARIATES,
    CAMPAIGN_OUTER_FOLDS,
    CAMPAIGN_PENALTIES,
    CAMPAIGN_NODES,
    CAMPAIGN_NODE_TERMS, /* nodes and the covariates-only error */
    CAMPAIGN_NODE_WEIGHTS,
    CAMPAIGN_PLOT_ROWS,
    CAMPAIGN_PLOT_COLUMNS,
    CAMPAIGN_CHROMOSOMES, /* that have a name below the Manhattan plot */
    CAMPAIGN_PEAKS,       /* SNPs that have theirs in it */
    CAMPAIGN_QUANTILES,   /* points of the QQ plot */
    CAMPAIGN_POINT,       /* two numbers */
    CAMPAIGN_SUBJECT_FILTERS,
    CAMPAIGN_SNP_FILTERS,
    CAMPAIGN_POWER,
    CAMPAIGN_RELATED,   /* bins of relatedness */
    CAMPAIGN_RELATIVES, /* people left out for their relatives */
    CAMPAIGN_SEQUENCES,
    CAMPAIGN_SEQUENCE_PLACES,
    CAMPAIGN_FIXED,
    CAMPAIGN_NODE_ERRORS,
    CAMPAIGN_BASELINES,
    CAMPAIGN_PREDICTED,  /* people whose predictions are kept: all or none */
    CAMPAIGN_SCORES,     /* observed ones apart from the null ones: T; none with orbits */
    CAMPAIGN_UNITS,      /* campaign_unit_count */
    CAMPAIGN_ROWS,       /* units x G, with orbits x W */
    CAMPAIGN_ROW_SCORES, /* T; with orbits S */
    CAMPAIGN_PLACES,     /* of orbit 0; none without orbits */
    CAMPAIGN_STATES,     /* of a file of sums: places of orbit 0; without orbits rows */
    CAMPAIGN_SUM_FLOATS,
    CAMPAIGN_SUM_DOUBLES,
    CAMPAIGN_LENGTHS
};

extern const struct schema campaign_schema, part_file_schema;
extern const struct schema_length campaign_lengths[CAMPAIGN_LENGTHS];
extern const struct schema_row campaign_fingerprint_row;

/* Whose study a campaign or a part is of. */
#define CAMPAIGN_FINGERPRINT "/study/fingerprint"
/* The datasets of units, which are apart from the record. */
#define CAMPAIGN_NULL_SCORE "/null/score"
#define CAMPAIGN_TOLERANCE "/null/tolerance"
#define CAMPAIGN_UNIT_CRC "/null/unit_crc"

#endif
