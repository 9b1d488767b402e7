#include "config/study_sections.h"

enum { DEFAULT_PERMUTATIONS = 10000, MOST_PERMUTATIONS = 1000000000 };

void study_permutations_read(const struct section *top, struct study_permutations *permutations)
{
    static const char *const KEYS[] = {"count", "within", "method"};
    const char *methods[] = {study_method_name(STUDY_METHOD_AUTO), study_method_name(STUDY_METHOD_ORBITS),
                             study_method_name(STUDY_METHOD_INDEPENDENT)};
    struct section section = section_open(top, section_find(top, "permutations"), "permutations", KEYS, 3);
    permutations->count = section_integer(&section, "count", 1, MOST_PERMUTATIONS, DEFAULT_PERMUTATIONS);
    permutations->within = section_text(&section, "within", "the name of a column");
    permutations->method =
        (enum study_method)section_choice(&section, "method", methods, 3, STUDY_METHOD_AUTO);
}
