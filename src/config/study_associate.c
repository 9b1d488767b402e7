#include "config/lists.h"
#include "config/study_sections.h"

enum { DEFAULT_MOST_HITS = 1000000, MOST_HITS = 100000000 };

void study_associate_read(const struct section *top, struct study_associate *associate)
{
    static const char *const KEYS[] = {"report_p", "most_hits", "permute", "full", "snps"};
    static const struct section_range P = {0, 1, false, true, "a number over 0, up to 1"};
    struct section section =
        section_open(top, section_find(top, "associate"), "associate", KEYS, sizeof KEYS / sizeof *KEYS);
    associate->report_p = section_number(&section, "report_p", &P, 1e-5);
    associate->most_hits = section_integer(&section, "most_hits", 1, MOST_HITS, DEFAULT_MOST_HITS);
    associate->permute = section_boolean(&section, "permute", false);
    lists_names(&section, "full", "target names, such as [Y1, Y2] or T{1..360}", &associate->full);
    lists_names(&section, "snps", "IDs of SNPs, such as [rs429358, rs7412]", &associate->snps);
}
