#!/usr/bin/python3
"""What a disk may hold after a power cut, and what arete makes of it.

    tests/faults/crash_images.py                    # 30 images
    tests/faults/crash_images.py --images 2000
    ARETE_METHOD=orbits tests/faults/crash_images.py --seed 7      # others

Runs are recorded (record_calls.c): a campaign's creation, its extension, two ranks whose part is taken over; in orbits also passes over the folds, and
arete associate. An image is the output folder at some
instant as the disk may have it: of each file what was brought to the disk (fsync), and of what was written since any part, by sectors of 512 bytes or
pages of 4096, or its length alone; of the folder's entries those that were brought to the disk, and of changes since any. On each image `arete status`,
then the same `arete run`: scores and table of a run that nothing cut, or a refusal of one line; and no unit lost that was on the disk. When a run has
ended, what was never brought to the disk may be gone: its units and its table are there.
"""
import argparse
import collections
import os
import random
import re
import shutil
import sys
from pathlib import Path

from support.campaign_file import CampaignFile
from support.interruption import METHOD, UNIT, InterruptedStudy, count_is
from support.ranks_study import RanksStudy

HALF, COUNT = 3 * UNIT, 6 * UNIT
RECORDER = Path(os.environ["ARETE_RECORDER"]).absolute()
OUTPUTS = {"campaign.h5", "campaign.lock", "predictions.tsv", "report.html", "results.tsv", "run.log",
           "associations.h5", "associations.tsv", "targets.tsv", "manhattan.svg", "qq.svg", "associations.html", "associate.log"}
WAYS = {"nothing": 0, "sectors": 512, "pages": 4096, "length": 0, "all": 0}  # which of what the disk had not yet been given


def resize(content, size):
    del content[size:]
    content.extend(bytes(size - len(content)))


class File:
    """What was done to it, in order: (instant, "size", bytes), (instant, "bytes", offset, bytes), (instant, "sync")."""

    def __init__(self):
        self.calls = []

    @staticmethod
    def put(content, call, is_kept=lambda place: True, grain=None):
        """is_kept: of a place of `grain` bytes, whether the disk has this call's bytes there."""
        if call[1] == "size":
            resize(content, call[2])
        if call[1] != "bytes":
            return
        _, _, offset, new = call
        for start in range(offset - offset % (grain or 1), offset + len(new), grain or len(new)):
            low, high = max(start, offset), min(start + (grain or len(new)), offset + len(new))
            if is_kept(start):
                resize(content, max(len(content), high))
                content[low:high] = new[low - offset : high - offset]

    def content(self, instant):
        """As every process saw it."""
        content = bytearray()
        for call in self.calls:
            if call[0] <= instant:
                self.put(content, call)
        return content

    def after_a_cut(self, instant, way, rng):
        """As the disk may have it."""
        synced = max((call[0] for call in self.calls if call[1] == "sync" and call[0] <= instant), default=-1)
        content, since = self.content(synced), [call for call in self.calls if synced < call[0] <= instant]
        if way == "all":
            return self.content(instant)
        if way == "length":
            resize(content, len(self.content(instant)))
        if way in ("nothing", "length") or not since:
            return content
        # A place of the file goes to the disk as it is at some moment, some places later than others, and the length when it likes.
        moments = [call[0] for call in since]
        reached = collections.defaultdict(lambda: rng.choice([synced, instant, rng.choice(moments)]))
        for call in since:
            if call[1] == "bytes" or reached["length"] >= call[0]:
                self.put(content, call, lambda place, call=call: reached[place] >= call[0], WAYS[way])
        return content


class Record:
    """Calls on the files of a folder. `before`: (name, inode, content) of what was there."""

    def __init__(self, path, before):
        self.by_inode, self.instant = {}, 0
        self.entries = []  # (instant, "new", name, file), (instant, "gone", name), (instant, "renamed", old, new), (instant, "sync", folder)
        self.folders = {os.path.dirname(name) for name, _, _ in before} | {"."}
        for name, inode, content in before:
            self.by_inode[inode] = File()
            self.by_inode[inode].calls = [(0, "bytes", 0, content), (0, "sync")]
            self.entries.append((0, "new", name, self.by_inode[inode]))
        self.entries += [(0, "sync", folder) for folder in self.folders]
        with open(path, "rb") as record:
            for line in record:
                self.instant += 1
                self.take(*line[:-1].decode().split(" ", 1), record)

    def take(self, kind, rest, record):
        first, _, more = rest.partition(" ")
        if kind == "C":
            self.by_inode[int(first)] = File()
            self.entries.append((self.instant, "new", more, self.by_inode[int(first)]))
        elif kind in "WTKS":
            self.on_file(self.by_inode.get(int(first), File()), kind, [int(word) for word in more.split()], record)
        elif kind == "R":
            self.entries.append((self.instant, "renamed", *more.split("\t")))
        else:
            self.entries.append((self.instant, {"D": "sync", "U": "gone", "M": "folder"}[kind], rest))

    def any_instant(self, campaign, rng):
        """Half of them are after the campaign has its name: before, there is little to lose."""
        named = max((entry[0] for entry in self.entries if entry[1] == "renamed" and entry[3] == campaign), default=0)
        return rng.randint(rng.choice([0, named]), self.instant)

    def on_file(self, file, kind, numbers, record):
        if kind == "W":
            file.calls.append((self.instant, "bytes", numbers[0], record.read(numbers[1])))
        elif kind == "T":
            file.calls.append((self.instant, "size", numbers[0]))
        elif kind == "S":
            file.calls.append((self.instant, "sync"))
        else:  # all of the file: what a stream wrote, which was not seen
            content = record.read(numbers[0])
            if bytes(file.content(self.instant)) != content:
                file.calls += [(self.instant, "size", len(content)), (self.instant, "bytes", 0, content)]

    def after_a_cut(self, instant, way, rng):
        """{name: content} as the disk may have it."""
        seen, disk, folders = {}, {}, set(self.folders)
        for k, (when, what, name, *more) in enumerate(self.entries):
            parent = os.path.dirname(name) or "."
            synced = any(entry[1:] == ("sync", parent) and entry[0] <= instant for entry in self.entries[k:])
            kept = synced or way == "all" or (way != "nothing" and rng.random() < 0.5)
            if when > instant or what == "sync":
                continue
            if what == "folder":
                folders |= {name} if kept else set()
                continue
            file = more[0] if what == "new" else seen.pop(name)
            for names in (seen, disk) if kept else (seen,):
                names.pop(name, None)
                if what != "gone":
                    names[name if what == "new" else more[0]] = file
        return {name: bytes(file.after_a_cut(instant, way, rng)) for name, file in sorted(disk.items()) if (os.path.dirname(name) or ".") in folders}


class Associations(InterruptedStudy):
    """The same study for arete associate, with permutations."""

    def __init__(self):
        super().__init__()
        self.add_line("study.yaml", "associate: {permute: true, report_p: 1e-3}")

    def command(self, *sets, options=()):
        program, _, *others = super().command(*sets, options=options)
        return [program, "associate", *others]

    @property
    def campaign_path(self):
        return self.path("out/associations.h5")

    def log(self):
        return self.read("out/associate.log")

    def outcome(self, count):
        campaign = self.campaign()
        return campaign.score_bytes(campaign.units_of(count)), self.bytes("out/targets.tsv"), self.bytes("out/associations.tsv")


class Scene:
    """A run that was recorded, and what it came to."""

    def __init__(self, name, count, *sets, ranks=1, before=None, kind=InterruptedStudy):
        self.name, self.count, self.ranks, self.met = name, count, ranks, collections.Counter()
        self.sets = [count_is(count), *sets]
        self.study = RanksStudy() if ranks > 1 else kind()
        self.campaign = str(self.study.campaign_path.relative_to(self.study.folder))
        self.log_name = "out/associate.log" if kind is Associations else "out/run.log"
        if before:
            done = self.study.run(count_is(before), *sets)
            assert done.returncode == 0, done.stderr
        there = [(str(path.relative_to(self.study.folder)), path.stat().st_ino, path.read_bytes()) for path in sorted(self.study.path("out").glob("*"))]
        path = self.study.path("record")
        environment = [f"LD_PRELOAD={RECORDER}", f"ARETE_RECORD={path}", f"ARETE_RECORD_FOLDER={self.study.folder.resolve()}"]
        if ranks > 1:
            code, _, err = self.study.run_ranks(ranks, *self.sets, launcher=["env", *environment])
        else:
            done = self.study.run(*self.sets, environment=dict(one.split("=", 1) for one in environment))
            code, err = done.returncode, done.stderr
        assert code == 0, err
        self.record = Record(path, there)
        self.outcome = self.study.outcome(count)
        self.check_end()

    def check_end(self):
        """A run that has ended left on the disk what it came to: a cut after it, of which nothing more arrives, takes nothing."""
        image = self.image(self.record.instant, "nothing", random.Random(0))
        self.put(image)
        assert self.campaign in image, (self.name, "no campaign on the disk when the run has ended", sorted(image))
        done = len(self.units_done(image))
        assert done * UNIT >= self.count, (self.name, "units on the disk when the run has ended", done)
        assert self.study.outcome(self.count) == self.outcome, (self.name, "other results on the disk when the run has ended")

    def image(self, instant, way, rng):
        """{name: content} of the output folder."""
        return {name: content for name, content in self.record.after_a_cut(instant, way, rng).items() if name.startswith("out/")}

    def units_done(self, image):
        """Units that a file of the image holds for good, in the campaign and in parts: at least so many arete must find."""
        done = set()
        for name in image:
            if re.fullmatch(self.campaign.replace(".h5", r"(\.part-\d+)?\.h5"), name):
                try:
                    done |= set(CampaignFile(self.study.path(name)).done().nonzero()[0])
                except (OSError, KeyError):  # of a part that was cut arete may read what h5py does not; a campaign is whole
                    if name == self.campaign:
                        raise
        return done

    def put(self, image):
        shutil.rmtree(self.study.path("out"), ignore_errors=True)
        for name, content in image.items():
            self.study.path(name).parent.mkdir(exist_ok=True)
            self.study.write(name, content)

    def try_image(self, instant, way, rng):
        image = self.image(instant, way, rng)
        self.put(image)
        described = f"{self.name}, instant {instant} of {self.record.instant}, {way}"
        status = self.study.arete("status", self.campaign)
        refused = status.returncode != 0
        assert status.returncode in (0, 1, 2) and len(status.stderr.splitlines()) == refused, (described, status)
        assert not refused or self.campaign not in image, (described, status.stderr)
        done = len(self.units_done(image)) if self.campaign in image else 0
        again = self.study.run(*self.sets)
        assert again.returncode == 0, (described, again)
        assert self.study.outcome(self.count) == self.outcome, (described, "other results")
        log = self.study.log()[len(image.get(self.log_name, b"").decode(errors="replace")) :]
        counts = re.findall(r"permutations(?:, pass[^:]*)?: \d+, of them (\d+) done", log)
        said = self.count if re.search("permutations: all (.* )?are done", log) else max(map(int, counts), default=0)
        assert said >= done * UNIT, (described, done, said)
        left = {path.name for path in self.study.path("out").iterdir()} - OUTPUTS
        assert not left, (described, left)
        self.met["no campaign yet" if self.campaign not in image else f"{done} units"] += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1, help="the same one makes the same images of the same record")
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    scenes = [Scene("creation", HALF), Scene("extension", COUNT, before=HALF), Scene("two ranks", COUNT, ranks=2)]
    if METHOD == "orbits":
        scenes += [Scene("passes", COUNT, "run.passes=3"), Scene("two ranks in passes", COUNT, "run.passes=2", ranks=2),
                   Scene("associate", COUNT, before=HALF, kind=Associations)]
    try:
        for number in range(arguments.images):
            scene = scenes[number % len(scenes)]
            way = list(WAYS)[number // len(scenes) % len(WAYS)]
            scene.try_image(scene.record.any_instant(scene.campaign, rng), way, rng)
    except AssertionError:
        kept = Path("crash-failed").absolute()
        shutil.copytree(scene.study.folder, kept, dirs_exist_ok=True)
        print(f"image {number}: what was found is kept in {kept}", file=sys.stderr)
        raise
    finally:
        for one in scenes:
            print(f"{one.name}: {one.record.instant} calls recorded, {sum(one.met.values())} images; campaigns that were found: {dict(sorted(one.met.items()))}")
            one.study.remove()


if __name__ == "__main__":
    main()
