/* OpenBLAS as it is on a processor that it does not know, linked into the program in front of it. */
#include <cblas.h>
#include <stdlib.h>

char *openblas_get_corename(void)
{
    static char core[] = "Prescott";
    char *chosen = getenv("OPENBLAS_CORETYPE");
    return chosen != NULL ? chosen : core;
}
