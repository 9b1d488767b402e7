#include "base/machine.h"

#include "base/text.h"

#include <math.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

int machine_cores(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0 ? CPU_COUNT(&set) : 1;
}

/* The first number of a file, or infinity: cgroups say "max" where there is no limit. */
static double number_in_file(const char *path)
{
    char text[64];
    int64_t value;
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return INFINITY;
    bool found = fscanf(file, "%63s", text) == 1 && text_to_int64(text, &value);
    fclose(file);
    return found ? (double)value : INFINITY;
}

double machine_memory_bytes(void)
{
    double pages = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    double group = fmin(number_in_file("/sys/fs/cgroup/memory.max"),
                        number_in_file("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
    return fmin(pages, group);
}
