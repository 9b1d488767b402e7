#include "associate/plot_file.h"

#include "report/svg.h"

static const char maker[] = "a plot of arete associate";
static const struct replace_kind kind = {
    .a_file = "a plot of arete associate", .begins = "<svg xmlns=", .begins_bytes = 11, .holds = maker};

/* Classes are those of the report (report/page.css), and the plots' own: odd, even, over. */
static const char style[] =
    "text{font:12px system-ui,'Helvetica Neue',Arial,sans-serif;fill:#4a5568}"
    "text.title{font-size:14px;font-weight:600;fill:#1a202c}text.label{fill:#2d3748}text.name{font-size:11px;fill:#9b2c2c}"
    ".axis{stroke:#718096}.grid{stroke:#e8ecf1}.limit{stroke:#c53030;stroke-dasharray:5 3}text.note{font-size:11px;fill:#c53030}"
    "text.name,text.note{paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round}"
    ".reference{stroke:#a0aec0}.point{fill:#1f5a92}"
    "path{fill:none;stroke-width:2.6;stroke-linecap:round}.odd{stroke:#1f5a92}.even{stroke:#7fa9d0}.over{stroke:#c53030;stroke-width:3.6}";

int plot_file_check(const char *path, struct error *err)
{
    return replace_check(path, &kind, err);
}

int plot_file_open(struct replace *replace, const char *path, const double size[2], const char *title,
                   struct error *err)
{
    if (replace_open(replace, path, &kind, err) == 0)
        svg_begin_file(replace->file, size, title, style, maker);
    return err->code;
}

int plot_file_close(struct replace *replace, struct error *err)
{
    svg_end(replace->file);
    return replace_finish(replace, err);
}
