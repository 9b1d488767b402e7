#include "output/results.h"

#include "output/replace.h"

#include <math.h>

static const char header[] = "target\tn\tr2\tr2_sd\tr\tpenalty\tat_edge\tp\tp_fwer\tq_fdr\tnote\n";

/* A text as one field: what would cut it becomes a blank. */
static void write_text(FILE *file, const char *text)
{
    for (; *text != '\0'; text++)
        fputc(*text == '\t' || *text == '\n' || *text == '\r' ? ' ' : *text, file);
}

/* A score: six decimals are more than any sample settles, and the same in every row. */
static void write_score(FILE *file, bool analysed, double value)
{
    if (analysed && !isnan(value))
        fprintf(file, "\t%.6f", value);
    else
        fputs("\tNA", file);
}

/* A number of any size, p-values above all. */
static void write_number(FILE *file, bool analysed, double value)
{
    if (analysed && !isnan(value))
        fprintf(file, "\t%.6g", value);
    else
        fputs("\tNA", file);
}

static void write_row(FILE *file, const struct result_row *row)
{
    write_text(file, row->target);
    fprintf(file, "\t%d", row->n);
    write_score(file, row->analysed, row->r2);
    write_score(file, row->analysed, row->r2_sd);
    write_score(file, row->analysed, row->r);
    write_number(file, row->analysed, row->penalty);
    write_number(file, row->analysed, row->at_edge);
    write_number(file, row->analysed, row->p);
    write_number(file, row->analysed, row->p_fwer);
    write_number(file, row->analysed, row->q_fdr);
    fputc('\t', file);
    write_text(file, row->note);
    fputc('\n', file);
}

int results_write(const char *path, const struct result_row *rows, size_t count, struct error *err)
{
    struct replace replace;
    int code = replace_open(&replace, path, err);
    if (code != 0)
        return code;
    fputs(header, replace.file);
    for (size_t i = 0; i < count; i++)
        write_row(replace.file, &rows[i]);
    return replace_finish(&replace, err); /* a write that failed above is seen there */
}
