/* Lists of people and of SNPs. */
#include "fuzz.h"
#include "input/tables/id_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_put("list.txt", data, size);
    struct error err = {0};
    struct subjects subjects = {0};
    struct id_list list = {0};
    if (id_list_read_subjects(&subjects, path, ID_LIST_MAY_BE_EMPTY, &err) == 0)
        subjects_free(&subjects);
    err = (struct error){0};
    if (id_list_open(&list, path, ID_LIST_MAY_BE_EMPTY, &err) == 0) {
        id_list_meet(&list, "rs1");
        id_list_count(&list);
        id_list_close(&list);
    }
    return 0;
}
