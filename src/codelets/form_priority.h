/* What is left of a form comes before other folds are begun, whose forms wait for the room. */
#ifndef ARETE_CODELETS_FORM_PRIORITY_H
#define ARETE_CODELETS_FORM_PRIORITY_H

enum { FORM_PRIORITY = 1 };

#endif
