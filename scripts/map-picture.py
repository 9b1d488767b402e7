#!/usr/bin/python3
"""Draws axial slices of a map over a template, as an SVG with the picture in it.

    scripts/map-picture.py results/brain/maps/logp_fwer.nii.gz picture.svg --title "-log10 p, family-wise" --from 1.3
    scripts/map-picture.py results/brain/maps/r2.nii.gz r2.svg
"""
import argparse
import base64
import struct
import sys
import zlib
from html import escape
from pathlib import Path

import numpy as np

sys.dont_write_bytecode = True
import nifti  # noqa: E402

# A slice: x from left to right of the picture, y upwards, in mm.
LEFT, RIGHT, BACK, FRONT, STEP_MM = -80, 80, -112, 80, 2
GAP, SCALE, TEXT = 4, 2, 34  # pixels between slices, of the SVG for one of the picture, for the line of text below


def slice_at(values, affine, z):
    """The image at the nearest voxels of a slice: rows from front to back, columns from the left of the brain to its right; 0 outside."""
    y, x = np.meshgrid(np.arange(FRONT, BACK, -STEP_MM), np.arange(LEFT, RIGHT, STEP_MM), indexing="ij")
    world = np.stack([x.ravel(), y.ravel(), np.full(x.size, z), np.ones(x.size)])
    at = np.rint(np.linalg.inv(affine)[:3] @ world).astype(int)
    inside = ((at >= 0) & (at < np.array(values.shape)[:, None])).all(axis=0)
    found = np.zeros(x.size)
    found[inside] = values[tuple(at[:, inside])]
    return found.reshape(x.shape)


def hot(share):
    """Red over orange to yellow: 0 to 1 as colours."""
    return np.stack([np.full_like(share, 255), 40 + 215 * share, 30 + 90 * share ** 2], axis=-1)


def draw(template, overlay, low, high, z):
    grey = np.repeat(np.clip(slice_at(*template, z) / np.percentile(template[0][template[0] > 0], 99), 0, 1)[..., None] * 190, 3, axis=-1)
    values = slice_at(*overlay, z)
    shown = (values >= low) & (values > 0)  # 0 is background, whatever the map
    grey[shown] = hot(np.clip((values[shown] - low) / max(high - low, 1e-12), 0, 1))
    return grey.astype(np.uint8)


def png(pixels):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width, _ = pixels.shape
    rows = np.hstack([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)]).tobytes()
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows, 9))
            + chunk(b"IEND", b""))


def svg(slices, levels, low, high, title):
    height, width, _ = slices[0].shape
    gap = np.zeros((height, GAP, 3), np.uint8)
    picture = np.hstack([part for one in slices for part in (one, gap)][:-1])
    bar = hot(np.linspace(0, 1, 80))[None].astype(np.uint8).repeat(6, axis=0)
    total = picture.shape[1] * SCALE
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="{height * SCALE + TEXT}" font-family="sans-serif" font-size="13">',
             '<rect width="100%" height="100%" fill="black"/>']

    def image(pixels, x, y):
        data = base64.b64encode(png(pixels)).decode()
        lines.append(f'<image x="{x}" y="{y}" width="{pixels.shape[1] * SCALE}" height="{pixels.shape[0] * SCALE}" href="data:image/png;base64,{data}"/>')

    def text(x, y, words, anchor="start"):
        lines.append(f'<text x="{x}" y="{y}" fill="white" text-anchor="{anchor}">{escape(words)}</text>')

    image(picture, 0, 0)
    for k, z in enumerate(levels):
        text(k * (width + GAP) * SCALE + 4, 16, f"z = {z:+d} mm" if k == 0 else f"{z:+d}")
    bottom = height * SCALE + TEXT - 12
    text(4, bottom, f"{title} (left is left)")
    text(total - 232, bottom, f"{low:.3g}", "end")
    image(bar, total - 224, bottom - 11)
    text(total - 224 + 168, bottom, f"{high:.3g}")
    return "\n".join([*lines, "</svg>", ""])


def fail(path, wrong):
    print(f"map-picture.py: {path}: {wrong}", file=sys.stderr)
    sys.exit(2)


def least_drawn(description):
    """p = 0.05 in a map of -log10 p; everything over 0 in a map of r2 or penalties, whose values are of another kind."""
    return 1.3 if "-log10 p" in description else 0.0


def read(path):
    try:
        return nifti.read(path)
    except OSError as error:
        wrong = f"cannot be read: {error.strerror or error}"
    except (AssertionError, KeyError, ValueError, struct.error):
        wrong = "is no map that arete writes; expected little-endian NIfTI-1"
    return fail(path, wrong)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("map", type=Path)
    parser.add_argument("picture", type=Path, help="picture.svg")
    parser.add_argument("--template", type=Path, default=Path("/usr/share/mricron/templates/ch2bet.nii.gz"))
    parser.add_argument("--levels", default="-8,4,12,20,30,42,54", help="z of the slices, in mm")
    parser.add_argument("--from", dest="low", type=float, help="values from here on are drawn (default: 1.3, p = 0.05, of -log10 p; else all over 0)")
    parser.add_argument("--title", help="default: the map's own description")
    arguments = parser.parse_args()
    if arguments.picture.suffix != ".svg":
        fail(arguments.picture, "is no name of an SVG; expected one that ends in .svg, which is what is drawn")
    values, affine, description = read(arguments.map)
    levels = [int(level) for level in arguments.levels.split(",")]
    low = least_drawn(description) if arguments.low is None else arguments.low
    high = max(float(values.max()), low)
    if not np.any((values >= low) & (values > 0)):
        print(f"map-picture.py: {arguments.map}: no voxel is drawn: the largest value is {values.max():.3g}, and they are drawn from {low:g} on (--from)",
              file=sys.stderr)
    template = read(arguments.template)[:2]
    slices = [draw(template, (values, affine), low, high, z) for z in levels]
    arguments.picture.write_text(svg(slices, levels, low, high, arguments.title or description), encoding="utf-8")


if __name__ == "__main__":
    main()
