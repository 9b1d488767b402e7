/* Numbers in sentences, as the field writes them. */
#ifndef ARETE_REPORT_DECIMAL_H
#define ARETE_REPORT_DECIMAL_H

enum { DECIMAL_BYTES = 48 };

/* ".061", "-.004", "1.24": so many decimals, no zero before the point. */
const char *decimal_fixed(double value, int decimals, char text[DECIMAL_BYTES]);
/* At least so many decimals, and of a number near 0 those of two digits that say something: ".061", ".0035",
 * "-.00012". */
const char *decimal_digits(double value, int decimals, char text[DECIMAL_BYTES]);
/* The same rounded up: what is beyond the text is beyond the value too. */
const char *decimal_above(double value, int decimals, char text[DECIMAL_BYTES]);
/* A p-value of three digits that say something: ".000999", ".0385", "1.2e-06". */
const char *decimal_p(double p, char text[DECIMAL_BYTES]);

#endif
