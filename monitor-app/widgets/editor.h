// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstringlist.h>

/// Opens lines of source in the editor that the settings name.
namespace Flywheel::Monitor {

/// What is kept in the settings.
struct EditorSettings
{
    QString pattern;      ///< editorCommand()'s; empty: usualEditor()
    QStringList mappings; ///< sourceFile()'s

    static EditorSettings load();
    void save() const;
    /// usualEditor() of this desktop.
    static QString usualPattern();
};

/// "Open read.c:26 in the editor", for a menu.
QString openSourceText(const QString &file, int line);
/// Returns why it could not, for people, with what to do; empty: the editor was started.
QString openInEditor(const QString &file, int line);

} // namespace Flywheel::Monitor
