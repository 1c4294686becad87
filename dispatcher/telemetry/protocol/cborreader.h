// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/protocol/frameschema.h"

#include <QtCore/qcborstreamreader.h>

#include <string>
#include <string_view>

namespace Flywheel::Telemetry {

/// Reads the messages of frameschema.h from one CBOR item. After the first fault all further reads do
/// nothing, and error() says what was wrong and where. What was read before the fault stays in the message.
class CborReader
{
public:
    /// \a body must outlive the reader.
    explicit CborReader(QByteArrayView body);

    /// Enters a message and returns its number, or 0 after a fault.
    std::uint64_t beginMessage();
    /// Reads the fields of the message.
    template <typename T>
    void message(T &message)
    {
        read(message);
    }
    /// Skips the fields of the message.
    void skipMessage() { skip(); }
    /// Notes a fault unless \a fits. Returns true if there was no fault so far.
    bool expect(bool fits, std::string_view what);
    /// Notes a fault if \a impossible is not empty; it says which value is impossible.
    void expectPossible(std::string_view impossible);
    /// Notes a fault if something follows the message.
    void endMessage();

    const std::string &error() const { return m_error; }

private:
    bool ok();
    void fail(std::string_view reason);
    void skip();
    std::uint64_t readKey(std::uint64_t &seen);
    std::uint64_t readCount(std::uint64_t max);

    void read(std::uint64_t &value);
    void read(std::uint32_t &value);
    void read(std::int64_t &value);
    void read(bool &value);
    void read(double &value);
    void read(std::string &text);
    void read(Histogram &histogram);
    void read(HandlerKind &kind);
    void read(Qt::TimerType &type);
    void read(Goodbye::Reason &reason);
    void read(std::chrono::nanoseconds &duration);
    void read(std::chrono::milliseconds &interval);
    void read(std::chrono::system_clock::time_point &time);

    template <typename T>
    void read(std::optional<T> &value)
    {
        read(value.emplace());
    }

    template <typename T, std::size_t N>
    void read(std::array<T, N> &values)
    {
        std::size_t index = 0;
        readElements([&] { index < N ? read(values[index++]) : skip(); });
    }

    template <typename T>
    void read(std::vector<T> &values)
    {
        values.clear();
        readElements([&] {
            if (expect(values.size() < MaxTableRows && ++m_rows <= MaxRowsOfAll, "a shorter list"))
                read(values.emplace_back());
        });
    }

    template <typename ReadElement>
    void readElements(ReadElement readElement)
    {
        if (!expect(m_cbor.isArray(), "an array") || !m_cbor.enterContainer())
            return;
        while (ok() && m_cbor.hasNext())
            readElement();
        leave();
    }

    template <typename T>
    requires std::is_class_v<T>
    void read(T &value)
    {
        if (!expect(m_cbor.isMap(), "a map") || !m_cbor.enterContainer())
            return;
        std::uint64_t seen = 0;
        while (ok() && m_cbor.hasNext())
            readField(readKey(seen), value);
        leave();
    }

    template <typename T>
    void readField(std::uint64_t key, T &value)
    {
        bool known = false;
        visitFields(
            [&](std::uint64_t number, auto &field) {
                if (number == key) {
                    known = true;
                    read(field);
                }
            },
            value);
        if (!known)
            skip();
    }

    void leave();

    /// The most rows of all lists of a message: an empty row takes one byte in the message and hundreds in
    /// memory.
    static constexpr std::size_t MaxRowsOfAll = std::size_t(1) << 18;

    const qsizetype m_size;
    QCborStreamReader m_cbor;
    std::size_t m_rows = 0;
    std::string m_error;
};

} // namespace Flywheel::Telemetry
