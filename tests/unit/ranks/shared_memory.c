/* Run alone and, as mpi/unit_shared_memory, in two ranks. */
#include "ranks/shared_memory.h"

#include "ranks_testing.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT = 1000 };

static struct shared_memory open_memory(void)
{
    struct error err = {0};
    struct shared_memory memory;
    CU_ASSERT_EQUAL_FATAL(shared_memory_open(&memory, &ranks, COUNT, sizeof(int32_t), "a test", &err), 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(memory.bytes);
    CU_ASSERT_EQUAL((uintptr_t)memory.bytes % 64, 0);
    CU_ASSERT_EQUAL(memory.count_bytes, COUNT * sizeof(int32_t));
    return memory;
}

static void settle(void)
{
    struct error err = {0};
    CU_ASSERT_EQUAL(shared_memory_sync(&ranks, &err), 0);
}

/* Each rank writes its entries; all of the machine read them all. */
static void a_machine_has_one_copy(void)
{
    struct shared_memory memory = open_memory();
    int32_t *values = memory.bytes;
    for (int i = ranks.local; i < COUNT; i += ranks.n_local)
        values[i] = 7 * i;
    settle();
    int n_wrong = 0;
    for (int i = 0; i < COUNT; i++)
        n_wrong += values[i] != 7 * i;
    CU_ASSERT_EQUAL(n_wrong, 0);
    settle();
    shared_memory_close(&memory, &ranks);
}

/* Every rank a machine: nothing is shared any more, and one's numbers are carried to those that want them. */
static void numbers_are_spread_over_machines(void)
{
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(ranks_separate(&ranks, &err), 0);
    CU_ASSERT_EQUAL(ranks.n_machines, ranks.size);
    CU_ASSERT_EQUAL(ranks.machine, ranks.rank);
    CU_ASSERT_EQUAL(ranks.n_local, 1);
    CU_ASSERT_EQUAL(ranks.n_hosts, 1);
    struct shared_memory memory = open_memory();
    int32_t *values = memory.bytes;
    int root = ranks.size - 1, n_wrong = 0;
    bool *wants = calloc((size_t)ranks.n_machines, sizeof *wants);
    CU_ASSERT_PTR_NOT_NULL_FATAL(wants);
    for (int i = 0; i < COUNT; i++)
        values[i] = 1000 * ranks.rank + i;
    settle();
    CU_ASSERT_EQUAL(shared_memory_broadcast(&ranks, values, memory.count_bytes, root, wants, &err), 0);
    settle();
    for (int i = 0; i < COUNT; i++)
        n_wrong += values[i] != 1000 * ranks.rank + i; /* nobody wanted them */
    wants[0] = true;
    CU_ASSERT_EQUAL(shared_memory_broadcast(&ranks, values, memory.count_bytes, root, wants, &err), 0);
    settle();
    for (int i = 0; i < COUNT; i++)
        n_wrong += values[i] != 1000 * (ranks.rank == 0 ? root : ranks.rank) + i;
    CU_ASSERT_EQUAL(n_wrong, 0);
    shared_memory_close(&memory, &ranks);
    free(wants);
}

/* What no machine has ends all ranks alike; comes last. */
static void too_much_memory_is_refused(void)
{
    struct error err = {0};
    struct shared_memory memory;
    CU_ASSERT_EQUAL(shared_memory_open(&memory, &ranks, SIZE_MAX / 2, 8, "a test", &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "a test");
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"a_machine_has_one_copy", a_machine_has_one_copy},
        {"numbers_are_spread_over_machines", numbers_are_spread_over_machines},
        {"too_much_memory_is_refused", too_much_memory_is_refused},
    };
    return ranks_testing_main(argc, argv, "ranks/shared_memory", cases, sizeof cases / sizeof *cases);
}
