// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace Flywheel::Bench {

// Sockets for measurements. They live as long as the process, which measures one thing and ends. What fails
// here ends the process, unless something else is said.

/// Lets this process open \a count descriptors beside the few that every program has.
void reserveDescriptors(int count);

/// Non-blocking and connected to each other.
std::pair<int, int> socketPair();

/// Sockets that never become ready.
std::vector<int> idleSockets(int count);

/// A blocking socket, connected to a TCP port of this machine.
int connectTo(std::uint16_t port);

void writeByte(int descriptor);
void readByte(int descriptor);

/// On a blocking socket. False if the peer is gone.
bool sendAll(int descriptor, std::span<const char> bytes);
/// Fills \a bytes. False if the peer is gone.
bool receiveAll(int descriptor, std::span<char> bytes);

} // namespace Flywheel::Bench
