// SPDX-License-Identifier: MIT
#include "descriptors.h"

#include "platform/windows/windows.h"

#include <QtCore/qglobal.h>

namespace Flywheel::Bench {

namespace {

void must(bool succeeded, const char *what)
{
    if (!succeeded)
        qFatal("%s: error %d", what, ::WSAGetLastError());
}

SOCKET toSocket(int descriptor)
{
    return SOCKET(descriptor);
}

int toDescriptor(SOCKET socket, const char *made)
{
    must(socket != INVALID_SOCKET, made);
    return int(socket);
}

int makeSocket(int type)
{
    static const int s_started = [] {
        WSADATA data;
        return ::WSAStartup(MAKEWORD(2, 2), &data);
    }();
    must(s_started == 0, "WSAStartup");
    return toDescriptor(::socket(AF_INET, type, 0), "socket");
}

sockaddr_in localAddress(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = ::htons(port);
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    return address;
}

/// To a port that the system chooses.
void bindTo(int descriptor)
{
    const sockaddr_in address = localAddress(0);
    must(::bind(toSocket(descriptor), reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0,
         "bind");
}

std::uint16_t portOf(int descriptor)
{
    sockaddr_in address{};
    int length = sizeof address;
    must(::getsockname(toSocket(descriptor), reinterpret_cast<sockaddr *>(&address), &length) == 0,
         "getsockname");
    return ::ntohs(address.sin_port);
}

void sendAtOnce(int descriptor)
{
    const BOOL on = TRUE;
    must(::setsockopt(toSocket(descriptor), IPPROTO_TCP, TCP_NODELAY, reinterpret_cast<const char *>(&on),
                      sizeof on) == 0,
         "setsockopt");
}

void setNonBlocking(int descriptor)
{
    u_long on = 1;
    must(::ioctlsocket(toSocket(descriptor), long(FIONBIO), &on) == 0, "ioctlsocket");
}

} // namespace

// There is no limit to raise.
void reserveDescriptors(int) {}

// There is no socketpair(2): a TCP connection to ourselves.
std::pair<int, int> socketPair()
{
    const int listener = makeSocket(SOCK_STREAM);
    bindTo(listener);
    must(::listen(toSocket(listener), 1) == 0, "listen");
    const int first = connectTo(portOf(listener));
    const int second = toDescriptor(::accept(toSocket(listener), nullptr, nullptr), "accept");
    ::closesocket(toSocket(listener));
    for (const int end : {first, second}) {
        sendAtOnce(end);
        setNonBlocking(end);
    }
    return {first, second};
}

std::vector<int> idleSockets(int count)
{
    std::vector<int> sockets(std::size_t(count), -1);
    for (int &descriptor : sockets) {
        descriptor = makeSocket(SOCK_DGRAM);
        bindTo(descriptor);
        setNonBlocking(descriptor);
    }
    return sockets;
}

int connectTo(std::uint16_t port)
{
    const int descriptor = makeSocket(SOCK_STREAM);
    const sockaddr_in address = localAddress(port);
    must(::connect(toSocket(descriptor), reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0,
         "connect");
    return descriptor;
}

void writeByte(int descriptor)
{
    must(::send(toSocket(descriptor), "x", 1, 0) == 1, "send");
}

void readByte(int descriptor)
{
    char byte;
    must(::recv(toSocket(descriptor), &byte, 1, 0) == 1, "recv");
}

bool sendAll(int descriptor, std::span<const char> bytes)
{
    return ::send(toSocket(descriptor), bytes.data(), int(bytes.size()), 0) == int(bytes.size());
}

bool receiveAll(int descriptor, std::span<char> bytes)
{
    return ::recv(toSocket(descriptor), bytes.data(), int(bytes.size()), MSG_WAITALL) == int(bytes.size());
}

} // namespace Flywheel::Bench
