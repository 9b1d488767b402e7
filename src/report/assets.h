/* What the page brings with it: src/report/page.css and page.js, turned into C when arete is built. */
#ifndef ARETE_REPORT_ASSETS_H
#define ARETE_REPORT_ASSETS_H

extern const char assets_style[], assets_script[];

#endif
