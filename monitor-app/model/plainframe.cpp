// SPDX-License-Identifier: MIT
#include "plainframe.h"

#include "base/plaintext.h"
#include "format.h"
#include "telemetry/protocol/frameschema.h"

namespace Flywheel::Monitor {

namespace {

/// Calls \a Visit for each text in what frameschema.h names.
template <typename Visit>
struct Texts
{
    Visit visitText;

    void operator()(std::uint64_t, auto &field) const { walk(field); }

    template <typename T>
    void walk(std::optional<T> &value) const
    {
        if (value)
            walk(*value);
    }
    template <typename T>
    void walk(std::vector<T> &values) const
    {
        for (T &value : values)
            walk(value);
    }
    template <typename T>
    void walk(const std::optional<T> &value) const
    {
        if (value)
            walk(*value);
    }
    template <typename T>
    void walk(const std::vector<T> &values) const
    {
        for (const T &value : values)
            walk(value);
    }
    template <typename T>
    void walk(T &value) const
    {
        if constexpr (std::is_same_v<std::remove_const_t<T>, std::string>)
            visitText(value);
        else if constexpr (requires { Telemetry::visitFields(*this, value); })
            Telemetry::visitFields(*this, value);
    }
};

template <typename Visit>
Texts(Visit) -> Texts<Visit>; // clang before 17 does not deduce aggregates

void makePlain(std::string &text)
{
    if (!isPlainText(text))
        text = Format::plain(text);
}

} // namespace

std::optional<Telemetry::Frame> withPlainNames(const Telemetry::Frame &frame)
{
    bool allPlain = true;
    Texts{[&allPlain](const std::string &text) { allPlain = allPlain && isPlainText(text); }}.walk(frame);
    if (allPlain)
        return {};
    Telemetry::Frame result = frame;
    Texts{makePlain}.walk(result);
    return result;
}

Telemetry::ProcessInfo withPlainNames(Telemetry::ProcessInfo info)
{
    Texts{makePlain}.walk(info);
    return info;
}

} // namespace Flywheel::Monitor
