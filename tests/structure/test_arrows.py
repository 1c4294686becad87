# SPDX-License-Identifier: MIT
"""Each rule of arrows.py refuses what it should."""
import pathlib
import tempfile
import unittest

import arrows


class ArrowsTest(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        self.root = pathlib.Path(self.scratch.name)

    def complaints(self, name, text):
        path = self.root / "dispatcher" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return list(arrows.complaints(self.root))

    def test_arrow_is_allowed(self):
        self.assertEqual(self.complaints("poller/a.h", '#include "base/clock.h"\n#include <flywheel/options.h>\n'), [])

    def test_poller_must_not_use_timers(self):
        self.assertEqual(len(self.complaints("poller/a.h", '#include "timers/timerqueue.h"\n')), 1)

    def test_timers_must_not_use_poller(self):
        self.assertEqual(len(self.complaints("timers/a.cpp", '#  include "poller/poller.h"\n')), 1)

    def test_base_must_not_use_the_core(self):
        self.assertEqual(len(self.complaints("base/a.h", '#include "pass/notifiertable.h"\n')), 1)

    def test_timers_must_not_use_qobject(self):
        self.assertEqual(len(self.complaints("timers/a.h", "#include <QtCore/qobject.h>\n")), 1)

    def test_base_may_use_qtglobal_only(self):
        self.assertEqual(self.complaints("base/a.h", "#include <QtCore/qglobal.h>\n"), [])
        self.assertEqual(len(self.complaints("base/a.h", "#include <QtCore/qstring.h>\n")), 1)

    def test_notifier_table_must_not_use_timers(self):
        self.assertEqual(len(self.complaints("pass/notifiertable.h", '#include "timers/timerqueue.h"\n')), 1)
        self.assertEqual(len(self.complaints("pass/notifiertable.h", '#include "pass/passsteps.h"\n')), 1)

    def test_private_qt_headers(self):
        self.assertEqual(len(self.complaints("core/a.cpp", "#include <QtCore/private/qthread_p.h>\n")), 1)
        self.assertEqual(len(self.complaints("core/a.cpp", "#include <private/qthread_p.h>\n")), 1)
        (self.root / "dispatcher/core/a.cpp").unlink()
        self.assertEqual(self.complaints("hosting/modules/a.cpp", "#include <QtGui/private/qguiapplication_p.h>\n"), [])

    def test_public_headers_use_public_headers_only(self):
        self.assertEqual(len(self.complaints("include/flywheel/a.h", '#include "base/clock.h"\n')), 1)

    def model_complaints(self, text):
        path = self.root / "monitor-app" / "model" / "a.h"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return list(arrows.complaints_about_models(self.root))

    def test_models_of_the_monitor_know_no_widget_and_no_server(self):
        self.assertEqual(self.model_complaints('#include "telemetry/protocol/frame.h"\n#include <QtSql/qsqlquery.h>\n'
                                               '#include <sys/stat.h>\n#include <flywheel/metrics.h>\n'), [])
        self.assertEqual(len(self.model_complaints("#include <QtWidgets/qwidget.h>\n")), 1)
        self.assertEqual(len(self.model_complaints("#include <QtGui/qcolor.h>\n")), 1)
        self.assertEqual(len(self.model_complaints('#include "telemetry/publisher/telemetryserver.h"\n')), 1)
        self.assertEqual(len(self.model_complaints('#include "widgets/theme.h"\n')), 1)

    def test_forward_declarations_know_qts_namespace(self):
        self.assertEqual(len(self.complaints("core/a.h", "class QObject;\n")), 1)
        self.assertEqual(self.complaints("core/a.h", "QT_BEGIN_NAMESPACE\nclass QObject;\nQT_END_NAMESPACE\n"), [])

    def test_long_file(self):
        self.assertEqual(len(self.complaints("core/a.cpp", "\n" * 401)), 1)

    def test_folder_without_rules(self):
        self.assertEqual(len(self.complaints("misc/a.cpp", "")), 1)

    def test_no_source_in_the_root(self):
        self.assertEqual(len(self.complaints("a.cpp", "")), 1)

    def test_folders_in_folders_have_rules_of_their_own(self):
        self.assertEqual(len(self.complaints("telemetry/protocol/a.h", '#include "metrics/registry.h"\n')), 1)
        (self.root / "dispatcher/telemetry/protocol/a.h").unlink()
        self.assertEqual(self.complaints("poller/epoll/a.h", '#include "poller/poller.h"\n'), [])

    def test_what_only_windows_has(self):
        name = '#include "platform/windows/windows.h"\n'
        self.assertEqual(len(self.complaints("poller/a.cpp", name)), 1)
        (self.root / "dispatcher/poller/a.cpp").unlink()
        self.assertEqual(self.complaints("poller/iocp/a.cpp", name), [])

    def document(self, text):
        path = self.root / "docs" / "architecture.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return list(arrows.complaints_about_document(self.root))

    def test_document_has_each_folder_and_the_graph(self):
        self.complaints("poller/a.h", '#include "base/clock.h"\n')
        self.complaints("base/clock.h", "")
        title = "## The folders of `dispatcher/`\n"
        graph = "```mermaid\ngraph TD\n    poller[poller] --> base[base]\n```\n"
        self.assertEqual(self.document(title + "| `poller/` | x |\n| `base/` | x |\n\n" + graph), [])
        self.assertEqual(len(self.document(title + "| `poller/` | x |\n\n" + graph)), 1)
        self.assertEqual(len(self.document(title + "| `poller/` | x |\n| `base/` | x |\n| `old/` | x |\n" + graph)), 1)
        self.assertEqual(len(self.document(title + "| `poller/` | x |\n| `base/` | x |\n")), 1)

    def test_graph_leaves_out_what_follows(self):
        self.complaints("poller/a.h", '#include "base/clock.h"\n#include "platform/uniquefd.h"\n')
        self.complaints("platform/uniquefd.h", '#include "base/clock.h"\n')
        self.complaints("base/clock.h", "")
        self.assertNotIn("poller[poller] --> base[base]", arrows.graph(self.root))


if __name__ == "__main__":
    unittest.main()
