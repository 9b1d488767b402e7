#include "base/screen.h"

#include <sys/ioctl.h>
#include <unistd.h>

int screen_columns(FILE *out)
{
    enum { USUAL_COLUMNS = 80 }; /* where a terminal does not say */
    struct winsize size = {0};
    if (isatty(fileno(out)) != 1)
        return 0;
    return ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : USUAL_COLUMNS;
}
