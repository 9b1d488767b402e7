/* Parts beside a campaign that is opened for reading: the units that a run of several ranks has done so far.
 */
#ifndef ARETE_CHECKPOINT_UNITS_PARTS_H
#define ARETE_CHECKPOINT_UNITS_PARTS_H

#include "base/error.h"
#include "checkpoint/units.h"

/* Opens the parts found and looks at what is done in them: later saves are not seen. A part that is gone by
 * then has been taken over into the campaign; one of another study is ignored; a damaged one is an error. */
int units_parts_attach(struct campaign_units *units, struct error *err);

/* Whose rows hold a unit: a part, or `units` itself. */
const struct campaign_units *units_parts_holder(const struct campaign_units *units, size_t unit);

#endif
