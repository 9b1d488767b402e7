"""A campaign file read by other means than arete's own: which units are done, from the bytes and their CRC-32C."""
from pathlib import Path

import h5py
import numpy as np


def crc_table() -> np.ndarray:
    """CRC-32C (Castagnoli, reflected) of every byte."""
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(0x82F63B78), table >> 1)
    return table.astype(np.uint32)


TABLE = crc_table()


def crc32c(pieces: np.ndarray) -> np.ndarray:
    """The CRC-32C of each row of bytes, all rows at once, byte by byte."""
    crc = np.full(len(pieces), 0xFFFFFFFF, dtype=np.uint32)
    for column in np.ascontiguousarray(pieces.T):
        crc = TABLE[(crc ^ column) & 0xFF] ^ (crc >> 8)
    return crc ^ np.uint32(0xFFFFFFFF)


def crc32c_of(data: bytes) -> np.uint32:
    """Of one long run of bytes, for which numpy's way is slow."""
    table, crc = TABLE.tolist(), 0xFFFFFFFF
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return np.uint32(crc ^ 0xFFFFFFFF)


assert crc32c_of(b"123456789") == 0xE3069283
assert crc32c(np.frombuffer(b"123456789", dtype=np.uint8)[None, :])[0] == 0xE3069283


def with_units_of(file: h5py.File, unit: int, width: int | None = None) -> None:
    """Gives the campaign units of another size: so many permutations, or orbits of so many targets (None: of all). None of them is done."""
    block = file["permutation/block"].attrs
    count, n_targets = int(block["count"]), int(block["T"])
    shifts, slices, rows, row_scores = 1, 1, unit, n_targets
    if "permutation/method" in file:
        method = file["permutation/method"].attrs
        width, shifts = width or n_targets, int(method["shifts"])
        slices, rows, row_scores = -(-n_targets // width), unit * width, shifts
        method.modify("slice", np.int64(width))
    block.modify("G", np.int64(unit))
    units = -(-(-(-count // shifts)) // unit) * slices
    for path, shape, kind in (("null/score", (units * rows, row_scores), "<f4"), ("null/tolerance", (slices * (width or 1),), "<f8"), ("null/unit_crc", (units,), "<u4")):
        if path in file:
            del file[path]
            file.create_dataset(path, data=np.zeros(shape, dtype=kind))


class CampaignFile:
    """A campaign or a part. Where the scores and CRCs stand; every look reads the bytes anew."""

    def __init__(self, path: Path):
        self.path = Path(path)
        with h5py.File(path, "r") as file:
            attributes = (file["permutation/block"] if "permutation/block" in file else file).attrs  # a part has them at its root
            self.count, self.unit_draws, self.n_targets = int(attributes["count"]), int(attributes["G"]), int(attributes["T"])
            self.n_units, row_scores = file["null/unit_crc"].shape[0], file["null/score"].shape[1]
            self.score_offset = file["null/score"].id.get_offset()
            self.crc_offset = file["null/unit_crc"].id.get_offset()
            self.shifts, self.slices, self.tolerance_offset, slice_targets = 1, 1, None, 1
            if "permutation/method" in file:  # orbits
                method = file["permutation/method"].attrs
                self.shifts, slice_targets = int(method["shifts"]), int(method["slice"])
                self.slices = -(-self.n_targets // slice_targets)
                self.tolerance_offset = file["null/tolerance"].id.get_offset()
        self.tolerance_bytes = 8 * slice_targets
        self.unit_bytes = self.unit_draws * slice_targets * row_scores * 4

    @property
    def unit_permutations(self) -> float:
        return self.unit_draws * self.shifts / self.slices

    def units_of(self, count: int) -> int:
        """Units that so many permutations take: of G each, or of G orbits for every slice of the targets."""
        return -(-(-(-count // self.shifts)) // self.unit_draws) * self.slices

    def made_of(self, count: int) -> int:
        """The permutations that a study gets that asks for so many."""
        return -(-count // self.shifts) * self.shifts

    def _bytes(self, offset: int, count: int) -> bytes:
        with open(self.path, "rb") as file:
            file.seek(offset)
            return file.read(count)

    def crcs(self) -> np.ndarray:
        return np.frombuffer(self._bytes(self.crc_offset, 4 * self.n_units), dtype="<u4")

    def score_bytes(self, n_units: int | None = None) -> bytes:
        """Whole units, as they stand in the file."""
        return self._bytes(self.score_offset, (self.n_units if n_units is None else n_units) * self.unit_bytes)

    def _crcs_of_rows(self) -> np.ndarray:
        """What the CRCs should be: of a unit's rows and, in the first orbit, of its tolerances behind them."""
        rows = np.frombuffer(self.score_bytes(), dtype=np.uint8).reshape(self.n_units, self.unit_bytes)
        if self.tolerance_offset is None:
            return crc32c(rows)
        first = min(self.slices, self.n_units)
        tolerances = np.frombuffer(self._bytes(self.tolerance_offset, first * self.tolerance_bytes), dtype=np.uint8)
        with_tolerances = np.hstack([rows[:first], tolerances.reshape(first, self.tolerance_bytes)])
        return np.concatenate([crc32c(with_tolerances), crc32c(rows[first:])])

    def done(self) -> np.ndarray:
        """Of every unit: whether its CRC is that of its rows. CRCs are read first, as a run may be saving."""
        stored = self.crcs()
        found = self._crcs_of_rows()
        return (stored != 0) & (stored == np.where(found == 0, 1, found))

    def flip(self, offset: int, bit: int = 0) -> None:
        with open(self.path, "r+b") as file:
            file.seek(offset)
            old = file.read(1)[0]
            file.seek(offset)
            file.write(bytes([old ^ 1 << bit]))

    def flip_row(self, unit: int) -> None:
        self.flip(self.score_offset + unit * self.unit_bytes + self.unit_bytes // 2, 3)

    def flip_crc(self, unit: int) -> None:
        self.flip(self.crc_offset + 4 * unit + 1, 5)

    def forge(self, unit: int) -> bytes:
        """Other rows with the CRC that is theirs: they look finished, and stay exactly as long as nobody computes them again."""
        rows = (np.arange(self.unit_bytes) % 251).astype(np.uint8)
        rows.view("<f4")[:] = np.linspace(-1, 0, self.unit_bytes // 4, dtype="<f4")
        with open(self.path, "r+b") as file:
            file.seek(self.score_offset + unit * self.unit_bytes)
            file.write(rows.tobytes())
            file.seek(self.crc_offset + 4 * unit)
            file.write(crc32c(rows[None, :]).astype("<u4").tobytes())
        return rows.tobytes()
