// SPDX-License-Identifier: MIT
#pragma once

#include "scenario.h"

#include <QtCore/qstringlist.h>

#include <optional>

namespace Flywheel::Bench {

/// The words that make this program measure one thing and print it as a line of JSON.
QStringList childArguments(const Scenario &scenario, const Setting &setting);

/// The main function of such a process; nothing if the arguments are not from childArguments(). Exit code
/// childLaneMissing: this Qt doesn't have the lane's dispatcher.
std::optional<int> runChild(int &argc, char **argv);

constexpr int childLaneMissing = 3;

} // namespace Flywheel::Bench
