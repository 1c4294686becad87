// SPDX-License-Identifier: MIT
#pragma once

#include <sys/resource.h>

namespace Flywheel::Test {

/// As long as it exists, this process gets no new descriptor (EMFILE).
class DescriptorLimit
{
public:
    DescriptorLimit();
    ~DescriptorLimit();
    DescriptorLimit(const DescriptorLimit &) = delete;

private:
    rlimit m_before{};
};

} // namespace Flywheel::Test
