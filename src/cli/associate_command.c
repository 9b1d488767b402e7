/* arete associate. */
#include "associate/associate.h"
#include "cli/command.h"
#include "cli/study_process.h"

static const char help[] =
    "usage: arete associate study.yaml [options]\n"
    "\n"
    "The mass-univariate linear model: every SNP by every target, with the study's covariates. The same study file as\n"
    "for arete run, the same people and SNPs. Writes associations.tsv (pairs with p <= associate.report_p), targets.tsv\n"
    "(the best SNP of every target, lambda_GC) and associate.log to the study's output folder.\n"
    "\n"
    "With associate.permute: true targets.tsv has p by permutation, of each target over all SNPs and over all SNPs and\n"
    "targets; associations.h5 keeps what is done: the same command goes on with it, and adds permutations when\n"
    "permutations.count has grown.\n"
    "\n"
    "beta and standard_error are per copy of effect_allele, p_value is Student's. Keys of the study file: associate:\n"
    "{report_p: 1e-5, most_hits: 1000000, permute: false, full: [], snps: []}.\n"
    "\n"
    "  --set KEY=VALUE   replaces a key of the study file, such as --set associate.report_p=5e-8 (may be repeated)\n"
    "  --threads N       the same as --set run.workers=N\n"
    "  --memory SIZE     the same as --set run.memory=SIZE, such as 8G\n"
    "  --seed S          the same as --set seed=S\n"
    "  --output FOLDER   the same as --set output=FOLDER\n"
    "  --fresh           starts over each time: replaces the associations.h5 that stands in the output folder\n"
    "\n"
    "`mpirun -n 4 --bind-to none arete associate study.yaml` uses more than 4 cores, with the same results.\n"
    "docs/associate.md tells about the model and the tables.\n" COMMAND_EXIT_CODES;

static int associate_command(int argc, char **argv, struct error *err)
{
    return study_process_run(argc, argv, associate_study, err);
}

const struct command command_associate = {
    .name = "associate",
    .summary = "test every SNP against every target, one by one",
    .help = help,
    .run = associate_command,
};
