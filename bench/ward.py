#!/usr/bin/python3
"""Ward parcels: time and memory of model/parcels/ward against scikit-learn, on the same made-up values in the same run.

    bench/ward.py build/release/tests/oracle/ward_driver                              # 50,000 voxels x 1,500 subjects to 1,000 parcels
    bench/ward.py build/release/tests/oracle/ward_driver --voxels 12000 --subjects 300 --neighbours 26

A ball of voxels; smooth signal plus noise. Timed is what turns values and neighbours into merges: ward_build (all merges) and
AgglomerativeClustering.fit (as many merges as the parcels need), each in a process of its own whose peak memory is read. The merges and their
heights are compared.
"""
import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from scipy.ndimage import uniform_filter

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "oracle"))


def make_values(folder, n_voxels, n_subjects):
    side = int(np.ceil((n_voxels * 6 / np.pi) ** (1 / 3))) + 3
    distance = sum((axis - (side - 1) / 2) ** 2 for axis in np.indices((side,) * 3)).ravel(order="F")
    mask = np.zeros(side**3, bool)
    mask[np.argsort(distance, kind="stable")[:n_voxels]] = True
    mask = mask.reshape((side,) * 3, order="F")
    rng = np.random.default_rng(1)
    values = np.empty((n_voxels, n_subjects), "f4")
    inside = mask.ravel(order="F")
    for s in range(n_subjects):
        smooth = uniform_filter(uniform_filter(rng.standard_normal(mask.shape, dtype="f4"), 5), 5)
        image = smooth / smooth.std() + rng.standard_normal(mask.shape, dtype="f4")
        values[:, s] = image.ravel(order="F")[inside]
    np.save(folder / "mask.npy", mask)
    np.save(folder / "values.npy", values)
    (folder / "input").write_bytes(mask.ravel(order="F").astype("u1").tobytes() + values.tobytes())
    return mask


def scikit_learn(folder, n_parcels, neighbours):
    """In a process of its own."""
    from sklearn.cluster import AgglomerativeClustering
    from ward_oracle import touching

    graph = touching(np.load(folder / "mask.npy"), neighbours)
    values = np.load(folder / "values.npy")
    begin = time.perf_counter()
    model = AgglomerativeClustering(n_parcels, linkage="ward", connectivity=graph, compute_distances=True).fit(values)
    seconds = time.perf_counter() - begin
    np.savez(folder / "scikit.npz", children=model.children_, heights=model.distances_)
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def arete(driver, folder, shape, n_subjects, neighbours):
    """Seconds, peak KB, children, heights."""
    command = [driver, *map(str, shape), str(n_subjects), str(neighbours)]
    with open(folder / "input", "rb") as source, open(folder / "merges", "wb") as merges:
        run = subprocess.run(["/usr/bin/env", "python3", "-c", MEASURED, *command], stdin=source, stdout=merges, stderr=subprocess.PIPE, check=True,
                             text=True)
    seconds, kilobytes = run.stderr.split()
    data = (folder / "merges").read_bytes()
    n = int(np.frombuffer(data, "<i8", 1)[0])
    return float(seconds), int(kilobytes), np.frombuffer(data, "<u4", 2 * n, 8).reshape(n, 2), np.frombuffer(data, "<f8", n, 8 + 8 * n)


# The peak of a child of a small process: a child of this one would begin with this one's memory.
MEASURED = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); "
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("driver", help="tests/oracle/ward_driver of a build")
    parser.add_argument("--voxels", type=int, default=50000)
    parser.add_argument("--subjects", type=int, default=1500)
    parser.add_argument("--parcels", type=int, default=1000)
    parser.add_argument("--neighbours", type=int, choices=(6, 18, 26), default=6)
    parser.add_argument("--scikit", metavar="FOLDER", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.scikit:
        scikit_learn(Path(options.scikit), options.parcels, options.neighbours)
        return
    with tempfile.TemporaryDirectory(prefix="arete-ward-") as name:
        folder = Path(name)
        shape = make_values(folder, options.voxels, options.subjects).shape
        seconds, kilobytes, children, heights = arete(options.driver, folder, shape, options.subjects, options.neighbours)
        run = subprocess.run([sys.executable, *sys.argv, "--scikit", name], capture_output=True, check=True, text=True)
        scikit_seconds, scikit_kilobytes = map(float, run.stdout.split())
        expected = np.load(folder / "scikit.npz")
        n = len(expected["children"])
        same = np.array_equal(children[:n], expected["children"])
        difference = np.max(np.abs(heights[:n] - expected["heights"]) / expected["heights"])
    print(f"{options.voxels} voxels x {options.subjects} subjects, {options.neighbours} neighbours, {options.parcels} parcels\n"
          f"arete          {seconds:7.2f} s {kilobytes / 1024:8.0f} MiB (all {len(children)} merges)\n"
          f"scikit-learn   {scikit_seconds:7.2f} s {scikit_kilobytes / 1024:8.0f} MiB ({n} merges)\n"
          f"times faster   {scikit_seconds / seconds:7.1f}\n"
          f"merges {'are the same' if same else 'DIFFER'}; largest relative difference of a height {difference:.1g}")


if __name__ == "__main__":
    main()
