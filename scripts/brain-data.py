#!/usr/bin/python3
"""Makes data/brain in the present folder: brain images of 500 simulated people, on a 4 mm grid, with signal in four regions of AAL, and their genotypes.

    scripts/brain-data.py             then: build/release/arete run configs/brain.yaml
    ARETE=/path/to/arete scripts/brain-data.py

The people are those of `arete simulate configs/simulate_brain.yaml`. An image is the template and smooth noise inside the brain. In each region of SIGNAL the
mean of the noise is a target of its own with a heritability of 0.8; all other regions have no genetic signal. Template and atlas are those of Debian's
mricron-data. Takes a few seconds and 30 MB; run again, it replaces what it made.
"""
import argparse
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.dont_write_bytecode = True
import nifti  # noqa: E402

TEMPLATES = Path("/usr/share/mricron/templates")
SIGNAL = ("Precentral_L", "Insula_R", "Cuneus_L", "Temporal_Mid_R")
AFFINE = np.array([[-4.0, 0, 0, 90], [0, 4, 0, -126], [0, 0, 4, -72], [0, 0, 0, 1]])
SHAPE = (45, 54, 45)
SLOPE = 1e-3  # images are int16, as scanners write them
FWHM_MM = 10.0
AMPLITUDE = 0.5  # of a region's mean, in units of the noise of one voxel
ANATOMY = 10.0  # the template's brightest voxels, likewise: what the mean of all images looks like


def at_nearest(values, affine):
    """The values of another image at the voxels of our grid, 0 outside it."""
    indices = np.indices(SHAPE).reshape(3, -1)
    world = np.vstack([AFFINE[:3, :3] @ indices + AFFINE[:3, 3:], np.ones(indices.shape[1])])
    at = np.rint(np.linalg.inv(affine)[:3] @ world).astype(int)
    inside = ((at >= 0) & (at < np.array(values.shape)[:, None])).all(axis=0)
    found = np.zeros(indices.shape[1])
    found[inside] = values[tuple(at[:, inside])]
    return found.reshape(SHAPE)


def smoother():
    """The Fourier transform of a Gaussian of FWHM_MM that leaves white noise a variance of 1."""
    sigma = FWHM_MM / 4 / np.sqrt(8 * np.log(2))
    squares = np.meshgrid(*(np.fft.fftfreq(size) ** 2 for size in SHAPE), indexing="ij")
    kernel = np.exp(-2 * np.pi ** 2 * sigma ** 2 * sum(squares))
    return kernel / np.sqrt(np.mean(kernel ** 2))


def region_masks():
    atlas, affine, _ = nifti.read(TEMPLATES / "aal.nii.gz")
    lines = (TEMPLATES / "aal.nii.txt").read_text().split("\n")
    number = {line.split()[1]: int(line.split()[0]) for line in lines if line.strip()}
    labels = at_nearest(atlas, affine)
    return [labels == number[name] for name in SIGNAL]


def simulate(folder):
    built = ROOT / "build" / "release" / "arete"
    arete = os.environ.get("ARETE", str(built) if built.exists() else "arete")
    command = [arete, "simulate", str(ROOT / "configs" / "simulate_brain.yaml"), "--output", str(folder), "--fresh"]
    try:
        code = subprocess.run(command, stdout=subprocess.DEVNULL).returncode
    except OSError as error:
        sys.exit(f"brain-data.py: {arete}: {error.strerror}; expected arete in the PATH, in the variable ARETE, or where scripts/quickstart.sh builds it")
    if code != 0:
        sys.exit(code)


def write_images(folder, seed):
    targets = [line.split("\t") for line in (folder / "targets.tsv").read_text().splitlines()]
    values = np.array([row[2:] for row in targets[1:]], float)
    values = AMPLITUDE * (values - values.mean(axis=0)) / values.std(axis=0)
    template, affine, _ = nifti.read(TEMPLATES / "ch2bet.nii.gz")
    brain = at_nearest(template, affine)
    mask, regions, kernel = brain > 0, region_masks(), smoother()
    anatomy = ANATOMY * brain / brain.max()
    nifti.write(folder / "mask.nii.gz", mask, AFFINE, "uint8", description="brain of ch2bet")
    (folder / "images").mkdir(exist_ok=True)
    random = np.random.default_rng(seed)
    with open(folder / "images.tsv", "w", encoding="utf-8") as table:
        table.write("FID\tIID\timage\n")
        for i in range(len(values)):
            image = np.fft.ifftn(np.fft.fftn(random.standard_normal(SHAPE)) * kernel).real
            for region, value in zip(regions, values[i]):
                image[region] += value - image[region].mean()
            name = f"images/sub-{targets[i + 1][1]}.nii.gz"
            nifti.write(folder / name, np.rint(np.where(mask, anatomy + image, 0) / SLOPE), AFFINE, "int16", slope=SLOPE)
            table.write(f"{targets[i + 1][0]}\t{targets[i + 1][1]}\t{name}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path("data/brain"))
    parser.add_argument("--seed", type=int, default=1, help="of the images' noise")
    arguments = parser.parse_args()
    if not (TEMPLATES / "aal.nii.gz").exists():
        sys.exit("brain-data.py: Debian's mricron-data is not installed (scripts/install.sh --tests)")
    simulate(arguments.folder)
    write_images(arguments.folder, arguments.seed)
    print(f"brain data: images of everybody in {arguments.folder}; next: arete run configs/brain.yaml")


if __name__ == "__main__":
    main()
