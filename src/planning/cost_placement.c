#include "planning/cost.h"

#include <stdio.h>

static double machine_bytes(struct cost_shape shape, enum placement_kind kind)
{
    shape.placement = kind;
    return cost_of(&shape).machine_bytes;
}

bool cost_choose_placement(const struct cost_shape *shape, double machine_memory, enum placement_kind *kind,
                           char *text)
{
    char all[COST_TEXT_BYTES], some[COST_TEXT_BYTES], memory[COST_TEXT_BYTES];
    double replicate = machine_bytes(*shape, PLACEMENT_REPLICATE);
    double by_penalty = machine_bytes(*shape, PLACEMENT_BY_PENALTY);
    cost_bytes_text(replicate, all);
    cost_bytes_text(by_penalty, some);
    cost_limit_text(machine_memory, memory);
    *kind = PLACEMENT_REPLICATE;
    if (replicate <= machine_memory) {
        snprintf(text, COST_PLACEMENT_BYTES, "replicate: %s a machine with all operators fit into %s", all,
                 memory);
        return true;
    }
    if (by_penalty < replicate)
        *kind = PLACEMENT_BY_PENALTY;
    if (by_penalty <= machine_memory) {
        snprintf(text, COST_PLACEMENT_BYTES,
                 "by-penalty: %s a machine with all operators do not fit into %s, %s with some penalties' do",
                 all, memory, some);
        return true;
    }
    snprintf(text, COST_PLACEMENT_BYTES, "%s: %s a machine do not fit into %s", placement_name(*kind),
             *kind == PLACEMENT_REPLICATE ? all : some, memory);
    return false;
}
