/* Parts beside a campaign that is opened for reading: the units that a run of several ranks has done so
 * far. */
#ifndef ARETE_CHECKPOINT_PART_READER_H
#define ARETE_CHECKPOINT_PART_READER_H

#include "base/error.h"
#include "checkpoint/units.h"

/* Opens the parts found and looks at what is done in them: later saves are not seen. A part that is gone by
 * then has been taken over into the campaign; one of another study is ignored; a damaged one is an error. */
int part_reader_attach(struct campaign_units *units, struct error *err);

/* Whose rows hold a unit: a part, or `units` itself. */
const struct campaign_units *part_reader_holder(const struct campaign_units *units, size_t unit);

#endif
