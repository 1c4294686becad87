// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qobject.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qtemporarydir.h>
#include <QtNetwork/qlocalserver.h>

namespace Flywheel::Monitor {

/// Brings a publisher that is somewhere else to a socket here: each connection to socketPath() starts a
/// command, whose standard input and output are the connection. What the command writes to its standard error
/// goes to ours. Ends all commands when it is destroyed.
class Relay : public QObject
{
    Q_OBJECT

public:
    /// \a command: a program and its arguments, such as `ssh device flywheel-run --relay app`. Not empty.
    explicit Relay(const QStringList &command, QObject *parent = nullptr);
    ~Relay() override;

    /// Returns an empty string, or for people why it cannot listen.
    QString start();
    QString socketPath() const { return m_server.fullServerName(); }

    /// Returns the command for `ssh://[user@]host[:port]/program`; an empty list if \a url is no such
    /// address, and \a complaint then says why.
    static QStringList sshCommand(const QString &url, QString &complaint);

Q_SIGNALS:
    /// A command could not be started, or ended without a word of the program. Why is on our standard error.
    void commandFailed();

private:
    void accept();

    const QStringList m_command;
    const QTemporaryDir m_directory;
    QLocalServer m_server;
};

} // namespace Flywheel::Monitor
