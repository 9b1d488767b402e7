/* The part files beside a campaign that is opened for reading: units that a run of several ranks has done so
 * far. */
#ifndef ARETE_CHECKPOINT_PART_READER_H
#define ARETE_CHECKPOINT_PART_READER_H

#include "base/error.h"
#include "checkpoint/units.h"

/* Opens the parts and finds which units are done in them; later saves are not seen. A part that has gone
 * meanwhile was merged into the campaign. One of another study is ignored; a damaged one is an error. */
int part_reader_attach(struct campaign_units *units, struct error *err);

/* Where the rows of a unit are: in a part, or in `units` itself. */
const struct campaign_units *part_reader_holder(const struct campaign_units *units, size_t unit);

#endif
