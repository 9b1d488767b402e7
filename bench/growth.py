#!/usr/bin/python3
"""How the time of each part of a study grows with its size, against the slope that its flops have.

    bench/growth.py                       # all four; about 10 minutes on two cores, 1 GB of disk
    bench/growth.py subjects snps         # some of them
    bench/growth.py -o bench/growth.svg   # draws what it measured as well

subjects      seconds a permutation of 1,000 targets, slope 1; beside it what is done once (SVD, operators, observed scores, forms), slope 3
snps          seconds of reading genotypes and summing K at 1,500 subjects, slope 1
targets       seconds a permutation at 600 subjects, slope 1
permutations  seconds of the permutations at 300 subjects and 100 targets, slope 1

Simulated studies, 10 x 5 folds, 5 penalties, permutations in orbits, all cores; times from run.trace. The slope is that of least squares through all points in logarithms.
"""
import argparse
import math
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import h5py

from running import chosen, last_trace, run_arete, set_keys, span

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 10.0  # of a timed series of permutations
PROBE = 2  # orbits that tell how many those are
PANEL, GAP, MARGIN, TOP, BOTTOM = 220, 56, 60, 34, 46  # pixels
INK, COLOURS = "#757d87", ("#1aa179", "#cc79a7")  # readable on white and on black


@dataclass
class Series:
    what: str
    slope: float
    points: list[tuple[float, float]] = field(default_factory=list)

    def add(self, size: float, seconds: float) -> None:
        self.points.append((size, seconds))

    def fitted(self) -> float:
        logs = [(math.log(x), math.log(y)) for x, y in self.points]
        mx, my = (sum(column) / len(logs) for column in zip(*logs))
        return sum((x - mx) * (y - my) for x, y in logs) / sum((x - mx) ** 2 for x, _ in logs)


class Study:
    """A simulated study in a folder of its own, whose campaign goes on."""

    def __init__(self, arete: str, folder: Path, subjects: int, snps: int, targets: int):
        self.arete, self.folder = arete, folder / f"{subjects}-{snps}-{targets}"
        self.done = self.shifts = 0
        self.folder.mkdir()
        (self.folder / "sim.yaml").write_text(f"subjects: {subjects}\nsnps: {snps}\ntargets: {{count: {targets}}}\noutput: {self.folder}\n")
        run_arete(arete, "simulate", self.folder / "sim.yaml")

    def go_on(self, orbits: int) -> list[tuple[str, float, float]]:
        """the tasks of so many orbits more; the first run has one"""
        self.done += orbits
        count = max(self.done * self.shifts, 1)
        run_arete(self.arete, "run", self.folder / "study.yaml", *set_keys("run.trace=true", "permutations.method=orbits", f"permutations.count={count}"))
        with h5py.File(self.folder / "results" / "campaign.h5") as campaign:
            self.shifts = int(campaign["permutation/method"].attrs["shifts"])
        return last_trace(self.folder / "results")

    def permutations(self, orbits: int) -> float:
        """seconds"""
        return span(self.go_on(orbits), "arrange_targets", "save_block")

    def seconds_a_permutation(self) -> float:
        orbits = max(PROBE, round(PROBE * SECONDS / self.permutations(PROBE)))
        return self.permutations(orbits) / (orbits * self.shifts)


def grow_subjects(arete: str, folder: Path) -> list[Series]:
    loop, once = Series("a permutation of 1,000 targets", 1), Series("SVD, operators, forms", 3)
    for subjects in (300, 600, 1250, 2500):
        study = Study(arete, folder, subjects, 5000, 1000)
        once.add(subjects, span(study.go_on(1), "svd", "transform_form"))
        loop.add(subjects, study.seconds_a_permutation())
    return [loop, once]


def grow_snps(arete: str, folder: Path) -> list[Series]:
    gram = Series("genotypes to K, 1,500 subjects", 1)
    for snps in (10_000, 100_000, 1_000_000):
        gram.add(snps, span(Study(arete, folder, 1500, snps, 1).go_on(1), "load_snps", "gram_add"))
    return [gram]


def grow_targets(arete: str, folder: Path) -> list[Series]:
    loop = Series("a permutation, 600 subjects", 1)
    for targets in (10, 100, 1000, 10_000):
        study = Study(arete, folder, 600, 5000, targets)
        study.go_on(1)
        loop.add(targets, study.seconds_a_permutation())
    return [loop]


def grow_permutations(arete: str, folder: Path) -> list[Series]:
    loop, study = Series("all of them, 300 subjects, 100 targets", 1), Study(arete, folder, 300, 5000, 100)
    study.go_on(1)
    for permutations in (3000, 30_000, 300_000):
        loop.add(permutations, study.permutations(round(permutations / study.shifts)))
    return [loop]


GROWTH = {"subjects": grow_subjects, "snps": grow_snps, "targets": grow_targets, "permutations": grow_permutations}


def number(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"


def show(name: str, every: list[Series]) -> None:
    for series in every:
        print(f"{name}: {series.what}: slope {series.fitted():.2f} (expected {series.slope:g}): "
              + ", ".join(f"{number(x)}: {number(y)} s" for x, y in series.points), flush=True)


class Panel:
    """One parameter, both axes logarithmic, whole decades."""

    def __init__(self, name: str, every: list[Series], left: float):
        self.name, self.every, self.left = name, every, left
        sizes, seconds = zip(*(point for series in every for point in series.points))
        self.x, self.y = (tuple(round_out(math.log10(min(v)), math.log10(max(v)))) for v in (sizes, seconds))

    def place(self, size: float, seconds: float) -> tuple[float, float]:
        x, y = ((math.log10(v) - low) / (high - low) for v, (low, high) in ((size, self.x), (seconds, self.y)))
        return self.left + x * PANEL, TOP + PANEL - y * PANEL

    def ticks(self) -> list[str]:
        lines = []
        for decade in range(self.x[0], self.x[1] + 1):
            x = self.place(10.0 ** decade, 10.0 ** self.y[0])[0]
            lines.append(text(x, TOP + PANEL + 16, f"{10 ** decade:,}", "middle") + line((x, TOP), (x, TOP + PANEL), 0.25))
        for decade in range(self.y[0], self.y[1] + 1):
            y = self.place(10.0 ** self.x[0], 10.0 ** decade)[1]
            lines.append(text(self.left - 6, y + 4, f"{10.0 ** decade:g}", "end") + line((self.left, y), (self.left + PANEL, y), 0.25))
        return lines

    def draw(self) -> list[str]:
        lines = [*self.ticks(), text(self.left + PANEL / 2, TOP + PANEL + 34, self.name.replace("snps", "SNPs"), "middle"), text(self.left - 6, TOP - 9, "s", "end")]
        for k, series in enumerate(self.every):
            largest, seconds = series.points[-1]
            smallest = max(series.points[0][0], largest * (10.0 ** self.y[0] / seconds) ** (1 / series.slope))
            ends = [self.place(x, seconds * (x / largest) ** series.slope) for x in (smallest, largest)]
            lines.append(line(*ends, 1, COLOURS[k]))
            lines += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{COLOURS[k]}"/>' for x, y in (self.place(*point) for point in series.points)]
            lines.append(text(self.left, TOP - 18 + 13 * k, f"{series.what}: {series.fitted():.2f} ({series.slope:g})", "start", COLOURS[k]))
        return lines


def round_out(low: float, high: float) -> tuple[int, int]:
    return math.floor(low), max(math.ceil(high), math.floor(low) + 1)


def line(start: tuple[float, float], end: tuple[float, float], opacity: float, colour: str = INK) -> str:
    return (f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}" stroke="{colour}" stroke-opacity="{opacity}"/>')


def text(x: float, y: float, words: str, anchor: str, colour: str = INK) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{words}</text>'


def draw(found: dict[str, list[Series]]) -> str:
    panels = [Panel(name, every, MARGIN + k * (PANEL + GAP)) for k, (name, every) in enumerate(found.items())]
    width, height = MARGIN + len(panels) * (PANEL + GAP), TOP + PANEL + BOTTOM
    body = "\n".join(part for panel in panels for part in panel.draw())
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">\n'
            f"<title>Seconds against size; points measured, lines of the expected slope through the largest (in brackets, after the slope found)</title>\n{body}\n</svg>\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(GROWTH)} (default: all)")
    parser.add_argument("--arete", default=str(ROOT / "build" / "release" / "arete"), metavar="PROGRAM")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="an SVG picture")
    options = parser.parse_args()
    found = {}
    for name in chosen(parser, options.parts, GROWTH):
        with tempfile.TemporaryDirectory(prefix="arete-growth-") as folder:
            found[name] = GROWTH[name](options.arete, Path(folder))
        show(name, found[name])
    if options.output:
        options.output.write_text(draw(found))


if __name__ == "__main__":
    main()
