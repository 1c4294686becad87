// SPDX-License-Identifier: MIT
#include "editor.h"
#include "editordialog.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qsettings.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>
#include <QtWidgets/qdialogbuttonbox.h>
#include <QtWidgets/qlineedit.h>
#include <QtWidgets/qplaintextedit.h>
#include <QtWidgets/qpushbutton.h>

using namespace Flywheel::Monitor;

/// Opens files with an editor that is a script: it writes down what it was given.
class EditorTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void startsTheEditorWithFileAndLine();
    void problemsNameTheFile_data();
    void problemsNameTheFile();
    void dialogKeepsWhatIsRight();

private:
    QString path(const char *name) const { return m_files->filePath(QString::fromLatin1(name)); }
    QString contents(const char *name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }
    void write(const char *name, const QByteArray &text)
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
    }

    std::unique_ptr<QTemporaryDir> m_files;
};

void EditorTest::init()
{
    m_files = std::make_unique<QTemporaryDir>();
    QCoreApplication::setOrganizationName(QStringLiteral("Flywheel"));
    QCoreApplication::setApplicationName(QStringLiteral("tst_editor"));
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_files->path());
    write("a b.cpp", "int main() {}\n");
    write("editor.sh", "#!/bin/sh\nprintf '%s|' \"$@\" > \"$(dirname \"$0\")/told.part\"\n"
                       "mv \"$(dirname \"$0\")/told.part\" \"$(dirname \"$0\")/told\"\n");
    QVERIFY(QFile::setPermissions(path("editor.sh"), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
}

void EditorTest::startsTheEditorWithFileAndLine()
{
    EditorSettings{path("editor.sh") + QStringLiteral(" --goto %f:%l"),
                   {QStringLiteral("/builds=") + m_files->path()}}
        .save();
    QCOMPARE(openInEditor(QStringLiteral("/builds/a b.cpp"), 42), QString());
    QTRY_COMPARE(contents("told"), QStringLiteral("--goto|%1:42|").arg(path("a b.cpp")));
}

void EditorTest::problemsNameTheFile_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("reason");
    QTest::newRow("no such file") << QStringLiteral("FILES/editor.sh") << QStringLiteral("/builds/gone.cpp")
                                  << QStringLiteral("There is no file /builds/gone.cpp");
    QTest::newRow("no such editor") << QStringLiteral("flywheel-no-such-editor %f")
                                    << QStringLiteral("FILES/a b.cpp")
                                    << QStringLiteral("flywheel-no-such-editor was not found");
    QTest::newRow("cannot be run") << QStringLiteral("\"FILES/a b.cpp\" %f")
                                   << QStringLiteral("FILES/a b.cpp") << QStringLiteral("was not found");
}

void EditorTest::problemsNameTheFile()
{
    QFETCH(QString, pattern);
    QFETCH(QString, file);
    QFETCH(QString, reason);
    for (QString *const text : {&pattern, &file})
        text->replace(QStringLiteral("FILES"), m_files->path());
    EditorSettings{pattern, {}}.save();
    const QString problem = openInEditor(file, 1);
    QVERIFY2(problem.contains(reason) && problem.contains(file), qPrintable(problem));
}

void EditorTest::dialogKeepsWhatIsRight()
{
    EditorDialog dialog({QStringLiteral("kate %f"), {QStringLiteral("/a=/b")}}, nullptr);
    const QPushButton *const ok = dialog.findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok);
    QVERIFY(ok->isEnabled());
    dialog.folders()->setPlainText(QStringLiteral("/a=/b\n\n  /c  "));
    QVERIFY(!ok->isEnabled());
    QVERIFY(dialog.problem().contains(QStringLiteral("/c")));
    dialog.folders()->setPlainText(QStringLiteral("/a=/b\n\n  /c=/d  "));
    dialog.command()->setText(QStringLiteral("  code -g %f:%l "));
    QVERIFY(ok->isEnabled());
    dialog.settings().save();
    const EditorSettings kept = EditorSettings::load();
    QCOMPARE(kept.pattern, QStringLiteral("code -g %f:%l"));
    QCOMPARE(kept.mappings, (QStringList{QStringLiteral("/a=/b"), QStringLiteral("/c=/d")}));
}

QTEST_MAIN(EditorTest)
#include "tst_editor.moc"
