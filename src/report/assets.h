/* What the page brings with it: src/report/page.css, page.js and viewer.js, and the viewer that
 * scripts/viewer.sh installs, turned into C when arete is built. */
#ifndef ARETE_REPORT_ASSETS_H
#define ARETE_REPORT_ASSETS_H

extern const char assets_style[], assets_script[], assets_viewer_script[];
/* The viewer, packed, in base64, and the licences of all that is in it; empty where it was not installed. */
extern const char assets_viewer[], assets_viewer_licences[];

#endif
