/* Room for shared arrays, which takes none until it is written. Run alone, where nothing is shared, and, as
 * mpi/unit_shared_room, in two ranks. */
#include "ranks/shared_memory.h"

#include "ranks_testing.h"

#include <sys/resource.h>
#include <sys/statvfs.h>

/* Two arrays that fit one by one and not together: the second is refused, before anybody writes the first and
 * is killed. */
static void what_is_promised_is_not_there_twice(void)
{
    struct error err = {0};
    struct shared_memory first, second;
    struct statvfs room;
    CU_ASSERT_EQUAL_FATAL(statvfs("/dev/shm", &room), 0);
    size_t most = (size_t)room.f_bavail * (size_t)room.f_frsize,
           count = ranks.n_local > 1 ? most / 5 * 3 : 1000;
    CU_ASSERT_EQUAL_FATAL(shared_memory_open(&first, &ranks, count, 1, "a first", &err), 0);
    shared_memory_close(&first, &ranks);
    CU_ASSERT_EQUAL_FATAL(shared_memory_open(&first, &ranks, count, 1, "a first", &err), 0);
    int code = shared_memory_open(&second, &ranks, count, 1, "a second", &err);
    CU_ASSERT_EQUAL(code, ranks.n_local > 1 ? EXIT_CODE_FAILED : 0);
    if (ranks.n_local > 1) {
        ASSERT_CONTAINS(err.message, "/dev/shm");
        ASSERT_CONTAINS(err.message, "a second");
    }
    shared_memory_close(&second, &ranks);
    shared_memory_close(&first, &ranks);
}

/* A refusal by Open MPI itself in one rank would leave the others inside the call. */
static void assert_refused(size_t count, const char *where)
{
    struct error err = {0};
    struct shared_memory memory;
    ranks.ended = false; /* by the refusal of the case before */
    int code = shared_memory_open(&memory, &ranks, count, 1, "an array", &err);
    CU_ASSERT_EQUAL(code, EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, where);
    ASSERT_CONTAINS(err.message, "an array");
    shared_memory_close(&memory, &ranks);
}

static void more_is_asked_for_than_an_array_takes(void)
{
    struct statvfs room;
    CU_ASSERT_EQUAL_FATAL(statvfs("/dev/shm", &room), 0);
    if (ranks.n_local > 1)
        assert_refused((size_t)room.f_bavail * (size_t)room.f_frsize / 100 * 97, "/dev/shm");
}

static void a_file_may_not_be_so_long(void)
{
    const size_t longest = 8 << 20;
    struct rlimit before;
    CU_ASSERT_EQUAL_FATAL(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit shorter = {longest, before.rlim_max};
    CU_ASSERT_EQUAL_FATAL(setrlimit(RLIMIT_FSIZE, &shorter), 0);
    if (ranks.n_local > 1)
        assert_refused(2 * longest, "ulimit -f");
    CU_ASSERT_EQUAL(setrlimit(RLIMIT_FSIZE, &before), 0);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"what_is_promised_is_not_there_twice", what_is_promised_is_not_there_twice},
        {"more_is_asked_for_than_an_array_takes", more_is_asked_for_than_an_array_takes},
        {"a_file_may_not_be_so_long", a_file_may_not_be_so_long},
    };
    return ranks_testing_main(argc, argv, "ranks/shared_room", cases, sizeof cases / sizeof *cases);
}
