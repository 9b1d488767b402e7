#!/usr/bin/python3
"""The checks of this folder on small made-up trees: each fault is found and named, and what is right passes.

    tests/house/checks.py
"""
import tempfile
import unittest
from pathlib import Path

import layers
import names
import paths
import sizes

CMAKE = """\
arete_room(base USES Threads::Threads m)
arete_room(config USES arete_base PkgConfig::YAML m)
arete_room(model/stats USES arete_base m) # a comment: arete_room(comment USES arete_base)
arete_room(model/ridge USES arete_model_stats PkgConfig::OPENBLAS)
add_library(arete_model INTERFACE)
target_link_libraries(arete_model INTERFACE arete_model_stats
  arete_model_ridge)
arete_room(cli USES arete_config arete_model)
"""
SOURCES = {
    "src/main.c": '#include "cli/command.h"\n',
    "src/base/error.h": "#include <stddef.h>\n",
    "src/config/study.c": '#include "base/error.h"\n#include <yaml.h>\n',
    "src/model/stats/random.c": "# include <Random123/philox.h>\n",
    "src/model/ridge/ridge.h": "",
    "src/model/ridge/ridge.c": '#include "model/ridge/ridge.h"\n#include <cblas.h>\n#include "base/error.h"\n',
    "src/cli/command.h": '#include "model/ridge/ridge.h"\n',
    "tests/unit/model/ridge/ridge.c": "",
    "tests/oracle/ridge.py": "import numpy\n",
}


class Tree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="arete-house-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.write("CMakeLists.txt", CMAKE)
        for name, text in SOURCES.items():
            self.write(name, text)

    def write(self, name, text):
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text)

    def cmake(self, old, new):
        self.write("CMakeLists.txt", CMAKE.replace(old, new))

    def include(self, file, header):
        self.write(file, SOURCES[file] + f"#include {header}\n")


class Layers(Tree):
    def assert_wrong(self, *expected):
        self.assertEqual(layers.check(self.folder)[1], list(expected))

    def test_right(self):
        self.assertEqual(layers.check(self.folder), (9, []))

    def test_a_room_above(self):
        self.include("src/config/study.c", '"model/ridge/ridge.h"')
        self.assert_wrong("src/config/study.c:3: includes model/ridge/ridge.h (config sees only: base config)")

    def test_main(self):
        self.include("src/main.c", '"config/study.h"')
        self.assert_wrong("src/main.c:2: includes config/study.h (main sees only: base cli)")

    def test_library_of_another_room(self):
        self.include("src/base/error.h", "<yaml.h>")
        self.assert_wrong("src/base/error.h:2: includes yaml.h (only for config)")

    def test_library_without_its_link(self):
        self.include("src/model/stats/random.c", "<cblas.h>")
        self.assert_wrong("src/model/stats/random.c:2: includes cblas.h (CMakeLists.txt does not name PkgConfig::OPENBLAS for model/stats)")

    def test_link_of_another_rooms_library(self):
        self.cmake("base USES", "base USES PkgConfig::YAML")
        self.assert_wrong("CMakeLists.txt: base uses PkgConfig::YAML, which is only for config")

    def test_circle(self):
        self.cmake("base USES", "base USES arete_cli")
        self.assert_wrong("CMakeLists.txt: base uses arete_cli, which is no room above it")

    def test_paths(self):
        self.include("src/model/ridge/ridge.c", '"ridge.h"')
        self.assert_wrong("src/model/ridge/ridge.c:4: includes ridge.h (not a path from src/)")
        self.include("src/model/ridge/ridge.c", '"../stats/random.h"')
        self.assert_wrong("src/model/ridge/ridge.c:4: includes ../stats/random.h (not a path from src/)")
        self.include("src/model/ridge/ridge.c", "HEADER")
        self.assert_wrong("src/model/ridge/ridge.c:4: includes #include HEADER (an include without a name cannot be checked)")

    def test_room_without_a_line(self):
        self.write("src/attic/old.c", '#include "base/error.h"\n')
        self.assert_wrong("src/attic: no arete_room(attic ...) in CMakeLists.txt",
                          "src/attic/old.c:1: includes base/error.h (its room is not known)")

    def test_line_without_a_room(self):
        self.cmake("arete_room(cli", "arete_room(attic USES arete_base)\narete_room(cli")
        self.assert_wrong("CMakeLists.txt: arete_room(attic ...), and no source in src/attic")


    def draw(self, *lines):
        self.write("docs/design.md", "\n".join(["# Rooms", "```mermaid", "flowchart TD", "  main --> cli", *lines, "```", ""]))

    def test_picture(self):
        arrows = ["  cli --> config & model", "  subgraph model", '    model_ridge["ridge"] --> model_stats', "  end", "  config & model_stats --> base"]
        self.draw(*arrows)
        self.assert_wrong()
        self.draw(*arrows[:-1], "  config & model_stats --> base", "  config --> model_ridge")
        self.assert_wrong("docs/design.md: the picture lets config use model/ridge, CMakeLists.txt does not",
                          "docs/design.md: the picture lets config use model/stats, CMakeLists.txt does not")
        self.draw(*arrows[:-1], "  model_stats --> base", "  config --> attic")
        self.assert_wrong("docs/design.md: the picture has attic, which is no room",
                          "docs/design.md: the picture does not let config use base, CMakeLists.txt does")


class Names(Tree):
    def assert_wrong(self, *expected):
        self.assertEqual(names.check(self.folder), list(expected))

    def test_right(self):
        self.assert_wrong()

    def test_source_twice(self):
        self.write("src/cli/ridge.c", "")
        self.assert_wrong("ridge is the name of src/cli/ridge, src/model/ridge/ridge")

    def test_test_twice(self):
        self.write("tests/faults/ridge.c", "")
        self.assert_wrong("ridge.c is the name of tests/faults/ridge.c, tests/unit/model/ridge/ridge.c")

    def test_no_such_room(self):
        self.write("tests/unit/model/lasso/lasso.c", "")
        self.assert_wrong("tests/unit/model/lasso: there is no src/model/lasso")

    def test_hop(self):
        self.write("tests/oracle/ridge.py", "import sys\nsys.path" + ".insert(0, '..')\n")
        self.assert_wrong("tests/oracle/ridge.py: changes sys.path (tests/README.md says how helpers are found)")


class Paths(Tree):
    def assert_wrong(self, *expected):
        self.assertEqual(paths.check(self.folder)[1], list(expected))

    def test_right(self):
        self.write("README.md", "# Read me\nSee `src/model/ridge/ridge.c`, model/ridge/ridge.h, ridge.h, [what](docs/design.md#the-mathematics),\n"
                                "unit tests tests/unit/ROOM/, model/ridge/*.c, mpi.h and results/mouse/run.log.\n")
        self.write("docs/design.md", "## The `mathematics`\n[up](../README.md)\n")
        self.write("src/config/study.c", "/* As model/ridge/ridge.c does. */\nint config/attic.c; /* not in a comment */\n")
        self.assert_wrong()

    def test_page(self):
        self.write("README.md", "first\nSee src/model/ridge.h, model/ridge/lasso.h.\n")
        self.assert_wrong("README.md:2: src/model/ridge.h: no such file", "README.md:2: model/ridge/lasso.h: no such file")

    def test_comment(self):
        self.write("src/config/study.c", "/* first\n * second: lasso.h */\n")
        self.write("tests/oracle/ridge.py", 'import numpy  # as tests/oracle/lasso.py\nname = "tests/oracle/none.py"\n')
        self.assert_wrong("src/config/study.c:2: lasso.h: no file of that name", "tests/oracle/ridge.py:1: tests/oracle/lasso.py: no such file")

    def test_link(self):
        self.write("README.md", "[a](docs/none.md) [b](docs/design.md#nowhere) [c](https://example.org/x.md)\n")
        self.write("docs/design.md", "## Somewhere\n")
        self.assert_wrong("README.md:1: docs/none.md: no such file", "README.md:1: docs/none.md: the link leads nowhere",
                          "README.md:1: docs/design.md#nowhere: the page has no such heading")


class Sizes(Tree):
    def measure(self):
        return sizes.measure(self.folder / "src")

    def test_functions(self):
        self.write("src/base/error.c", "int one(void)\n{\n    return 1;\n}\n\nstatic int two(int a,\n               int b)\n{\n    return a + b;\n}\n")
        self.assertEqual([size for _, size in sorted(self.measure().functions.items())], [4, 5])

    def test_parameters(self):
        self.write("src/base/error.h", "int none(void);\nvoid calls(int (*call)(int a, int b), double x[static 3],\n           int last);\n")
        self.assertEqual([count for _, count in sorted(self.measure().parameters.items())], [3, 0])

    def test_share(self):
        self.assertEqual([sizes.share([5, 1, 4, 2, 3], portion) for portion in (0.5, 0.9)], [3, 5])
        self.assertEqual(sizes.share(range(1, 11), 0.9), 9)


if __name__ == "__main__":
    unittest.main()
