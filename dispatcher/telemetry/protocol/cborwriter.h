// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/protocol/frameschema.h"
#include "telemetry/protocol/histogrampacking.h"

#include <QtCore/qcborstreamwriter.h>

#include <algorithm>
#include <concepts>
#include <span>
#include <string_view>

namespace Flywheel::Telemetry {

template <typename T>
concept Described = requires(T &value)
{
    visitFields([](std::uint64_t, auto &) {}, value);
};

template <typename T>
bool isDefault(const T &value)
{
    return value == T{};
}
template <typename T>
bool isDefault(const std::optional<T> &value)
{
    return !value;
}
template <typename T>
bool isDefault(const std::vector<T> &value)
{
    return value.empty();
}
/// Returns \a value in single precision, which is enough for averages. Replaces what is not finite or too
/// large.
float wireReal(double value);
inline bool isDefault(double value)
{
    return wireReal(value) == 0;
}
inline bool isDefault(const Histogram &value)
{
    return value.count() == 0;
}

template <typename T, std::size_t N>
bool isDefault(const std::array<T, N> &values)
{
    return std::all_of(values.begin(), values.end(), [](const T &value) { return isDefault(value); });
}

template <Described T>
bool isDefault(const T &value)
{
    bool result = true;
    visitFields([&result](std::uint64_t, const auto &field) { result = result && isDefault(field); }, value);
    return result;
}

/// Writes the messages of frameschema.h. It is the visitor of their fields, and leaves out fields that have
/// their default value.
class CborWriter
{
public:
    explicit CborWriter(QByteArray *bytes) : m_cbor(bytes) {}

    template <Described T>
    void message(const T &message)
    {
        m_cbor.startArray(2);
        m_cbor.append(quint64(MessageNumber<T>));
        write(message);
        m_cbor.endArray();
    }

    template <typename T>
    void operator()(std::uint64_t number, const T &field)
    {
        if (isDefault(field))
            return;
        m_cbor.append(quint64(number));
        write(field);
    }

private:
    template <std::unsigned_integral T>
    void write(T value)
    {
        m_cbor.append(quint64(value));
    }
    void write(std::int64_t value) { m_cbor.append(qint64(value)); }
    void write(bool value) { m_cbor.append(value); }
    void write(double value) { m_cbor.append(wireReal(value)); }
    void write(std::string_view text);
    void write(const Histogram &histogram) { m_cbor.append(packHistogram(histogram)); }

    template <typename T>
    requires std::is_enum_v<T>
    void write(T value) { m_cbor.append(quint64(value)); }

    template <typename Period>
    void write(std::chrono::duration<std::int64_t, Period> duration)
    {
        m_cbor.append(qint64(duration.count()));
    }

    void write(std::chrono::system_clock::time_point time)
    {
        write(std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()));
    }

    template <Described T>
    void write(const T &value)
    {
        m_cbor.startMap();
        visitFields(*this, value);
        m_cbor.endMap();
    }

    template <typename T>
    void write(const std::optional<T> &value)
    {
        write(*value);
    }

    template <typename T, std::size_t N>
    void write(const std::array<T, N> &values)
    {
        writeArray(std::span<const T>(values));
    }

    template <typename T>
    void write(const std::vector<T> &values)
    {
        writeArray(std::span<const T>(values).first(std::min(values.size(), MaxTableRows)));
    }

    template <typename T>
    void writeArray(std::span<const T> values)
    {
        m_cbor.startArray(values.size());
        for (const T &value : values)
            write(value);
        m_cbor.endArray();
    }

    void appendText(std::string_view utf8);

    QCborStreamWriter m_cbor;
};

} // namespace Flywheel::Telemetry
