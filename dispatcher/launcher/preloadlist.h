// SPDX-License-Identifier: MIT
#pragma once

namespace Flywheel::Preload {

/// Characters that separate the entries of LD_PRELOAD; nothing can quote them (ld.so(8)).
inline constexpr char preloadSeparators[] = ": ";

/// Takes every entry whose file name (the part after the last slash) is \a fileName out of \a list, a value
/// of LD_PRELOAD, in place. What stays keeps its order and separators. Allocates nothing.
void removeFromPreloadList(char *list, const char *fileName);

} // namespace Flywheel::Preload
