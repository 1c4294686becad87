// SPDX-License-Identifier: MIT
#include "journal/journalfiles.h"

#include "journal/journalreader.h"

namespace Flywheel {

// Journals are in memory only here.

void removeOldJournals(const std::string &) {}

std::vector<std::string> journalDirectories()
{
    return {};
}

JournalTail::JournalTail(const std::string &)
    : m_problem("can't be read: on Windows journals are in the memory of their process only")
{
}

JournalReading JournalTail::readNew()
{
    return {std::nullopt, m_problem};
}

} // namespace Flywheel
