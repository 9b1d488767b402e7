#include "report/svg.h"

#include "report/html.h"

#include <stdarg.h>

static const char *const anchors[] = {
    [SVG_START] = "", [SVG_MIDDLE] = " text-anchor=\"middle\"", [SVG_END] = " text-anchor=\"end\""};

void svg_begin(FILE *out, double width, double height, const char *title)
{
    fprintf(out, "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"", width, height);
    html_text(out, title);
    fputs("\">\n", out);
}

void svg_begin_file(FILE *out, const double size[2], const char *title, const char *style, const char *maker)
{
    fprintf(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\">\n"
        "<!-- %s -->\n<title>",
        size[0], size[1], size[0], size[1], maker);
    html_text(out, title);
    fprintf(out, "</title>\n<style>%s</style>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
            style);
}

void svg_end(FILE *out)
{
    fputs("</svg>\n", out);
}

void svg_line(FILE *out, const char *class, double x1, double y1, double x2, double y2)
{
    fprintf(out, "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", class, x1, y1, x2,
            y2);
}

/* Ends an element that may have a tip. */
static void end_with_tip(FILE *out, const char *element, const char *tip)
{
    if (tip == NULL) {
        fputs("/>\n", out);
        return;
    }
    fputs("><title>", out);
    html_text(out, tip);
    fprintf(out, "</title></%s>\n", element);
}

void svg_rect(FILE *out, const char *class, const double box[4], const char *tip)
{
    fprintf(out, "<rect class=\"%s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"", class, box[0],
            box[1], box[2], box[3]);
    end_with_tip(out, "rect", tip);
}

void svg_dot(FILE *out, const char *class, double x, double y, double radius, const char *tip)
{
    fprintf(out, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"", class, x, y, radius);
    end_with_tip(out, "circle", tip);
}

void svg_path_begin(FILE *out, const char *class)
{
    fprintf(out, "<path class=\"%s\" d=\"", class);
}

void svg_path_to(FILE *out, char command, double x, double y)
{
    fprintf(out, "%c%.1f %.1f", command, x, y);
}

void svg_path_end(FILE *out)
{
    fputs("\"/>\n", out);
}

void svg_text(FILE *out, const char *class, double x, double y, enum svg_anchor anchor, const char *format,
              ...)
{
    char text[400];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    fprintf(out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\"%s>", class, x, y, anchors[anchor]);
    html_text(out, text);
    fputs("</text>\n", out);
}

void svg_name(FILE *out, const char *class, const double place[2], enum svg_anchor anchor, const char *name,
              size_t most)
{
    fprintf(out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\"%s><title>", class, place[0], place[1],
            anchors[anchor]);
    html_text(out, name);
    fputs("</title>", out);
    html_short(out, name, most);
    fputs("</text>\n", out);
}
