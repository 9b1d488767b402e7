#!/usr/bin/python3
"""Draws what the workers of a run did when, and its memory, from the file that `run: {trace: true}` writes.

    scripts/trace-picture.py results/study/trace.tsv -o trace.svg     # draws, and prints the share of time of every type of task
    scripts/trace-picture.py results/study/trace*.tsv -o trace.svg    # the files of all processes of one run
    scripts/trace-picture.py results/study/trace.tsv                  # prints only
    scripts/trace-picture.py results/study/trace.tsv --chrome trace.json  # for ui.perfetto.dev or chrome://tracing, where every task can be looked at

A row of the picture is a worker. Genotypes, operators and permutations have time scales of their own, and so has every run of a campaign that
was interrupted. Where tasks are shorter than a column of pixels, a column shows their shares of its time.
"""
import argparse
import json
import math
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

COLUMNS = ["task", "start_s", "end_s", "worker", "memory_bytes", "count", "busy_s"]
# A phase ends with the last task of its types.
PHASES = {
    "genotypes": {"load_snps": "#56b4e9", "gram_tile": "#1f7fc4", "gram_add": "#7cc5c9"},
    "associations": {"residualise_tile": "#c9b3e6", "associate_tile": "#7a5cab", "transform_tile": "#b9c2ef", "correlate_tile": "#4d63c4", "reduce_maximum": "#8796dd"},
    "operators": {"begin_svd": "#e3b4cd", "tridiagonal_begin": "#a55a86", "tridiagonal_product": "#d98cb3", "tridiagonal_next": "#a55a86", "tridiagonal_update": "#bb6a98", "svd": "#cc79a7", "finish_svd": "#b0608c", "tile_product": "#e69f00", "round_operator": "#b58a3a", "apply_operator": "#8c6d1f", "load_fold": "#d9642a",
                  "form_rows": "#c98a5e", "form_tile": "#e58f65", "finish_form": "#b06a45", "baseline_form": "#f0b27a", "transform_form": "#f0e442"},
    "permutations": {"ridge_batch": "#1aa179", "gather_targets": "#8f8fd9", "baseline_batch": "#7a9a3b", "reduce": "#d9c23a",
                     "arrange_targets": "#8f8fd9", "orbit_batch": "#1aa179", "reduce_orbit": "#d9c23a", "save_block": "#c8453b"},
}
OTHERS = ["#9467bd", "#8c6d5a", "#4b8bbe", "#6fae3c", "#b0569a", "#8a8a5c"]  # types of task that are not known here

WIDTH, LEFT, RIGHT = 960, 78, 14  # pixels
GAP, RUN_GAP = 18, 40  # between phases, between runs: the last time of one and the first of the next stand side by side
TIMELINE_HEIGHT, MEMORY_HEIGHT = 150, 90
MOST_BYTES = 250_000
INK = "#757d87"  # readable on white and on black


class BadTrace(Exception):
    pass


@dataclass
class Task:
    name: str
    start: float  # seconds since 1970
    end: float
    worker: int
    memory: int
    count: int
    busy: float


@dataclass
class Section:
    """What one process wrote between its start and its end."""

    process: int  # its rank
    n_workers: int
    began: float
    ended: float = 0.0
    peak: int = 0
    tasks: list[Task] = field(default_factory=list)


def read_trace(path: str, process: int) -> list[Section]:
    sections: list[Section] = []
    lines = Path(path).read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines, 1):
        fields = line.split("\t")
        if begin := re.fullmatch(r"# arete-trace 1 workers=(\d+) began=([\d.]+)", line):
            sections.append(Section(process, int(begin[1]), float(begin[2])))
        elif sections and (end := re.fullmatch(r"# ended=([\d.]+) peak_memory_bytes=(\d+)", line)):
            sections[-1].ended, sections[-1].peak = sections[-1].began + float(end[1]), int(end[2])
        elif line == "" or fields == COLUMNS:
            continue
        elif sections and len(fields) == len(COLUMNS) and (task := read_task(fields, sections[-1])):
            sections[-1].tasks.append(task)
        elif not ends_section(lines[number:]):  # a killed run ends in half a line
            raise BadTrace(f"{path}:{number}: {line!r} found; expected {' '.join(COLUMNS)}, tab-separated, below a line '# arete-trace 1 ...'")
    sections = [section for section in sections if section.tasks]
    if not sections:
        raise BadTrace(f"{path}: no task found; expected a file that run.trace: true wrote")
    for section in sections:
        section.ended = max(section.ended, *(task.end for task in section.tasks))
        section.peak = max(section.peak, *(task.memory for task in section.tasks))
    return sections


def ends_section(following: list[str]) -> bool:
    return following in ([], [""]) or following[0].startswith("# arete-trace ")


def read_task(fields: list[str], section: Section) -> Task | None:
    try:
        name, start, end, worker, memory, count, busy = fields
        return Task(name, section.began + float(start), section.began + float(end), int(worker), int(memory), int(count), float(busy))
    except ValueError:
        return None


@dataclass
class Run:
    """The sections of processes that ran at the same time."""

    sections: list[Section]
    began: float
    ended: float
    label: str = ""  # when there are several

    def phases(self) -> list[tuple[str, float, float]]:
        """Those that it has, from end to end: the last one ends with the run."""
        found, start = [], self.began
        for phase, types in PHASES.items():
            end = max((task.end for section in self.sections for task in section.tasks if task.name in types), default=start)
            if end > start:
                found.append((phase, start, end))
                start = end
        last, start, _ = found.pop() if found else ("tasks", self.began, 0.0)
        return [*found, (last, start, self.ended)]


def runs_of(sections: list[Section]) -> list[Run]:
    runs: list[Run] = []
    for section in sorted(sections, key=lambda one: one.began):
        if runs and section.began < runs[-1].ended:
            runs[-1].sections.append(section)
            runs[-1].ended = max(runs[-1].ended, section.ended)
        else:
            runs.append(Run([section], section.began, section.ended))
    for number, run in enumerate(runs, 1):
        run.label = f"run {number}" if len(runs) > 1 else ""
    return runs


# What is printed


def busy_between(tasks: list[Task], start: float, end: float) -> float:
    total = 0.0
    for task in tasks:
        inside = min(task.end, end) - max(task.start, start)
        if inside > 0:
            total += task.busy * inside / (task.end - task.start)
    return total


def seconds_text(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.3g} s"
    if seconds < 7200:
        return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"
    return f"{seconds // 3600:.0f} h {seconds % 3600 // 60:.0f} min"


@dataclass
class Summary:
    busy: dict[str, float]  # by type of task, most first
    count: dict[str, int]
    available: float  # workers x seconds
    wall: float
    n_workers: int
    peak: int

    def idle(self) -> float:
        return max(0.0, 1 - sum(self.busy.values()) / self.available)

    def line(self) -> str:
        workers = "1 worker" if self.n_workers == 1 else f"{self.n_workers} workers"
        return (f"{workers}, {seconds_text(self.wall)}, {self.available / 3600:.3g} core-hours, "
                f"idle {100 * self.idle():.1f} %, largest memory {self.peak / 2**20:.0f} MiB")


def summary_of(runs: list[Run]) -> Summary:
    busy: dict[str, float] = {}
    count: dict[str, int] = {}
    for task in (task for run in runs for section in run.sections for task in section.tasks):
        busy[task.name] = busy.get(task.name, 0.0) + task.busy
        count[task.name] = count.get(task.name, 0) + task.count
    return Summary(
        busy=dict(sorted(busy.items(), key=lambda item: -item[1])),
        count=count,
        available=sum(section.n_workers * (section.ended - section.began) for run in runs for section in run.sections),
        wall=sum(run.ended - run.began for run in runs),
        n_workers=max(sum(section.n_workers for section in run.sections) for run in runs),
        peak=max(sum(section.peak for section in run.sections) for run in runs),
    )


def print_summary(runs: list[Run], summary: Summary) -> None:
    print(f"{'task':<16} {'tasks':>9} {'seconds':>10} {'share':>7} {'mean ms':>9}")
    for name, busy in summary.busy.items():
        print(f"{name:<16} {summary.count[name]:>9} {busy:>10.2f} {100 * busy / summary.available:>6.2f}% {1e3 * busy / summary.count[name]:>9.3f}")
    print(f"{'(idle)':<16} {'':>9} {summary.idle() * summary.available:>10.2f} {100 * summary.idle():>6.2f}%\n")
    for panel in panels_of(runs):
        available = sum(s.n_workers for s in panel.run.sections) * (panel.end - panel.start)
        busy = sum(busy_between(section.tasks, panel.start, panel.end) for section in panel.run.sections)
        label = f"{panel.run.label}: " if panel.run.label else ""
        print(f"{label}{panel.phase}, {seconds_text(panel.end - panel.start)}: idle {100 * max(0.0, 1 - busy / available):.1f} %")
    print(summary.line())


# The picture


@dataclass
class Panel:
    run: Run
    start: float
    end: float
    phase: str
    left: float = 0.0
    width: float = 0.0

    def x(self, time: float) -> float:
        return self.left + self.width * (time - self.start) / (self.end - self.start)


def panels_of(runs: list[Run]) -> list[Panel]:
    return [Panel(run, start, end, phase) for run in runs for phase, start, end in run.phases()]


def place(panels: list[Panel]) -> None:
    """Half of the width is shared equally, half by duration."""
    gaps = [0, *(GAP if after.run is before.run else RUN_GAP for before, after in zip(panels, panels[1:]))]
    room = WIDTH - LEFT - RIGHT - sum(gaps)
    total = sum(panel.end - panel.start for panel in panels)
    left = float(LEFT)
    for panel, gap in zip(panels, gaps):
        panel.left, panel.width = left + gap, room * (0.5 / len(panels) + 0.5 * (panel.end - panel.start) / total)
        left = panel.left + panel.width


def colours_of(names: list[str]) -> dict[str, str]:
    """From the bottom of a column to its top, in this order."""
    known = {name: colour for types in PHASES.values() for name, colour in types.items()}
    strangers = sorted(name for name in names if name not in known)
    return {name: colour for name, colour in known.items() if name in names} | {name: OTHERS[i % len(OTHERS)] for i, name in enumerate(strangers)}


def shares_of(tasks: list[Task], panel: Panel, n_bins: int, names: list[str]) -> dict[str, list[float]]:
    """Of each column's time, the share of every type of task."""
    shares = {name: [0.0] * n_bins for name in names}
    width = (panel.end - panel.start) / n_bins
    for task in tasks:
        start, end = max(task.start, panel.start), min(task.end, panel.end)
        if end <= start:
            continue
        density, row = task.busy / (task.end - task.start) / width, shares[task.name]
        first, last = int((start - panel.start) / width), min(n_bins - 1, int((end - panel.start) / width))
        for k in range(first, last + 1):
            row[k] += density * max(0.0, min(end, panel.start + (k + 1) * width) - max(start, panel.start + k * width))
    return shares


def short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def row_paths(tasks: list[Task], panel: Panel, n_bins: int, top: float, height: float, paths: dict[str, list[str]]) -> None:
    """Adds a worker's columns to the path of each type; neighbours of the same shape become one rectangle."""
    shares = shares_of(tasks, panel, n_bins, list(paths))
    open_pieces: dict[str, tuple[float, float, int]] = {}  # bottom and top edge, first column

    def close(name: str, end: int) -> None:
        low, high, first = open_pieces.pop(name)
        x0, x1 = panel.left + panel.width * first / n_bins, panel.left + panel.width * end / n_bins
        paths[name].append(f"M{short(x0)} {short(top + height - high)}H{short(x1)}V{short(top + height - low)}H{short(x0)}z")

    for k in range(n_bins):
        level = 0.0
        for name, row in shares.items():
            low = round(2 * height * min(1.0, level)) / 2
            level += row[k]
            high = round(2 * height * min(1.0, level)) / 2
            if name in open_pieces and open_pieces[name][:2] != (low, high):
                close(name, k)
            if high > low and name not in open_pieces:
                open_pieces[name] = (low, high, k)
    for name in list(open_pieces):
        close(name, n_bins)


def text(x: float, y: float, words: str, anchor: str = "start", size: int = 12) -> str:
    return f'<text x="{short(x)}" y="{short(y)}" text-anchor="{anchor}" font-size="{size}">{escape(words)}</text>'


def nice_step(span: float, most: int, steps: tuple[float, ...]) -> float:
    return next((step for step in steps if span / step <= most), steps[-1])


TIME_STEPS = tuple(m * 10.0**e for e in range(-6, 1) for m in (1, 2, 5)) + (10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400,
                                                                           28800, 86400, 172800, 604800)


def time_axis(panel: Panel, bottom: float) -> list[str]:
    span = panel.end - panel.start
    step = nice_step(span, max(1, int(panel.width / 70)), TIME_STEPS)
    unit, size = next((u, s) for u, s, least in (("h", 3600, 3600), ("min", 60, 60), ("s", 1, 0)) if step >= least)
    first = math.ceil((panel.start - panel.run.began) / step)
    pieces = [f'<path d="M{short(panel.left)} {short(bottom)}h{short(panel.width)}" stroke="{INK}" fill="none"/>']
    for k in range(first, int((panel.end - panel.run.began) / step) + 1):
        x = panel.x(panel.run.began + k * step)
        pieces.append(f'<path d="M{short(x)} {short(bottom)}v4" stroke="{INK}" fill="none"/>')
        pieces.append(text(x, bottom + 17, f"{k * step / size:.6g} {unit}", "middle", 11))
    return pieces


def memory_line(section: Section, panel: Panel, bottom: float, scale: float) -> str:
    """The largest value in each column of pixels; it stays until the next task ends."""
    n_bins = max(1, int(panel.width))
    most = [0] * n_bins
    before = 0
    for task in sorted(section.tasks, key=lambda one: one.end):
        if task.end < panel.start:
            before = task.memory
        elif task.end <= panel.end:
            k = min(n_bins - 1, int((panel.x(task.end) - panel.left) / panel.width * n_bins))
            most[k] = max(most[k], task.memory)
    points, level = [], before
    for k, value in enumerate(most):
        if value == 0 or value == level:
            continue
        x = panel.left + panel.width * k / n_bins
        points += [(x, level), (x, value)] if level else [(x, value)]
        level = value
    if before:
        points.insert(0, (panel.left, before))
    if not points:
        return ""
    points.append((panel.left + panel.width, level))
    d = "M" + "L".join(f"{short(x)} {short(bottom - scale * value)}" for x, value in points)
    return f'<path d="{d}" fill="none" stroke="#b5651d" stroke-width="1.5"/>'


def legend(summary: Summary, colours: dict[str, str], top: float) -> tuple[list[str], float]:
    entries = [(name, summary.busy[name] / summary.available, colours[name]) for name in summary.busy] + [("idle", summary.idle(), None)]
    per_row, pieces = 5, []
    for i, (name, share, colour) in enumerate(entries):
        x, y = LEFT + i % per_row * (WIDTH - LEFT - RIGHT) / per_row, top + i // per_row * 20
        paint = f'fill="{colour}"' if colour else f'fill="none" stroke="{INK}"'
        pieces.append(f'<rect x="{short(x + 0.5)}" y="{short(y + 0.5)}" width="11" height="11" {paint}/>')
        pieces.append(text(x + 17, y + 10.5, f"{name} {100 * share:.{1 if share >= 0.001 else 2}f} %"))
    return pieces, top + math.ceil(len(entries) / per_row) * 20


def draw(runs: list[Run], summary: Summary, bin_pixels: float) -> str:
    panels = panels_of(runs)
    place(panels)
    colours = colours_of(list(summary.busy))
    rows = sorted({(section.process, worker) for run in runs for section in run.sections for worker in range(section.n_workers)})
    several = len({process for process, _ in rows}) > 1
    top, pitch = 76.0 if len(runs) > 1 else 58.0, max(6.0, min(44.0, TIMELINE_HEIGHT / len(rows)))
    bottom = top + pitch * len(rows)
    body = [text(LEFT, 16, summary.line(), size=13)]
    for i, (process, worker) in enumerate(rows):
        if pitch >= 13 or worker == 0:
            body.append(text(LEFT - 8, top + pitch * i + min(pitch, 26) / 2 + 4, f"worker {f'{process}.' if several else ''}{worker}", "end"))
    paths: dict[str, list[str]] = {name: [] for name in colours}
    for panel in panels:
        if panel.start == panel.run.began:
            body.append(text(panel.left, top - 40, panel.run.label))
        body += [text(panel.left, top - 22, panel.phase), text(panel.left, top - 8, seconds_text(panel.end - panel.start), size=11)]
        for section in panel.run.sections:
            for worker in range(section.n_workers):
                tasks = [task for task in section.tasks if task.worker == worker]
                row = rows.index((section.process, worker))
                row_paths(tasks, panel, max(1, int(panel.width / bin_pixels)), top + pitch * row, pitch - (3 if pitch > 12 else 1), paths)
    body += [f'<path fill="{colours[name]}" d="{"".join(path)}"/>' for name, path in paths.items() if path]
    memory_top = bottom + 14
    memory_bottom = memory_top + MEMORY_HEIGHT
    peak = max(section.peak for run in runs for section in run.sections) / 2**20
    step = nice_step(peak, 3, tuple(m * 10.0**e for e in range(7) for m in (1, 2, 5)))
    ceiling = step * math.ceil(peak / step)
    scale = MEMORY_HEIGHT / (ceiling * 2**20)
    for k in range(round(ceiling / step) + 1):
        y = memory_bottom - k * step * 2**20 * scale
        body.append(text(LEFT - 8, y + 4, f"{k * step:.0f}{' MiB' if k else ''}", "end", 11))
        body.append(f'<path d="M{LEFT} {short(y)}H{WIDTH - RIGHT}" stroke="{INK}" stroke-opacity=".25" fill="none"/>')
    for panel in panels:
        body += [memory_line(section, panel, memory_bottom, scale) for section in panel.run.sections]
        body += time_axis(panel, memory_bottom)
    keys, height = legend(summary, colours, memory_bottom + 32)
    body += keys
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {short(height)}" width="{WIDTH}" height="{short(height)}" '
            f'font-family="sans-serif" fill="{INK}" role="img">\n<title>{escape(summary.line())}</title>\n'
            + "\n".join(filter(None, body)) + "\n</svg>\n")


# The same for Perfetto and Chrome: their "Trace Event Format", times in microseconds since the first run began.


def chrome_events(runs: list[Run]) -> list[dict]:
    phase_of = {name: phase for phase, types in PHASES.items() for name in types}
    began, events, rows = runs[0].began, [], {}
    for section in (section for run in runs for section in run.sections):
        process = section.process
        rows[process, None] = ("process_name", f"process {process}")
        for task in section.tasks:
            # A row that stands for many tasks overlaps others of its worker: it gets a row for its type.
            kind = list(phase_of).index(task.name) if task.name in phase_of else 999
            row = task.worker if task.count == 1 else 1000 * (1 + task.worker) + kind
            rows[process, row] = ("thread_name", f"worker {task.worker}" if task.count == 1 else f"worker {task.worker}, {task.name} by the minute")
            events.append({"name": task.name, "cat": phase_of.get(task.name, "tasks"), "ph": "X", "pid": process, "tid": row,
                           "ts": round(1e6 * (task.start - began), 3), "dur": round(1e6 * (task.end - task.start), 3),
                           "args": {"tasks": task.count, "busy_s": task.busy}})
            events.append({"name": "memory", "ph": "C", "pid": process, "tid": 0, "ts": round(1e6 * (task.end - began), 3),
                           "args": {"MiB": round(task.memory / 2**20, 1)}})
    names = [{"name": what, "ph": "M", "pid": process, "tid": row or 0, "args": {"name": name}} for (process, row), (what, name) in rows.items()]
    return names + sorted(events, key=lambda event: event["ts"])


def rank_of(path: str) -> int:
    found = re.search(r"rank-(\d+)", Path(path).name)
    return int(found[1]) if found else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("traces", nargs="+", metavar="trace.tsv")
    parser.add_argument("-o", "--output", metavar="picture.svg")
    parser.add_argument("--chrome", metavar="trace.json", help="write the tasks for Perfetto and Chrome")
    arguments = parser.parse_args()
    try:
        runs = runs_of([section for path in arguments.traces for section in read_trace(path, rank_of(path))])
        summary = summary_of(runs)
        print_summary(runs, summary)
        if arguments.output:
            bin_pixels = 1.0
            while len(picture := draw(runs, summary, bin_pixels)) > MOST_BYTES and bin_pixels < 64:
                bin_pixels *= 2
            Path(arguments.output).write_text(picture, encoding="utf-8")
        if arguments.chrome:
            Path(arguments.chrome).write_text(json.dumps({"displayTimeUnit": "ms", "traceEvents": chrome_events(runs)}), encoding="utf-8")
    except (OSError, BadTrace, UnicodeDecodeError) as problem:
        print(f"trace-picture: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
