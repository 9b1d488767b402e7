#include "base/machine.h"

#include "base/text.h"

#include <math.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };

int machine_cores(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0 ? CPU_COUNT(&set) : 1;
}

/* The first number of a file, or infinity: there may be no such file, and "max" says that there is no limit.
 */
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

/* The smallest limit of `group` ("/slurm/job_7/step_0") and of those above it, up to the mount itself. */
static double smallest_upwards(const char *root, const char *mount, const char *group, const char *name)
{
    char folder[PATH_BYTES], path[2 * PATH_BYTES];
    double smallest = INFINITY;
    if (snprintf(folder, sizeof folder, "%s", group) >= (int)sizeof folder)
        return smallest;
    for (;;) {
        snprintf(path, sizeof path, "%s%s%s/%s", root, mount, folder, name);
        smallest = fmin(smallest, number_in_file(path));
        char *slash = strrchr(folder, '/');
        if (slash == NULL)
            return smallest;
        *slash = '\0';
    }
}

/* Whether a list such as "cpu,memory" names a controller. */
static bool lists(const char *controllers, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = controllers; at != NULL; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, name, length) == 0 && (at[length] == ',' || at[length] == '\0'))
            return true;
    }
    return false;
}

/* A line of /proc/self/cgroup: "0::/group" of version 2, "7:memory:/group" of version 1. */
static double limit_of_line(const char *root, char *line)
{
    char *controllers = strchr(line, ':'), *group = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
    if (group == NULL)
        return INFINITY;
    *group++ = '\0';
    controllers++;
    group[strcspn(group, "\n")] = '\0';
    if (*controllers == '\0')
        return fmin(smallest_upwards(root, "/sys/fs/cgroup", group, "memory.max"),
                    smallest_upwards(root, "/sys/fs/cgroup/unified", group, "memory.max"));
    if (!lists(controllers, "memory"))
        return INFINITY;
    return smallest_upwards(root, "/sys/fs/cgroup/memory", group, "memory.limit_in_bytes");
}

double machine_group_bytes(const char *root)
{
    char path[PATH_BYTES], line[PATH_BYTES];
    double smallest = INFINITY;
    snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return smallest;
    while (fgets(line, sizeof line, file) != NULL)
        smallest = fmin(smallest, limit_of_line(root, line));
    fclose(file);
    return smallest;
}

/* A variable of Slurm's that counts something; 0 where it is not set or no number. */
static double slurm_count(const char *name)
{
    int64_t count;
    const char *text = getenv(name);
    return text != NULL && text_to_int64(text, &count) && count > 0 ? (double)count : 0;
}

double machine_job_bytes(void)
{
    const double megabyte = 1024 * 1024;
    double megabytes = slurm_count("SLURM_MEM_PER_NODE");
    if (megabytes == 0)
        megabytes = slurm_count("SLURM_MEM_PER_CPU") * slurm_count("SLURM_CPUS_ON_NODE");
    return megabytes > 0 ? megabytes * megabyte : INFINITY;
}

double machine_memory_bytes(void)
{
    double pages = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    return fmin(fmin(pages, machine_group_bytes("")), machine_job_bytes());
}

double machine_room_bytes(const char *path)
{
    struct statvfs room;
    bool is_told = statvfs(path, &room) == 0 && room.f_blocks > 0;
    return is_told ? (double)room.f_bavail * (double)room.f_frsize : INFINITY;
}
