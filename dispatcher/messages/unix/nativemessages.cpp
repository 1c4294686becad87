// SPDX-License-Identifier: MIT
#include "messages/nativemessages.h"

namespace Flywheel {

/// What a window system sends arrives on descriptors here.
std::unique_ptr<NativeMessages> NativeMessages::create(Loop &)
{
    return nullptr;
}

} // namespace Flywheel
