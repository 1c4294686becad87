// SPDX-License-Identifier: MIT
#include "editorcommand.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qfileinfo.h>

#include <algorithm>
#include <array>

namespace Flywheel::Monitor {

namespace {

struct Editor
{
    const char *program;
    const char *arguments;
};

/// Those with a window of their own, in the order in which they are looked for.
constexpr std::array Editors{
    Editor{"qtcreator", "-client %f:%l"},
    Editor{"code", "-g %f:%l"},
    Editor{"kate", "-l %l %f"},
    Editor{"codium", "-g %f:%l"},
    Editor{"clion", "--line %l %f"},
    Editor{"subl", "%f:%l"},
    Editor{"gedit", "+%l %f"},
    Editor{"gvim", "+%l %f"},
};

QString patternOf(const QString &program, const char *arguments)
{
    const QString word = program.contains(QLatin1Char(' ')) ? QStringLiteral("\"%1\"").arg(program) : program;
    return word + QLatin1Char(' ') + QLatin1String(arguments);
}

/// In one pass, for a file's name may contain "%l".
QString filledIn(const QString &word, const QString &file, int line)
{
    QString result;
    for (qsizetype i = 0; i < word.size(); ++i) {
        const QChar next = word[i] == QLatin1Char('%') && i + 1 < word.size() ? word[i + 1] : QChar();
        if (next == QLatin1Char('f'))
            result += file;
        else if (next == QLatin1Char('l'))
            result += QString::number(std::max(line, 1));
        else if (next == QLatin1Char('%'))
            result += next;
        else
            result += word[i];
        i += next == QLatin1Char('f') || next == QLatin1Char('l') || next == QLatin1Char('%') ? 1 : 0;
    }
    return result;
}

/// What \a mapping makes of \a file; empty if it is not about it.
QString mapped(const QString &file, const QString &mapping)
{
    const QString from = mapping.section(QLatin1Char('='), 0, 0).trimmed();
    const QString to = mapping.section(QLatin1Char('='), 1).trimmed();
    const bool isWhole = from.endsWith(QLatin1Char('/')) || file.size() == from.size() ||
                         file.mid(from.size()).startsWith(QLatin1Char('/'));
    return !from.isEmpty() && file.startsWith(from) && isWhole ? to + file.mid(from.size()) : QString();
}

} // namespace

QStringList editorCommand(const QString &pattern, const QString &file, int line)
{
    QStringList words = QProcess::splitCommand(pattern);
    const bool hasFile = std::any_of(words.begin(), words.end(),
                                     [](const QString &word) { return word.contains(QLatin1String("%f")); });
    if (!hasFile && !words.isEmpty())
        words << QStringLiteral("%f");
    for (QString &word : words)
        word = filledIn(word, file, line);
    return words;
}

QString usualEditor(const QProcessEnvironment &environment, const FindProgram &find)
{
    for (const char *const variable : {"VISUAL", "EDITOR"}) {
        const QStringList words = QProcess::splitCommand(environment.value(QLatin1String(variable)));
        if (words.isEmpty() || find(words.front()).isEmpty())
            continue;
        for (const Editor &editor : Editors) {
            if (QFileInfo(words.front()).fileName() == QLatin1String(editor.program))
                return patternOf(words.front(), editor.arguments);
        }
    }
    for (const Editor &editor : Editors) {
        if (!find(QLatin1String(editor.program)).isEmpty())
            return patternOf(QLatin1String(editor.program), editor.arguments);
    }
    const QString any = QStringLiteral("xdg-open");
    return find(any).isEmpty() ? QString() : any + QStringLiteral(" %f");
}

SourceFile sourceFile(const QString &file, const QStringList &mappings)
{
    for (const QString &mapping : mappings) {
        const QString here = mapped(file, mapping);
        if (!here.isEmpty() && QFileInfo(here).isFile())
            return {here, {}};
    }
    if (QFileInfo(file).isAbsolute() && QFileInfo(file).isFile())
        return {file, {}};
    return {{},
            QCoreApplication::translate("Flywheel::Monitor::Editor",
                                        "There is no file %1 on this machine. If the program was built "
                                        "elsewhere, set in “Editor…” which folder its sources are in here.")
                .arg(file)};
}

QString wrongMapping(const QStringList &mappings)
{
    const auto wrong = std::find_if(mappings.begin(), mappings.end(), [](const QString &mapping) {
        return mapping.indexOf(QLatin1Char('=')) <= 0;
    });
    return wrong == mappings.end() ? QString() : *wrong;
}

} // namespace Flywheel::Monitor
