"""NIfTI images without nibabel, for the scripts beside it and the tests: any numeric type, byte order and version, with numpy alone."""
import gzip
import struct
from pathlib import Path

import numpy as np

CODES = {"uint8": 2, "int16": 4, "int32": 8, "float32": 16, "complex64": 32, "float64": 64, "rgb24": 128, "int8": 256, "uint16": 512,
         "uint32": 768, "int64": 1024, "uint64": 1280}
NAMES = {code: name for name, code in CODES.items()}


def header(shape, affine, dtype="float32", *, order="<", version=1, slope=0.0, intercept=0.0, sform=4, qform=0, quaternion=(0, 0, 0, 0, 0, 0),
           offset=None, magic=None, description=""):
    """The bytes up to the first voxel. `quaternion` is b, c, d and the three offsets."""
    pixdim = [1.0, *np.linalg.norm(np.asarray(affine)[:3, :3], axis=0), *[1.0] * 4]
    dim = [len(shape), *shape, *[1] * (7 - len(shape))]
    code, bits = CODES[dtype], 24 if dtype == "rgb24" else np.dtype(dtype).itemsize * 8
    rows = np.asarray(affine, float)[:3].ravel()
    if version == 1:
        offset = 352 if offset is None else offset
        data = struct.pack(order + "i35xB8h14xhhh8ffffhBBffffii", 348, 0, *dim, code, bits, 0, *pixdim, offset, slope, intercept, 0, 0, 2,
                           0, 0, 0, 0, 0, 0)
        data += struct.pack(order + "80s24shh6f12f16s4s", description.encode(), b"", qform, sform, *quaternion, *rows, b"",
                            b"n+1" if magic is None else magic)
        assert len(data) == 348
        return data + b"\0" * (int(offset) - 348 if 348 <= offset < 1e6 else 4)
    offset = 544 if offset is None else offset
    data = struct.pack(order + "i8shh8q3d8dqddddddqq80s24sii6d12diii16sB15x", 540, b"n+2\0\r\n\x1a\n" if magic is None else magic, code, bits, *dim,
                       0, 0, 0, *pixdim, offset, slope, intercept, 0, 0, 0, 0, 0, 0, description.encode(), b"", qform, sform, *quaternion,
                       *rows, 0, 2, 0, b"", 0)
    assert len(data) == 540
    return data + b"\0" * (int(offset) - 540 if 540 <= offset < 1e6 else 4)


def encode(values, affine, dtype="float32", *, order="<", **options):
    """A whole file: `values` as they are stored, that is before slope and intercept."""
    stored = np.asarray(values).astype(np.dtype(dtype).newbyteorder(order)) if dtype != "rgb24" else np.asarray(values, np.uint8)
    return header(np.shape(values), affine, dtype, order=order, **options) + stored.tobytes(order="F")


def write(path, values, affine, dtype="float32", **options):
    data = encode(values, affine, dtype, **options)
    Path(path).write_bytes(gzip.compress(data, 1, mtime=0) if str(path).endswith(".gz") else data)


def read(path):
    """Values as float64 with slope and intercept, the affine (sform), and the description: little-endian NIfTI-1."""
    data = Path(path).read_bytes()
    data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    assert struct.unpack_from("<i", data)[0] == 348 and data[344:348] == b"n+1\0", path
    dim, (code,) = struct.unpack_from("<8h", data, 40), struct.unpack_from("<h", data, 70)
    offset, slope, intercept = struct.unpack_from("<3f", data, 108)
    shape = dim[1:1 + dim[0]]
    values = np.frombuffer(data, np.dtype(NAMES[code]).newbyteorder("<"), int(np.prod(shape)), int(offset)).reshape(shape, order="F")
    affine = np.vstack([np.array(struct.unpack_from("<12f", data, 280)).reshape(3, 4), [0, 0, 0, 1]])
    scaled = values * float(slope) + float(intercept) if slope else values.astype(float)
    return scaled, affine, data[148:228].rstrip(b"\0").decode()
