// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qprocess.h>
#include <QtCore/qstringlist.h>

#include <functional>

/// How a line of source is opened in an editor.
namespace Flywheel::Monitor {

/// Returns the words of a command, the program first: those of \a pattern, in which %f stands for the file,
/// %l for the line and %% for a percent sign. Double quotes group words; there is no shell. A pattern without
/// %f gets the file at its end. Empty if \a pattern is.
QStringList editorCommand(const QString &pattern, const QString &file, int line);

/// Returns the path of a program, or an empty text.
using FindProgram = std::function<QString(const QString &)>;
/// Returns a pattern for this desktop: the editor of $VISUAL or $EDITOR if it is one with a window that we
/// know, else the first known one that is installed, else xdg-open. Empty if there is none.
QString usualEditor(const QProcessEnvironment &environment, const FindProgram &find);

/// A file of source, as it was found here.
struct SourceFile
{
    QString path;
    QString problem; ///< for people, with what to do; empty: the path is right
};
/// Finds the file that debug symbols call \a file. \a mappings: "prefix=prefix", of the build and of this
/// machine; the first one counts that leads to a file.
SourceFile sourceFile(const QString &file, const QStringList &mappings);
/// Returns the first of \a mappings that is none; empty if all are.
QString wrongMapping(const QStringList &mappings);

} // namespace Flywheel::Monitor
