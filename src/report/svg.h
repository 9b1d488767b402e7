/* Shapes of an SVG picture inside the page. How they look says the page's style sheet, by their class, so
 * that a picture follows a dark scheme and print. Coordinates are pixels of the picture's own size, y
 * downwards. */
#ifndef ARETE_REPORT_SVG_H
#define ARETE_REPORT_SVG_H

#include <stddef.h>
#include <stdio.h>

enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END };

/* title: what the picture shows, for those who cannot see it. */
void svg_begin(FILE *out, double width, double height, const char *title);
void svg_end(FILE *out);
/* A picture that is a file of its own: on white, with its style sheet; `maker` stands in a comment, as a mark
 * of whose file it is. It ends as any other. */
void svg_begin_file(FILE *out, const double size[2], const char *title, const char *style, const char *maker);

void svg_line(FILE *out, const char *class, double x1, double y1, double x2, double y2);
/* tip: shown under the pointer, and read aloud; NULL: none. */
void svg_rect(FILE *out, const char *class, const double box[4], const char *tip);
void svg_dot(FILE *out, const char *class, double x, double y, double radius, const char *tip);

/* A path begins, goes on, and ends. */
void svg_path_begin(FILE *out, const char *class);
void svg_path_to(FILE *out, char command, double x, double y);
void svg_path_end(FILE *out);

/* Formatted. */
void svg_text(FILE *out, const char *class, double x, double y, enum svg_anchor anchor, const char *format,
              ...) __attribute__((format(printf, 6, 7)));
/* A name, cut to `most` characters; whole under the pointer. */
void svg_name(FILE *out, const char *class, const double place[2], enum svg_anchor anchor, const char *name,
              size_t most);

#endif
