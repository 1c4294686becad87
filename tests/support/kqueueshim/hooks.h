// SPDX-License-Identifier: MIT
#pragma once

/// What tests ask of the shim.
namespace KqueueShim {

/// The next change with EV_ADD fails with \a error.
__attribute__((visibility("default"))) void failNextAdd(int error);
/// The next kevent() that could return events fails with EINTR, after its changes were applied.
__attribute__((visibility("default"))) void interruptNextWait();

} // namespace KqueueShim
