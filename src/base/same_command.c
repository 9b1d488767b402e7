#include "base/same_command.h"

#include <stdatomic.h>
#include <stdbool.h>

static atomic_bool is_without_fresh;

const char *same_command_text(void)
{
    return atomic_load(&is_without_fresh) ? "the same command without --fresh" : "the same command";
}

void same_command_without_fresh(void)
{
    atomic_store(&is_without_fresh, true);
}
