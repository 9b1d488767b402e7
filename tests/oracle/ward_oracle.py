#!/usr/bin/python3
"""Ward parcels against scikit-learn: ward_oracle.py WARD_DRIVER ARETE.

scikit-learn joins the pieces of a mask, arete never does: so it is run on each piece alone. The trees must be the same merge by merge, ties
included, because every distance is computed in the same order in double; the heights are held to 1e-5 all the same, which is what is promised.
The lesion maps of ../shared are not part of a checkout: without them their test says that it was skipped.
"""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.cluster import AgglomerativeClustering, ward_tree
from sklearn.metrics import adjusted_rand_score

import nifti

LESIONS = Path(__file__).resolve().parents[3] / "shared" / "data" / "lesions"
AFFINE = np.array([[-3.0, 0, 0, 30], [0, 3, 0, -40], [0, 0, 3, -20], [0, 0, 0, 1]])


def touching(mask, neighbours):
    """Which voxels touch, voxels counted as in a NIfTI file (x fastest), from the differences of all their places."""
    places = np.argwhere(mask.T)[:, ::-1]
    number = np.full(np.add(mask.shape, 2), -1)
    number[tuple((places + 1).T)] = np.arange(len(places))
    rows, columns = [], []
    for step in np.ndindex(3, 3, 3):
        step = np.subtract(step, 1)
        if 0 < abs(step).sum() <= {6: 1, 18: 2, 26: 3}[neighbours]:
            other = number[tuple((places + 1 + step).T)]
            rows.append(np.flatnonzero(other >= 0))
            columns.append(other[other >= 0])
    rows, columns = np.concatenate(rows), np.concatenate(columns)
    return csr_matrix((np.ones(len(rows)), (rows, columns)), (len(places), len(places)))


def voxels(mask, images):
    """voxels x subjects, in the order of a NIfTI file."""
    return np.ascontiguousarray(images.transpose(2, 1, 0, 3)[mask.T])


def expected_trees(graph, values):
    """(voxels, children, heights) of each piece."""
    n_pieces, piece = connected_components(graph)
    for k in range(n_pieces):
        inside = np.flatnonzero(piece == k)
        if len(inside) > 1:
            children, _, _, _, heights = ward_tree(values[inside].astype(float), connectivity=graph[inside][:, inside],
                                                   return_distance=True)
            yield inside, np.array(children), heights


def tree_of_piece(children, n_voxels, inside):
    """The merges of one piece, its clusters counted as if it were alone, and which merges they are."""
    number = np.full(n_voxels + len(children), -1)
    number[inside] = np.arange(len(inside))
    merges = []
    for m, (a, b) in enumerate(children):
        if number[a] >= 0:
            number[n_voxels + m] = len(inside) + len(merges)
            merges.append(m)
    return number[children[merges]], np.array(merges)


class Ward(unittest.TestCase):
    def check_tree(self, graph, values, children, heights):
        n_merges = 0
        for inside, expected, expected_heights in expected_trees(graph, values):
            found, merges = tree_of_piece(children, len(values), inside)
            np.testing.assert_array_equal(found, expected)
            np.testing.assert_allclose(heights[merges], expected_heights, rtol=1e-5)
            n_merges += len(merges)
        self.assertEqual(n_merges, len(children))

    def drive(self, mask, values, neighbours):
        run = subprocess.run([DRIVER, *map(str, mask.shape), str(values.shape[1]), str(neighbours)],
                             input=mask.ravel(order="F").astype("u1").tobytes() + values.astype("<f4").tobytes(), capture_output=True,
                             check=True, timeout=120)
        n_merges = int(np.frombuffer(run.stdout, "<i8", 1)[0])
        children = np.frombuffer(run.stdout, "<u4", 2 * n_merges, 8).reshape(n_merges, 2).astype(int)
        return children, np.frombuffer(run.stdout, "<f8", n_merges, 8 + 8 * n_merges)

    def test_trees_of_raw_values(self):
        """Numbers of subjects around the lengths of blocks and half rows; masks full of holes, so of many pieces."""
        rng = np.random.default_rng(6)
        for n_subjects in (1, 2, 15, 17, 127, 128, 129, 300):
            for neighbours in (6, 18, 26):
                mask = rng.random((9, 8, 7)) < 0.6
                values = rng.normal(3, 1, (mask.sum(), n_subjects)).astype("f4")
                with self.subTest(n_subjects=n_subjects, neighbours=neighbours):
                    self.check_tree(touching(mask, neighbours), values, *self.drive(mask, values, neighbours))

    def test_ties(self):
        """Values 0, 1 and 2: thousands of pairs are equally close, many at height 0."""
        rng = np.random.default_rng(7)
        for n_subjects in (1, 4, 20):
            mask = rng.random((12, 11, 10)) < 0.8
            values = rng.integers(0, 3, (mask.sum(), n_subjects)).astype("f4")
            with self.subTest(n_subjects=n_subjects):
                self.check_tree(touching(mask, 6), values, *self.drive(mask, values, 6))

    def parcellate(self, folder, images, mask, *options):
        (folder / "parcels.yaml").write_text(f"images: {images}\nmask: {mask}\nstandardise: false\nparcels: [10, 100, 500]\noutput: out\n")
        subprocess.run([ARETE, "parcellate", "parcels.yaml", *options], cwd=folder, check=True, timeout=120, capture_output=True)

    def check_parcels(self, folder, mask, values):
        """K = 10, 100, 500 of every piece: exactly scikit-learn's parcels, with its heights."""
        graph = touching(mask, 6)
        n_pieces, piece = connected_components(graph)
        with h5py.File(folder / "out" / "tree.h5") as tree:
            self.check_tree(graph, values, tree["/merges/children"][:].astype(int), tree["/merges/height"][:])
        for k in (10, 100, 500):
            labels = nifti.read(folder / "out" / f"parcels-{k}.nii.gz")[0]
            self.assertEqual(np.count_nonzero(labels[~mask]), 0)
            labels = labels.T[mask.T]
            for p in range(n_pieces):
                inside = np.flatnonzero(piece == p)
                if len(inside) <= k:
                    self.assertEqual(len(set(labels[inside])), len(inside))
                    continue
                model = AgglomerativeClustering(k, linkage="ward", connectivity=graph[inside][:, inside]).fit(values[inside].astype(float))
                self.assertEqual(adjusted_rand_score(model.labels_, labels[inside]), 1.0)

    def test_parcels_of_made_images(self):
        rng = np.random.default_rng(8)
        mask = np.ones((14, 12, 10), bool)
        mask[8] = False  # two pieces
        images = np.stack([gaussian_filter(rng.normal(size=mask.shape), 1.5) for _ in range(25)], axis=-1).astype("f4")
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            nifti.write(folder / "mask.nii.gz", mask, AFFINE, "uint8")
            nifti.write(folder / "images.nii.gz", images, AFFINE)
            self.parcellate(folder, "images.nii.gz", "mask.nii.gz", "--set", "per_piece=true")
            self.check_parcels(folder, mask, voxels(mask, images))

    def test_large_means_of_doubles(self):
        """Means of a million, spread 1.7: float32 steps are 0.06 there. As they stand the images differ in their means, or else the voxels do."""
        rng = np.random.default_rng(9)
        mask = np.ones((14, 12, 10), bool)
        smooth = np.stack([gaussian_filter(rng.normal(size=mask.shape), 1) for _ in range(25)], axis=-1)
        smooth *= 1.7 / smooth.std()
        for standardise, means in ((False, 1e6 + rng.normal(0, 1e4, 25)), (True, 1e6 + rng.normal(0, 1e4, mask.shape + (1,)))):
            images = smooth + means
            values = voxels(mask, images)
            if standardise:
                values = (values - values.mean(1, keepdims=True)) / values.std(1, keepdims=True)
            graph = touching(mask, 6)
            with self.subTest(standardise=standardise), tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                nifti.write(folder / "mask.nii.gz", mask, AFFINE, "uint8")
                nifti.write(folder / "images.nii.gz", images, AFFINE, "float64")
                self.parcellate(folder, "images.nii.gz", "mask.nii.gz", "--set", f"standardise={str(standardise).lower()}")
                labels = nifti.read(folder / "out" / "parcels-100.nii.gz")[0].T[mask.T]
                model = AgglomerativeClustering(100, linkage="ward", connectivity=graph).fit(values)
                self.assertGreater(adjusted_rand_score(model.labels_, labels), 0.99)

    @unittest.skipUnless(LESIONS.is_dir(), "no lesion maps in ../shared/data/lesions")
    def test_parcels_of_lesions(self):
        mask = nifti.read(LESIONS / "mask_4mm.nii.gz")[0] != 0
        images = nifti.read(LESIONS / "lesions_4mm.nii.gz")[0]
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            self.parcellate(folder, LESIONS / "lesions_4mm.nii.gz", LESIONS / "mask_4mm.nii.gz", "--set", "per_piece=true")
            self.check_parcels(folder, mask, voxels(mask, images))


if __name__ == "__main__":
    DRIVER, ARETE = map(lambda path: str(Path(path).absolute()), sys.argv[1:3])
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
