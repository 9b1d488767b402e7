#!/usr/bin/python3
"""Goes on with campaigns of the study itself whose values were changed under right checksums. The fuzz targets in C read such campaigns, but start no workers.

    tests/fuzz/changed_campaigns.py [SECONDS [SEED]]
"""
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import h5py
import numpy as np

from support.campaign_file import crc32c_of, with_units_of
from support.tiny_study import ARETE, TinyStudy

PATIENCE_S = 120
RUN, ASSOCIATE = ("run", "campaign.h5", "results.tsv"), ("associate", "associations.h5", "associations.tsv") # the command, its campaign, its table
STUDIES = {
    "orbits": (RUN, ["--set", "permutations.method=orbits"]),
    "one by one": (RUN, ["--set", "permutations.method=independent"]),
    "genetic components": (RUN, ["--set", "covariates.genetic_pcs=2"]),
    "a long grid": (RUN, ["--set", "model.heritability=[0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]"]),
    "one SNP at a time": (ASSOCIATE, ["--set", "associate.permute=true"]),
}
EXTENDED = ["--set", "permutations.count=23"]
COUNTS = [0, 1, 2, -1, 7, 119, 120, 121, 2**31 - 1, -(2**31), 2**32, 2**62, 2**63 - 1, -(2**63)]
NUMBERS = [0.0, -0.0, 1.0, -1.0, np.nan, np.inf, -np.inf, 5e-324, 1e-9, 1e200, -1e200, 1e-200, 3.5e38, 0.5, 1e9]
BYTES = [0, 9, 10, 32, 34, 45, 48, 57, 58, 65, 127, 255]


def another_text(draw: random.Random, old):
    text = bytearray(bytes(old).ljust(old.dtype.itemsize, b"\0"))
    text[draw.randrange(len(text))] = draw.choice([*BYTES, draw.randrange(256)])
    return np.array(bytes(text), dtype=old.dtype)


def another_record(draw: random.Random, old):
    field = draw.choice(old.dtype.names)
    new = old.copy()
    new[field] = another(draw, old[field])
    return new


def another(draw: random.Random, old):
    """A value of the type of `old`; a record changes in one field, a text in one byte."""
    if old.dtype.kind == "V":
        return another_record(draw, old)
    if old.dtype.kind == "S":
        return another_text(draw, old)
    if old.dtype.kind == "f":
        value = float(old)
        with np.errstate(all="ignore"):
            return old.dtype.type(draw.choice([*NUMBERS, 2 * value, -value, value + 1, value * (1 + 1e-6)]))
    number, width = draw.choice([*COUNTS, int(old) + 1, int(old) - 1, 2 * int(old), draw.randrange(1000)]), old.dtype.itemsize
    return np.array(number % 2 ** (8 * width), dtype=f"u{width}").view(old.dtype)


def change_dataset(draw: random.Random, dataset) -> str:
    values = np.array(dataset[()], dtype=dataset.dtype)
    flat = values.reshape(-1)
    first = draw.randrange(flat.size)
    end = flat.size if draw.randrange(6) == 0 else first + 1
    for k in range(first, end):
        flat[k] = flat[draw.randrange(flat.size)] if draw.randrange(4) == 0 else another(draw, flat[k])
    dataset[()] = values
    if "crc32c" in dataset.attrs:
        dataset.attrs.modify("crc32c", crc32c_of(values.tobytes()))
    return f"{dataset.name}[{first}:{end}]"


def change_attribute(draw: random.Random, owner, name: str) -> str:
    values = np.array(owner.attrs[name])
    flat = values.reshape(-1)
    place = draw.randrange(flat.size)
    flat[place] = another(draw, flat[place])
    owner.attrs.modify(name, values.astype(owner.attrs.get_id(name).dtype))
    return f"{owner.name}@{name}[{place}]"


def change_units(draw: random.Random, file) -> str:
    """Units of another size, of which none is done; the file is as large as they need."""
    unit, width = draw.choice([1, 2, 7, 8, 9, 64, 127, 128, 199, 200, 1000]), draw.choice([None, 1, 2, 4, 5, 6, 128])
    with_units_of(file, unit, width)
    return f"units of {unit} x {width}"


def change(draw: random.Random, path: Path) -> list[str]:
    """One to three values or runs of values, or the size of units; where they are."""
    places = []

    def find(thing):
        if isinstance(thing, h5py.Dataset) and thing.size:
            places.append((change_dataset, thing))
        places.extend((change_attribute, thing, name) for name in thing.attrs if name != "crc32c")

    with h5py.File(path, "r+", libver=("v108", "latest")) as file:
        if draw.randrange(10) == 0:
            return [change_units(draw, file)]
        find(file)
        file.visititems(lambda _, thing: find(thing))
        return [function(draw, *what) for function, *what in draw.choices(places, k=draw.choice([1, 1, 1, 2, 3]))]


def what_is_wrong(done: subprocess.CompletedProcess, table: Path) -> str | None:
    lines = done.stderr.splitlines()
    if "Sanitizer" in done.stderr or "runtime error" in done.stderr or done.returncode not in (0, 1, 2):
        return "it broke"
    if (done.returncode == 0) != table.exists():
        return "a table of a run that failed, or none"
    if done.returncode != 0 and (not lines or not lines[-1].startswith("arete: ")):
        return "it says nothing"
    return None


def go_on(study: TinyStudy, name: str, more: list[str]) -> subprocess.CompletedProcess:
    (command, _, _), sets = STUDIES[name]
    try:
        return subprocess.run([ARETE, command, "study.yaml", *sets, *more], cwd=study.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              errors="replace", timeout=PATIENCE_S, check=False)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess([], -1, "", "it hangs")


def whole_campaigns(study: TinyStudy) -> dict[str, bytes]:
    campaigns = {}
    for name, ((_, campaign, _), _) in STUDIES.items():
        done = go_on(study, name, [])
        if done.returncode != 0:
            sys.exit(f"{name}: {done.stderr}")
        campaigns[name] = study.bytes(f"out/{campaign}")
        study.remove_folder("out")
    return campaigns


def keep(harmful: bytes) -> Path:
    path = Path(tempfile.mkdtemp(prefix="arete-changed-")) / "campaign.h5"
    path.write_bytes(harmful)
    return path


def change_and_go_on(draw: random.Random, study: TinyStudy, campaigns: dict[str, bytes]) -> int | str:
    """The exit code, or what is wrong, which is printed too."""
    name, more = draw.choice(list(STUDIES)), draw.choice([[], EXTENDED])
    _, campaign, table = STUDIES[name][0]
    path = study.path(f"out/{campaign}")
    shutil.rmtree(path.parent, ignore_errors=True)
    os.mkdir(path.parent)
    path.write_bytes(campaigns[name])
    changes, harmful = change(draw, path), path.read_bytes()
    done = go_on(study, name, more)
    wrong = what_is_wrong(done, study.path(f"out/{table}"))
    if wrong is not None:
        print(f"{wrong}: {name} {more} {changes}, exit {done.returncode}; it is {keep(harmful)}\n{done.stderr[-3000:]}", flush=True)
    return wrong or done.returncode


def main() -> int:
    seconds, seed = float(sys.argv[1]) if len(sys.argv) > 1 else 10, int(sys.argv[2]) if len(sys.argv) > 2 else 1
    draw = random.Random(seed)
    study = TinyStudy()
    campaigns = whole_campaigns(study)
    end, ended = time.monotonic() + seconds, []
    while time.monotonic() < end or not ended:
        ended.append(change_and_go_on(draw, study, campaigns))
    study.remove()
    faults = sum(isinstance(how, str) for how in ended)
    print(f"seed {seed}: {len(ended)} campaigns, {ended.count(0)} gone on with to the end, {ended.count(1) + ended.count(2)} refused, {faults} faults")
    return min(faults, 1)


if __name__ == "__main__":
    sys.exit(main())
