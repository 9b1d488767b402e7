#!/usr/bin/python3
"""Compares a campaign's /gram with `plink2 --make-rel meanimpute` on the same SNPs and subjects (see README.md).

Each fileset's .bed goes to plink2 as it is, with a .bim and a .fam written here (every SNP on chromosome 1 with a name of its
own, every subject a founder), so that mouse chromosomes and text in the .fam do not matter. Filesets are added, weighted by
their SNPs.
"""
import argparse
import subprocess
import tempfile
from pathlib import Path

import numpy as np

import campaign as campaign_file
import plink
from campaign import Campaign
from report import Report

TOLERANCE = 1e-10  # relative to the largest entry: `bin` is double throughout (seen: 9e-16)


def run_plink2(program: str, prefix: str, campaign: Campaign, folder: Path) -> tuple[np.ndarray, int]:
    """(n x n relationship matrix in the campaign's order, SNPs in it)"""
    fileset = plink.read_fileset(prefix)
    rows, _ = plink.kept_calls(fileset, campaign.fid, campaign.iid, campaign.genotypes)
    name_of = {key: f"s{k}" for k, key in enumerate(zip(campaign.fid, campaign.iid))}
    others = [f"x{k}" for k in range(len(fileset.fid))]
    names = [name_of.get(key, other) for key, other in zip(zip(fileset.fid, fileset.iid), others)]
    (folder / "fam").write_text("".join(f"{name} {name} 0 0 0 -9\n" for name in names))
    (folder / "bim").write_text("".join(f"1\tv{k}\t0\t{k + 1}\tA\tG\n" for k in range(len(fileset.snp))))
    (folder / "keep").write_text("".join(f"{name} {name}\n" for name in name_of.values()))
    (folder / "extract").write_text("".join(f"v{k}\n" for k in rows))
    # allele frequencies come from plink2 itself, of the subjects kept
    modifiers = ["square", "bin", "meanimpute"] + (["cov"] if campaign.genotypes.get("scale") == "none" else [])
    command = [program, "--bed", f"{prefix}.bed", "--bim", str(folder / "bim"), "--fam", str(folder / "fam"),
               "--keep", str(folder / "keep"), "--extract", str(folder / "extract"), "--make-rel", *modifiers,
               "--nonfounders", "--bad-freqs", "--threads", "1", "--out", str(folder / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: exit {done.returncode}: {done.stderr.strip()}")
    ids = [line.split()[-1] for line in (folder / "out.rel.id").read_text().splitlines() if not line.startswith("#")]
    matrix = np.fromfile(folder / "out.rel.bin", dtype="<f8").reshape(len(ids), len(ids))
    order = np.argsort([int(name[1:]) for name in ids])
    return matrix[np.ix_(order, order)], len(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("campaign")
    parser.add_argument("--genotypes", nargs="+", metavar="PREFIX", help="default: those of the study file")
    parser.add_argument("--plink2", default="plink2", help="the program")
    arguments = parser.parse_args()

    campaign = campaign_file.read(arguments.campaign)
    if campaign.genotypes.get("scale", "allele-frequency") == "sample":
        raise SystemExit("plink2 has no counterpart of scale: sample")
    report = Report("plink2 --make-rel")
    total, n_snps = np.zeros_like(campaign.gram), 0
    for prefix in arguments.genotypes or campaign.prefixes():
        with tempfile.TemporaryDirectory() as folder:
            matrix, count = run_plink2(arguments.plink2, prefix, campaign, Path(folder))
        total, n_snps = total + count * matrix, n_snps + count
    expected = total / n_snps
    scale = np.abs(expected).max()
    report.near("gram, relative", f"of {n_snps} SNPs", campaign.gram / scale, expected / scale, TOLERANCE)
    report.finish()


if __name__ == "__main__":
    main()
