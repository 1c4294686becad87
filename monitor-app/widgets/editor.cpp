// SPDX-License-Identifier: MIT
#include "editor.h"

#include "model/editorcommand.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qsettings.h>
#include <QtCore/qstandardpaths.h>

namespace Flywheel::Monitor {

namespace {

const QString PatternKey = QStringLiteral("editor/command");
const QString MappingsKey = QStringLiteral("editor/sourceFolders");

QString tr(const char *text)
{
    return QCoreApplication::translate("Flywheel::Monitor::Editor", text);
}

QString findProgram(const QString &name)
{
    return QStandardPaths::findExecutable(name);
}

} // namespace

EditorSettings EditorSettings::load()
{
    const QSettings settings;
    return {settings.value(PatternKey).toString(), settings.value(MappingsKey).toStringList()};
}

void EditorSettings::save() const
{
    QSettings settings;
    settings.setValue(PatternKey, pattern);
    settings.setValue(MappingsKey, mappings);
}

QString EditorSettings::usualPattern()
{
    return usualEditor(QProcessEnvironment::systemEnvironment(), findProgram);
}

QString openSourceText(const QString &file, int line)
{
    QString name = file.section(QLatin1Char('/'), -1);
    name.replace(QLatin1Char('&'), QLatin1String("&&"));
    return tr("Open %1:%2 in the editor").arg(name).arg(line);
}

QString openInEditor(const QString &file, int line)
{
    const EditorSettings settings = EditorSettings::load();
    const SourceFile source = sourceFile(file, settings.mappings);
    if (!source.problem.isEmpty())
        return source.problem;
    const QString pattern = settings.pattern.isEmpty() ? EditorSettings::usualPattern() : settings.pattern;
    QStringList command = editorCommand(pattern, source.path, line);
    if (command.isEmpty())
        return tr("No editor was found to open %1. Set one in “Editor…”.").arg(source.path);
    const QString program = command.takeFirst();
    if (findProgram(program).isEmpty())
        return tr("Cannot open %1: the editor %2 was not found. Set another one in “Editor…”.")
            .arg(source.path, program);
    if (!QProcess::startDetached(program, command))
        return tr("Cannot open %1: the editor %2 does not start. Set another one in “Editor…”.")
            .arg(source.path, program);
    return {};
}

} // namespace Flywheel::Monitor
