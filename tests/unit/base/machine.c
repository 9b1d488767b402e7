#include "base/machine.h"

#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A made-up root of the file system, in a folder of its own. */
static char root[] = "machine-XXXXXX";

static void put(const char *path, const char *text)
{
    char full[512];
    snprintf(full, sizeof full, "%s%s", root, path);
    for (char *slash = strchr(full, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(full, 0777);
        *slash = '/';
    }
    FILE *file = fopen(full, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(text, file);
    CU_ASSERT_EQUAL(fclose(file), 0);
}

static void drop(const char *path)
{
    char full[512];
    snprintf(full, sizeof full, "%s%s", root, path);
    CU_ASSERT_EQUAL(remove(full), 0);
}

/* A Slurm job's limit stands above its step, where the process is; the machine's own says nothing. */
static void version_two_is_followed_upwards(void)
{
    put("/proc/self/cgroup", "0::/system.slice/slurmstepd.scope/job_7/step_0/user/task_0\n");
    put("/sys/fs/cgroup/system.slice/slurmstepd.scope/job_7/step_0/user/task_0/memory.max", "max\n");
    put("/sys/fs/cgroup/system.slice/slurmstepd.scope/job_7/step_0/memory.max", "9000000000\n");
    put("/sys/fs/cgroup/system.slice/slurmstepd.scope/job_7/memory.max", "4000000000\n");
    put("/sys/fs/cgroup/system.slice/memory.max", "max\n");
    CU_ASSERT_EQUAL(machine_group_bytes(root), 4e9);
    put("/sys/fs/cgroup/system.slice/slurmstepd.scope/job_7/step_0/memory.max", "2000000000\n");
    CU_ASSERT_EQUAL(machine_group_bytes(root), 2e9);
}

/* Inside a container the group is "/", and its limit stands at the mount. */
static void the_mount_itself_counts(void)
{
    put("/proc/self/cgroup", "0::/\n");
    CU_ASSERT_EQUAL(machine_group_bytes(root), INFINITY);
    put("/sys/fs/cgroup/memory.max", "3000000000\n");
    CU_ASSERT_EQUAL(machine_group_bytes(root), 3e9);
    drop("/sys/fs/cgroup/memory.max");
}

static void version_one_has_a_mount_of_its_own(void)
{
    put("/proc/self/cgroup", "12:cpu,cpuacct:/slurm/job_7\n4:memory:/slurm/uid_0/job_7/step_0\n0::/slurm\n");
    put("/sys/fs/cgroup/memory/slurm/uid_0/job_7/step_0/memory.limit_in_bytes", "9223372036854771712\n");
    put("/sys/fs/cgroup/memory/slurm/uid_0/job_7/memory.limit_in_bytes", "1500000000\n");
    CU_ASSERT_EQUAL(machine_group_bytes(root), 1.5e9);
    put("/proc/self/cgroup", "4:hugetlb,memory,cpu:/slurm/uid_0/job_7\n");
    CU_ASSERT_EQUAL(machine_group_bytes(root), 1.5e9);
    put("/proc/self/cgroup", "4:memoryless:/slurm/uid_0/job_7\n");
    CU_ASSERT_EQUAL(machine_group_bytes(root), INFINITY);
}

static void nothing_known_is_no_limit(void)
{
    drop("/proc/self/cgroup");
    CU_ASSERT_EQUAL(machine_group_bytes(root), INFINITY);
    put("/proc/self/cgroup", "no colon\n:\n");
    CU_ASSERT_EQUAL(machine_group_bytes(root), INFINITY);
}

/* In megabytes of 1,048,576 bytes; 0 is --mem=0, all memory of the machine. */
static void a_slurm_job_says_what_it_has(void)
{
    static const char *const names[] = {"SLURM_MEM_PER_NODE", "SLURM_MEM_PER_CPU", "SLURM_CPUS_ON_NODE"};
    static const struct {
        const char *values[3];
        double megabytes;
    } jobs[] = {
        {{NULL, NULL, NULL}, INFINITY}, {{"2000", NULL, NULL}, 2000},    {{"2000", NULL, "4"}, 2000},
        {{NULL, "500", "4"}, 2000},     {{NULL, "500", NULL}, INFINITY}, {{"0", NULL, "4"}, INFINITY},
        {{"all", NULL, "4"}, INFINITY}, {{"-5", NULL, NULL}, INFINITY},
    };
    for (size_t j = 0; j < sizeof jobs / sizeof *jobs; j++) {
        for (size_t k = 0; k < 3; k++)
            if (jobs[j].values[k] == NULL)
                unsetenv(names[k]);
            else
                setenv(names[k], jobs[j].values[k], 1);
        CU_ASSERT_EQUAL(machine_job_bytes(), jobs[j].megabytes * 1048576);
    }
    setenv("SLURM_MEM_PER_NODE", "3", 1);
    CU_ASSERT_EQUAL(machine_memory_bytes(), 3 * 1048576.);
    unsetenv("SLURM_MEM_PER_NODE");
    unsetenv("SLURM_CPUS_ON_NODE");
}

static void this_machine_has_some(void)
{
    CU_ASSERT_TRUE(machine_memory_bytes() > 0 && machine_memory_bytes() < INFINITY);
    CU_ASSERT_TRUE(machine_cores() >= 1);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"version_two_is_followed_upwards", version_two_is_followed_upwards},
        {"the_mount_itself_counts", the_mount_itself_counts},
        {"version_one_has_a_mount_of_its_own", version_one_has_a_mount_of_its_own},
        {"nothing_known_is_no_limit", nothing_known_is_no_limit},
        {"a_slurm_job_says_what_it_has", a_slurm_job_says_what_it_has},
        {"this_machine_has_some", this_machine_has_some},
    };
    if (mkdtemp(root) == NULL)
        return 1;
    int code = testing_main(argc, argv, "base/machine", cases, sizeof cases / sizeof *cases);
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", root);
    return system(command) == 0 ? code : 1;
}
