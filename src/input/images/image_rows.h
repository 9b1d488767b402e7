/* Whose images a stack is of: the rows of its table. */
#ifndef ARETE_INPUT_IMAGES_IMAGE_ROWS_H
#define ARETE_INPUT_IMAGES_IMAGE_ROWS_H

#include "input/images/image_stack.h"

/* The stack's paths, lines and n_images, from the table `source`. A row without an image, unless the request
 * leaves it out, and one with somebody else's are bad input. */
int image_rows_read(struct image_stack *stack, const struct image_stack_request *request, struct error *err);

#endif
