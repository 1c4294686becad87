// SPDX-License-Identifier: MIT
#include "model/editorcommand.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

using namespace Flywheel::Monitor;

namespace {

QStringList words(const char *text)
{
    return QString::fromLatin1(text).split(QLatin1Char('|'), Qt::SkipEmptyParts);
}

} // namespace

class tst_EditorCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fillsInFileAndLine_data();
    void fillsInFileAndLine();
    void usualEditorIsOneThatIsThere_data();
    void usualEditorIsOneThatIsThere();
    void findsSources_data();
    void findsSources();
    void tellsWhatIsNoMapping();
};

void tst_EditorCommand::fillsInFileAndLine_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QStringList>("command");
    const auto row = [](const char *name, const char *pattern, const char *file, const char *command) {
        QTest::newRow(name) << QString::fromLatin1(pattern) << QString::fromLatin1(file) << words(command);
    };
    row("words", "kate -l %l %f", "/a/b.cpp", "kate|-l|42|/a/b.cpp");
    row("one word", "code -g %f:%l", "/a/b.cpp", "code|-g|/a/b.cpp:42");
    row("without file", "vi", "/a/b.cpp", "vi|/a/b.cpp");
    row("quoted program", "\"/opt/my editor\" %f", "/a/b.cpp", "/opt/my editor|/a/b.cpp");
    row("file with spaces stays a word", "e %f", "/a b/c.cpp", "e|/a b/c.cpp");
    row("what the shell would run", "e %f", "/a;rm $(x)`y`", "e|/a;rm $(x)`y`");
    row("file with signs of ours", "e %f %l", "/%l/%f", "e|/%l/%f|42");
    row("percent", "e %% %x %f", "/a", "e|%|%x|/a");
    row("nothing", "", "/a", "");
}

void tst_EditorCommand::fillsInFileAndLine()
{
    QFETCH(QString, pattern);
    QFETCH(QString, file);
    QFETCH(QStringList, command);
    QCOMPARE(editorCommand(pattern, file, 42), command);
}

void tst_EditorCommand::usualEditorIsOneThatIsThere_data()
{
    QTest::addColumn<QString>("visual");
    QTest::addColumn<QString>("editor");
    QTest::addColumn<QStringList>("installed");
    QTest::addColumn<QString>("pattern");
    const auto row = [](const char *name, const char *visual, const char *editor, const char *installed,
                        const char *pattern) {
        QTest::newRow(name) << QString::fromLatin1(visual) << QString::fromLatin1(editor) << words(installed)
                            << QString::fromLatin1(pattern);
    };
    row("VISUAL", "kate", "code", "kate|code|qtcreator", "kate -l %l %f");
    row("a terminal's is left out", "vim", "code --wait", "vim|code|qtcreator", "code -g %f:%l");
    row("with its path", "/opt/x/code", "", "/opt/x/code|kate", "/opt/x/code -g %f:%l");
    row("with spaces", "\"/opt/my x/code\"", "", "/opt/my x/code", "\"/opt/my x/code\" -g %f:%l");
    row("not installed", "kate", "", "code", "code -g %f:%l");
    row("Qt Creator first", "", "", "kate|code|qtcreator", "qtcreator -client %f:%l");
    row("any", "", "nano", "nano|xdg-open", "xdg-open %f");
    row("none", "", "", "", "");
}

void tst_EditorCommand::usualEditorIsOneThatIsThere()
{
    QFETCH(QString, visual);
    QFETCH(QString, editor);
    QFETCH(QStringList, installed);
    QFETCH(QString, pattern);
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("VISUAL"), visual);
    environment.insert(QStringLiteral("EDITOR"), editor);
    const FindProgram find = [&](const QString &name) { return installed.contains(name) ? name : QString(); };
    QCOMPARE(usualEditor(environment, find), pattern);
}

void tst_EditorCommand::findsSources_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QStringList>("mappings");
    QTest::addColumn<QString>("found");
    QTest::newRow("as it is") << QStringLiteral("HERE/src/a.cpp") << QStringList()
                              << QStringLiteral("HERE/src/a.cpp");
    QTest::newRow("mapped") << QStringLiteral("/builds/p/src/a.cpp")
                            << QStringList{QStringLiteral("/builds/p=HERE")}
                            << QStringLiteral("HERE/src/a.cpp");
    QTest::newRow("first that leads to a file")
        << QStringLiteral("/builds/p/src/a.cpp")
        << QStringList{QStringLiteral("/builds=HERE"), QStringLiteral("/builds/p/=HERE/")}
        << QStringLiteral("HERE/src/a.cpp");
    QTest::newRow("whole folders") << QStringLiteral("/builds/project/src/a.cpp")
                                   << QStringList{QStringLiteral("/builds/p=HERE")} << QString();
    QTest::newRow("a folder is no source") << QStringLiteral("HERE/src") << QStringList() << QString();
    QTest::newRow("relative") << QStringLiteral("src/a.cpp") << QStringList() << QString();
    QTest::newRow("relative, mapped")
        << QStringLiteral("../p/src/a.cpp") << QStringList{QStringLiteral("../p=HERE")}
        << QStringLiteral("HERE/src/a.cpp");
    QTest::newRow("nowhere") << QStringLiteral("/builds/p/src/a.cpp") << QStringList() << QString();
}

void tst_EditorCommand::findsSources()
{
    QFETCH(QString, file);
    QFETCH(QStringList, mappings);
    QFETCH(QString, found);
    const QTemporaryDir here;
    QVERIFY(QDir(here.path()).mkdir(QStringLiteral("src")));
    QFile source(here.filePath(QStringLiteral("src/a.cpp")));
    QVERIFY(source.open(QIODevice::WriteOnly));
    for (QString *const text : {&file, &found})
        text->replace(QStringLiteral("HERE"), here.path());
    mappings.replaceInStrings(QStringLiteral("HERE"), here.path());
    const SourceFile result = sourceFile(file, mappings);
    QCOMPARE(result.path, found);
    QCOMPARE(result.problem.isEmpty(), !found.isEmpty());
    if (found.isEmpty())
        QVERIFY2(result.problem.contains(file), qPrintable(result.problem));
}

void tst_EditorCommand::tellsWhatIsNoMapping()
{
    QCOMPARE(wrongMapping({QStringLiteral("/a=/b"), QStringLiteral("/c")}), QStringLiteral("/c"));
    QCOMPARE(wrongMapping({QStringLiteral("=/b")}), QStringLiteral("=/b"));
    QCOMPARE(wrongMapping({QStringLiteral("/a=/b=c")}), QString());
}

QTEST_GUILESS_MAIN(tst_EditorCommand)
#include "tst_editorcommand.moc"
