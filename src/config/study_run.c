#include "config/study_sections.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_WORKERS = 1024, MOST_BLOCK_PERMUTATIONS = 1000000000, MOST_PASSES = 1000 };

/* "500M", "8G", "1.5T": powers of 1024, as in Slurm. */
static bool is_size(const char *text, int64_t *bytes)
{
    static const char UNITS[] = "MGT";
    static const double MIB = 1024 * 1024, MOST_BYTES = 1e15;
    char digits[32];
    size_t length = strlen(text);
    const char *unit = length > 1 && length < sizeof digits ? strchr(UNITS, text[length - 1]) : NULL;
    if (unit == NULL)
        return false;
    memcpy(digits, text, length - 1);
    digits[length - 1] = '\0';
    double value;
    if (!text_to_double(digits, &value))
        return false;
    value *= MIB;
    for (const char *at = UNITS; at < unit; at++)
        value *= 1024;
    if (!(value >= MIB && value <= MOST_BYTES))
        return false;
    *bytes = (int64_t)value;
    return true;
}

static int64_t read_memory(const struct section *section)
{
    const struct yaml_tree *value = section_find(section, "memory");
    int64_t bytes;
    if (value == NULL || (value->kind == YAML_SCALAR && strcmp(value->text, "auto") == 0))
        return 0;
    if (value->kind == YAML_SCALAR && is_size(value->text, &bytes))
        return bytes;
    section_wrong(section, value, "memory", "auto or a size with its unit (M, G or T), such as 500M or 8G");
    return 0;
}

/* "3h50m", "90m", "45s", "1d12h": whole numbers with units, the largest unit first. */
static bool is_duration(const char *text, double *seconds)
{
    static const char UNITS[] = "dhms";
    static const double UNIT_SECONDS[] = {86400, 3600, 60, 1};
    static const size_t MOST_DIGITS = 6;
    size_t next = 0; /* the largest unit that may come next */
    *seconds = 0;
    while (*text != '\0') {
        size_t digits = strspn(text, "0123456789");
        const char *unit = digits > 0 && digits <= MOST_DIGITS && text[digits] != '\0' && next < strlen(UNITS)
                               ? strchr(UNITS + next, text[digits])
                               : NULL;
        if (unit == NULL)
            return false;
        *seconds += strtod(text, NULL) * UNIT_SECONDS[unit - UNITS];
        next = (size_t)(unit - UNITS) + 1;
        text += digits + 1;
    }
    return *seconds > 0;
}

static double read_stop_after(const struct section *section)
{
    const struct yaml_tree *value = section_find(section, "stop_after");
    double seconds;
    if (value == NULL)
        return 0;
    if (value->kind == YAML_SCALAR && is_duration(value->text, &seconds))
        return seconds;
    section_wrong(section, value, "stop_after", "a time with its units (d, h, m, s), such as 3h50m");
    return 0;
}

static enum study_placement read_placement(const struct section *section)
{
    const char *words[] = {study_placement_name(STUDY_PLACEMENT_AUTO),
                           study_placement_name(STUDY_PLACEMENT_REPLICATE),
                           study_placement_name(STUDY_PLACEMENT_BY_FOLD)};
    return (enum study_placement)section_choice(section, "placement", words, 3, STUDY_PLACEMENT_AUTO);
}

static enum study_predictions read_predictions(const struct section *section)
{
    const char *words[] = {"auto", "true", "false"};
    return (enum study_predictions)section_choice(section, "predictions", words, 3, STUDY_PREDICTIONS_AUTO);
}

void study_run_read(const struct section *top, struct study_run *run)
{
    static const char *const KEYS[] = {"workers",    "memory",        "block", "passes",     "placement",
                                       "stop_after", "shared_memory", "trace", "predictions"};
    struct section section =
        section_open(top, section_find(top, "run"), "run", KEYS, sizeof KEYS / sizeof *KEYS);
    run->workers = (int)section_integer_or_auto(&section, "workers", 1, MOST_WORKERS);
    run->memory_bytes = read_memory(&section);
    run->block_permutations = section_integer_or_auto(&section, "block", 1, MOST_BLOCK_PERMUTATIONS);
    run->passes = (int)section_integer_or_auto(&section, "passes", 1, MOST_PASSES);
    run->stop_after_s = read_stop_after(&section);
    run->predictions = read_predictions(&section);
    run->trace = section_boolean(&section, "trace", false);
    run->placement = read_placement(&section);
    run->shared_memory = section_boolean(&section, "shared_memory", true);
}
