#!/usr/bin/python3
"""The quick start with images: scripts/brain-data.py, configs/brain.yaml with fewer permutations, scripts/map-picture.py. The regions that
stand out are those that were given a genetic signal, and no others.

    tests/cli/brain.py
"""
import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml
import zlib
from pathlib import Path

import h5py
import numpy as np

import nifti
from support.browser import CHROMIUM, Browser
from support.tiny_study import ARETE

ROOT = Path(__file__).resolve().parents[2]


SIGNAL = {"1_Precentral_L", "30_Insula_R", "45_Cuneus_L", "86_Temporal_Mid_R"}


@unittest.skipUnless(Path("/usr/share/mricron/templates/aal.nii.gz").exists(), "mricron-data is not installed")
class Brain(unittest.TestCase):
    def test_from_images_to_a_picture(self):
        folder = Path(tempfile.mkdtemp(prefix="arete-brain-"))
        self.addCleanup(shutil.rmtree, folder)

        def run(*command):
            subprocess.run([*map(str, command)], cwd=folder, env={**os.environ, "ARETE": str(ARETE)}, check=True, capture_output=True, timeout=120)

        run(sys.executable, ROOT / "scripts" / "brain-data.py", "--folder", folder / "data" / "brain")
        run(ARETE, "run", ROOT / "configs" / "brain.yaml", "--set", "permutations.count=100")
        lines = [line.split("\t") for line in (folder / "results/brain/results.tsv").read_text().splitlines()]
        rows = {line[0]: dict(zip(lines[0], line)) for line in lines[1:]}
        self.assertEqual(len(rows), 116)
        self.assertEqual({name for name, row in rows.items() if float(row["p_fwer"]) < 0.05}, SIGNAL)
        values, affine, _ = nifti.read(folder / "results/brain/maps/logp_fwer.nii.gz")
        x_mm = [(affine @ [*voxel, 1])[0] for voxel in np.argwhere(values > 1.3)]
        self.assertTrue(min(x_mm) < -20 and max(x_mm) > 20, "regions on both sides")
        self.check_report(folder / "results/brain")
        run(sys.executable, ROOT / "scripts" / "map-picture.py", "results/brain/maps/logp_fwer.nii.gz", "picture.svg")
        self.check_picture((folder / "picture.svg").read_text())

    def check_report(self, folder):
        """Slices of r2, p_fwer and penalty over one mean image, from the campaign alone; none of a campaign that does not tell where targets lie."""
        text = (folder / "report.html").read_text()
        pictures = re.findall(r'<image [^>]*href="data:image/png;base64,([^"]*)"', text)
        self.assertEqual(len(pictures), 4)
        mean, r2, p, _ = (self.palette_pixels(base64.b64decode(picture)) for picture in pictures)
        self.assertGreater((mean > 60).mean(), 0.2)
        faded, full = ((p > 0) & (p <= 127)).sum(), (p > 127).sum()  # docs: those that are not found are faded
        self.assertTrue(100 < full < 0.1 * p.size, full)
        self.assertEqual(full, (r2 > 127).sum())
        self.assertGreater((r2 > 0).sum(), full)
        self.assertIn("Where r<sup>2</sup> is 0 or less, or p<sub>fwer</sub> is 1, there is no colour.", text)
        self.assertGreater(faded, 0)
        if CHROMIUM and 'id="viewer"' in text:
            self.check_viewer(folder / "report.html")
        with h5py.File(folder / "campaign.h5", "r+") as campaign:
            del campaign["maps"]
        subprocess.run([ARETE, "report", folder / "campaign.h5"], check=True, capture_output=True)
        self.assertIn("does not say which voxels", (folder / "report.html").read_text())

    def check_viewer(self, path):
        """It draws found regions in colour, which a slider fades; opens at one of them; asks for nothing; and says when it cannot."""
        warm = """(() => { const viewer = window.areteViewer, gl = viewer.gl, width = gl.drawingBufferWidth, height = gl.drawingBufferHeight;
            const pixels = new Uint8Array(4 * width * height);
            viewer.drawScene();
            gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
            return pixels.reduce((sum, red, k) => sum + (k % 4 === 0 && red > pixels[k + 2] + 60), 0); })()"""
        opened = """new Promise((done) => { const said = document.getElementById('viewer-said'), frame = document.getElementById('viewer');
            new MutationObserver(() => { if (frame.dataset.ready || said.textContent.startsWith('T')) done(said.textContent); })
                .observe(frame, {attributes: true, subtree: true, childList: true});
            document.getElementById('viewer-open').click(); })"""
        with Browser() as browser:
            page = browser.open(path)
            self.assertEqual(page.evaluate(opened), "")
            self.assertRegex(page.evaluate("document.querySelector('#viewer p.small').textContent"), " mm · ({}) · r2 ".format("|".join(SIGNAL)))
            drawn = page.evaluate(warm)
            page.evaluate("(() => { const slider = document.querySelectorAll('#viewer input')[1]; slider.value = 0; slider.dispatchEvent(new Event('input')); })()")
            self.assertGreater(drawn - page.evaluate(warm), 1000)
            self.assertEqual((page.requests, page.complaints), ([path.resolve().as_uri()], []))
            page = browser.open(path)
            page.evaluate("HTMLCanvasElement.prototype.getContext = () => null")
            self.assertIn("no WebGL2", page.evaluate(opened))

    def palette_pixels(self, png):
        width, height = (int.from_bytes(png[at:at + 4], "big") for at in (16, 20))
        start = png.index(b"IDAT") + 4
        size = int.from_bytes(png[start - 8:start - 4], "big")
        return np.frombuffer(zlib.decompress(png[start:start + size]), np.uint8).reshape(height, 1 + width)[:, 1:]

    def check_picture(self, text):
        """SVG with a PNG of grey slices, some of whose pixels have colour."""
        images = [node for node in xml.fromstring(text).iter() if node.tag.endswith("image")]
        png = base64.b64decode(re.match("data:image/png;base64,(.*)", images[0].attrib["href"]).group(1))
        width, height = (int.from_bytes(png[at:at + 4], "big") for at in (16, 20))
        start = png.index(b"IDAT") + 4
        size = int.from_bytes(png[start - 8:start - 4], "big")
        pixels = np.frombuffer(zlib.decompress(png[start:start + size]), np.uint8).reshape(height, 1 + 3 * width)[:, 1:].reshape(height, width, 3)
        coloured = pixels[..., 0] != pixels[..., 2]
        self.assertGreater(coloured.sum(), 500)
        self.assertLess(coloured.mean(), 0.1)
        self.assertGreater((pixels[..., 0] > 0).mean(), 0.3)


if __name__ == "__main__":
    unittest.main()
