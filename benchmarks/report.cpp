// SPDX-License-Identifier: MIT
#include "report.h"

#include "statistics.h"

#include <QtCore/qjsonarray.h>

using namespace Qt::StringLiterals;

namespace Flywheel::Bench {

namespace {

constexpr int formatVersion = 1;

QStringList measuresOf(const Group &group)
{
    QMap<QString, bool> names;
    for (const Row &row : group) {
        for (auto it = row.samples.begin(); it != row.samples.end(); ++it)
            names.insert(it.key(), true);
    }
    return names.keys();
}

QString cell(const Row &row, const QString &measure)
{
    if (!row.samples.contains(measure))
        return laneName(row.lane) + " -"_L1;
    const Spread spread = spreadOf(row.samples.value(measure));
    return u"%1 %2 [%3..%4]"_s.arg(laneName(row.lane))
        .arg(spread.median, 0, 'g', 4)
        .arg(spread.minimum, 0, 'g', 4)
        .arg(spread.maximum, 0, 'g', 4);
}

QJsonObject measurementJson(const std::vector<double> &values)
{
    const Spread spread = spreadOf(values);
    QJsonArray samples;
    for (const double value : values)
        samples.append(value);
    return {{u"median"_s, spread.median},
            {u"minimum"_s, spread.minimum},
            {u"maximum"_s, spread.maximum},
            {u"samples"_s, samples}};
}

QJsonObject rowJson(const Row &row)
{
    QJsonObject measurements;
    for (auto it = row.samples.begin(); it != row.samples.end(); ++it)
        measurements.insert(it.key(), measurementJson(it.value()));
    return {{u"scenario"_s, row.scenario},
            {u"size"_s, row.size},
            {u"lane"_s, laneName(row.lane)},
            {u"measurements"_s, measurements}};
}

} // namespace

QString tableLines(const Group &group)
{
    QString lines;
    for (const QString &measure : measuresOf(group)) {
        lines += u"%1 %2 %3"_s.arg(group.front().scenario, -22).arg(group.front().size, 6).arg(measure, -20);
        for (const Row &row : group)
            lines += u" %1"_s.arg(cell(row, measure), -34);
        lines += u'\n';
    }
    return lines;
}

QJsonObject report(const QJsonObject &context, const Plan &plan, const std::vector<Group> &groups)
{
    QJsonArray results;
    for (const Group &group : groups) {
        for (const Row &row : group)
            results.append(rowJson(row));
    }
    return {{u"format"_s, formatVersion},
            {u"context"_s, context},
            {u"repetitions"_s, plan.repetitions},
            {u"budgetMs"_s, qint64(plan.budget.count())},
            {u"results"_s, results}};
}

} // namespace Flywheel::Bench
