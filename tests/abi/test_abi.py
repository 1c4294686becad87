# SPDX-License-Identifier: MIT
"""Each kind of change of an interface is found, and what can't be judged is skipped."""
import contextlib
import io
import pathlib
import subprocess
import tempfile
import unittest

import abi

HEADER = """
#define FLYWHEEL_EXPORT __attribute__((visibility("default")))
namespace Flywheel {
enum class Mode { Auto, Owner };
/// A comment names internalHook().
struct Options
{
    int count = 0;
    Mode mode = Mode::Auto;
};
class FLYWHEEL_EXPORT Loop
{
public:
    virtual ~Loop();
    virtual int pass();
    int depth() const;

private:
    long m_id = 0;
};
FLYWHEEL_EXPORT int start(const Options &options = {});
}
"""
SOURCE = """
#include "options.h"
namespace Flywheel {
Loop::~Loop() = default;
int Loop::pass() { return 1; }
int Loop::depth() const { return 0; }
int start(const Options &) { return 0; }
}
"""


class AbiTest(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        self.root = pathlib.Path(self.scratch.name)

    def run_abi(self, *options, header=HEADER, source=SOURCE, version="0.1", made_with="GNU", debug=True):
        """The exit code and what was printed, for a library of this header and source."""
        (self.root / "options.h").write_text(header, encoding="utf-8")
        (self.root / "library.cpp").write_text(source, encoding="utf-8")
        (self.root / "layouts.cpp").write_text('#include "options.h"\n', encoding="utf-8")
        flags = ["g++", "-std=c++20", "-fPIC", "-fvisibility=hidden"]
        layouts = ["-g", "-fno-eliminate-unused-debug-types", "-femit-class-debug-always"] if debug else []
        for command in ([*flags, "-shared", "library.cpp", "-o", "library.so"],
                        [*flags, *layouts, "-c", "layouts.cpp", "-o", "layouts.o"]):
            subprocess.run(command, check=True, cwd=self.root)
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            code = abi.main(["--baseline", f"{self.root}/interface.txt", "--version", version, "--made-with", made_with,
                             "--headers", str(self.root), "--layouts", f"{self.root}/layouts.o", f"{self.root}/library.so",
                             *options])
        return code, printed.getvalue()

    def assert_found(self, line, before, after, source=SOURCE):
        """A change of the header fails, and the difference has the line."""
        self.assertEqual(self.run_abi("--update")[0], 0)
        self.assertIn(before, HEADER)
        code, printed = self.run_abi(header=HEADER.replace(before, after), source=source)
        self.assertEqual(code, 1)
        self.assertIn(line, printed.splitlines())
        self.assertIn("./dev abi --update", printed)

    def test_same(self):
        self.run_abi("--update")
        self.assertEqual(self.run_abi(), (0, "the interface is that of 0.1\n"))

    def test_comments_and_code_that_is_hidden_are_free(self):
        self.run_abi("--update")
        self.assertEqual(self.run_abi(header="// more\n" + HEADER, source=SOURCE + "int hidden() { return 0; }\n")[0], 0)

    def test_added_member(self):
        self.assert_found("+     8 bool more", "Mode::Auto;", "Mode::Auto;\n    bool more = false;")

    def test_member_in_the_room_between_others(self):
        self.run_abi("--update", header=HEADER.replace("int count", "char count"))
        code, printed = self.run_abi(header=HEADER.replace("int count = 0;", "char count = 0;\n    bool more = false;"))
        self.assertEqual(code, 1)
        self.assertIn("+     1 bool more", printed.splitlines())

    def test_private_member(self):
        self.assert_found("+    16 long int m_more", "long m_id = 0;", "long m_id = 0;\n    long m_more = 0;")

    def test_enumerator(self):
        self.assert_found("+       Hosted = 0", "{ Auto, Owner }", "{ Hosted, Auto, Owner }")

    def test_virtual_function(self):
        self.assert_found("+       virtual 3: int more()", "virtual int pass();",
                          "virtual int pass();\n    virtual int more() { return 0; }")

    def test_result(self):
        self.assert_found("+options.h: long start(const Options &options = {})", "EXPORT int start", "EXPORT long start",
                          SOURCE.replace("int start", "long start"))

    def test_result_of_a_member(self):
        self.assert_found("+       function long int depth()", "int depth() const", "long depth() const",
                          SOURCE.replace("int Loop::depth", "long Loop::depth"))

    def test_default_argument(self):
        self.assert_found("+options.h: int start(const Options &options)", "&options = {}", "&options")

    def test_missing_function(self):
        self.assert_found("-Flywheel::start(Flywheel::Options const&)", "FLYWHEEL_EXPORT int start", "int start")

    def test_export_that_no_header_has(self):
        self.run_abi("--update")
        hook = '__attribute__((visibility("default"))) void internalHook() {}\n'
        code, printed = self.run_abi(source=SOURCE + f"namespace Flywheel {{ {hook} }}\n")
        self.assertEqual(code, 1)
        self.assertIn("+== library.so exports for Flywheel's other libraries\n+Flywheel::internalHook()\n", printed)

    def test_another_minor_version_needs_its_own(self):
        self.run_abi("--update")
        code, printed = self.run_abi(version="0.2")
        self.assertEqual(code, 1)
        self.assertIn("./dev abi --update", printed)

    def test_another_compiler_is_skipped(self):
        self.run_abi("--update")
        code, printed = self.run_abi(made_with="Clang", header=HEADER.replace("int count", "long count"))
        self.assertEqual(code, abi.SKIPPED)
        self.assertIn("SKIPPED", printed)

    def test_no_debugging_information_is_skipped(self):
        self.run_abi("--update")
        self.assertEqual(self.run_abi(debug=False)[0], abi.SKIPPED)
        self.assertEqual(self.run_abi("--update", debug=False)[0], abi.SKIPPED)

    def test_no_baseline_is_a_failure(self):
        (self.root / "interface.txt").write_text("", encoding="utf-8")
        with self.assertRaises(SystemExit):
            self.run_abi()


if __name__ == "__main__":
    unittest.main()
