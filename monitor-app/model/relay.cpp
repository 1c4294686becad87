// SPDX-License-Identifier: MIT
#include "relay.h"

#include <QtCore/qprocess.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qurl.h>
#include <QtNetwork/qlocalsocket.h>

namespace Flywheel::Monitor {

namespace {

constexpr int EndTime = 1000; ///< milliseconds that a command gets to end by itself
/// What may wait to be sent on: a monitor that does not read must not fill our memory.
constexpr qint64 MostWaiting = qint64(1) << 20;

void copy(QIODevice &from, QIODevice &to)
{
    if (to.bytesToWrite() < MostWaiting)
        to.write(from.read(MostWaiting));
}

/// One connection with its command; both end together.
class Line : public QObject
{
public:
    Line(QLocalSocket *socket, const QStringList &command, Relay *relay)
        : QObject(relay)
        , m_relay(*relay)
        , m_socket(socket)
    {
        socket->setParent(this);
        socket->setReadBufferSize(MostWaiting);
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        connect(&m_process, &QProcess::readyReadStandardOutput, this, &Line::toSocket);
        connect(socket, &QLocalSocket::bytesWritten, this, [this] { copy(m_process, *m_socket); });
        connect(socket, &QLocalSocket::readyRead, this, [this] { copy(*m_socket, m_process); });
        connect(&m_process, &QProcess::bytesWritten, this, [this] { copy(*m_socket, m_process); });
        connect(&m_process, &QProcess::finished, this, &Line::end);
        connect(&m_process, &QProcess::errorOccurred, this, &Line::end);
        connect(socket, &QLocalSocket::disconnected, this, &QObject::deleteLater);
        m_process.start(command.front(), command.mid(1));
    }
    ~Line() override
    {
        m_process.disconnect(this);
        m_process.closeWriteChannel();
        if (m_process.state() == QProcess::NotRunning)
            return;
        m_process.terminate();
        if (!m_process.waitForFinished(EndTime))
            m_process.kill();
        m_process.waitForFinished(EndTime);
    }

private:
    void toSocket()
    {
        m_hasSpoken = true;
        copy(m_process, *m_socket);
    }
    void end()
    {
        if (m_process.error() == QProcess::FailedToStart)
            qWarning("flywheel-monitor: cannot start %s: %s", qPrintable(m_process.program()),
                     qPrintable(m_process.errorString()));
        if (m_process.state() != QProcess::NotRunning)
            return;
        while (m_process.bytesAvailable() > 0 && m_socket->state() == QLocalSocket::ConnectedState)
            m_socket->write(m_process.readAll());
        m_socket->disconnectFromServer();
        if (!m_hasSpoken)
            Q_EMIT m_relay.commandFailed();
    }

    Relay &m_relay;
    QLocalSocket *const m_socket;
    QProcess m_process;
    bool m_hasSpoken = false;
};

/// What a shell on the other side takes as it is.
bool isPlainWord(const QString &word)
{
    static const QRegularExpression form(QStringLiteral("^[A-Za-z0-9_+][A-Za-z0-9_.+-]*$"));
    return form.match(word).hasMatch();
}

} // namespace

Relay::Relay(const QStringList &command, QObject *parent) : QObject(parent), m_command(command)
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &Relay::accept);
}

Relay::~Relay() = default;

QString Relay::start()
{
    if (m_server.listen(m_directory.filePath(QStringLiteral("relay"))))
        return {};
    return tr("cannot make a socket for the relay: %1").arg(m_server.errorString());
}

void Relay::accept()
{
    while (QLocalSocket *const socket = m_server.nextPendingConnection())
        new Line(socket, m_command, this);
}

QStringList Relay::sshCommand(const QString &url, QString &complaint)
{
    const QUrl parsed(url, QUrl::StrictMode);
    const QString program = parsed.path().mid(1);
    if (!parsed.isValid() || parsed.scheme() != QLatin1String("ssh") || parsed.host().isEmpty() ||
        !isPlainWord(program) || (!parsed.userName().isEmpty() && !isPlainWord(parsed.userName()))) {
        complaint = tr("“%1” is no address of a program; one looks like ssh://user@device/app").arg(url);
        return {};
    }
    QStringList command{QStringLiteral("ssh"), QStringLiteral("-T")};
    if (parsed.port() > 0)
        command << QStringLiteral("-p") << QString::number(parsed.port());
    const QString user = parsed.userName().isEmpty() ? QString() : parsed.userName() + QLatin1Char('@');
    return command << QStringLiteral("--") << user + parsed.host() << QStringLiteral("flywheel-run")
                   << QStringLiteral("--relay") << program;
}

} // namespace Flywheel::Monitor
