// SPDX-License-Identifier: MIT
// A named pipe is Qt's from the first: there is no fork(2) in which it could be in the way.
#include "telemetry/publisher/listeningsocket.h"

#include <QtNetwork/qlocalserver.h>

namespace Flywheel::Telemetry {

ListeningSocket::~ListeningSocket() = default;

QString ListeningSocket::open(const QString &path, QLocalServer &server)
{
    if (!server.listen(path))
        return server.errorString();
    m_path = path;
    return {};
}

bool ListeningSocket::serve(QLocalServer &server)
{
    return server.isListening();
}

void ListeningSocket::close()
{
    m_path.clear();
}

} // namespace Flywheel::Telemetry
