// SPDX-License-Identifier: MIT
#include "stacks/module/dwflhandle.h"
#include "stacks/stackreader.h"

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>

#include <cxxabi.h>
#include <dwarf.h>
#include <elfutils/libdw.h>

namespace Flywheel {

namespace {

std::string baseName(const std::string &path)
{
    return path.substr(path.rfind('/') + 1);
}

/// Of a name that is not mangled: the name.
std::string demangled(const char *name)
{
    int status = 0;
    const std::unique_ptr<char, Free> text(abi::__cxa_demangle(name, nullptr, nullptr, &status));
    return status == 0 && text ? text.get() : name;
}

/// Debug symbols are looked for by build id only, where distributions install them: elfutils' own way would
/// also ask the servers of DEBUGINFOD_URLS, which some distributions set for everybody, and a download takes
/// minutes. FLYWHEEL_DEBUGINFOD=1 asks for that.
int findDebugSymbols(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base, const char *file,
                     const char *link, GElf_Word crc, char **found)
{
    const char *const asked = std::getenv("FLYWHEEL_DEBUGINFOD");
    const bool mayDownload = asked && std::strcmp(asked, "1") == 0;
    return (mayDownload ? dwfl_standard_find_debuginfo
                        : dwfl_build_id_find_debuginfo)(module, user, name, base, file, link, crc, found);
}

char *s_debugPath = nullptr; // elfutils' default
const Dwfl_Callbacks s_callbacks = {.find_elf = dwfl_build_id_find_elf,
                                    .find_debuginfo = findDebugSymbols,
                                    .section_address = dwfl_offline_section_address,
                                    .debuginfo_path = &s_debugPath};

/// A DIE's own name: the mangled one has the parameters, too.
std::string nameOf(Dwarf_Die &die)
{
    Dwarf_Attribute attribute;
    for (const unsigned kind : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name}) {
        if (const char *const name = dwarf_formstring(dwarf_attr_integrate(&die, kind, &attribute)))
            return demangled(name);
    }
    const char *const name = dwarf_formstring(dwarf_attr_integrate(&die, DW_AT_name, &attribute));
    return name ? name : "";
}

/// Where an inlined function was called.
void setCallPlace(CodePlace &place, Dwarf_Die &inlined, Dwarf_Die &unit)
{
    Dwarf_Attribute attribute;
    Dwarf_Word file = 0;
    Dwarf_Word line = 0;
    Dwarf_Files *files = nullptr;
    std::size_t count = 0;
    place.file.clear();
    place.line = 0;
    if (dwarf_formudata(dwarf_attr(&inlined, DW_AT_call_file, &attribute), &file) != 0 ||
        dwarf_formudata(dwarf_attr(&inlined, DW_AT_call_line, &attribute), &line) != 0 ||
        dwarf_getsrcfiles(&unit, &files, &count) != 0)
        return;
    if (const char *const name = dwarf_filesrc(files, file, nullptr, nullptr)) {
        place.file = name;
        place.line = static_cast<int>(line);
    }
}

/// The file of one module, opened.
class ModuleFile
{
public:
    explicit ModuleFile(const StackModule &module)
        : m_name(baseName(module.file))
        , m_dwfl(dwfl_begin(&s_callbacks))
    {
        // The name comes from a program: opening a pipe of that name would wait.
        std::error_code error;
        if (!m_dwfl || !module.file.starts_with('/'))
            return;
        if (!std::filesystem::is_regular_file(module.file, error)) {
            m_problem = module.file + " cannot be read here";
            return;
        }
        dwfl_report_begin(m_dwfl.get());
        m_module = dwfl_report_offline(m_dwfl.get(), m_name.c_str(), module.file.c_str(), -1);
        dwfl_report_end(m_dwfl.get(), nullptr, nullptr);
        if (!m_module || !dwfl_module_getelf(m_module, &m_bias)) {
            m_module = nullptr;
            m_problem = module.file + " cannot be read here";
        } else if (!module.buildId.empty() && buildIdOf(m_module) != module.buildId) {
            m_module = nullptr;
            m_problem = module.file + " is not the file that the program has loaded";
        }
    }

    std::vector<CodePlace> places(std::uint64_t offset)
    {
        if (!m_module)
            return {CodePlace{.module = m_name, .note = m_problem}};
        const GElf_Addr address = offset + m_bias;
        std::vector<CodePlace> result = placesBySymbols(address);
        if (result.empty())
            result.push_back({.module = m_name});
        CodePlace &outermost = result.back();
        // A mangled symbol tells more than the debug symbols of a function of its file alone.
        const char *const symbol = dwfl_module_addrname(m_module, address);
        if (symbol && (outermost.function.empty() || std::strncmp(symbol, "_Z", 2) == 0))
            outermost.function = demangled(symbol);
        if (outermost.line == 0)
            outermost.note = "no line numbers: debug symbols of " + m_name + " are not installed";
        return result;
    }

private:
    /// Compilers may leave out the table of addresses that libdw looks at (clang does): then each unit is
    /// asked.
    Dwarf_Die *unitOf(GElf_Addr address, Dwarf_Addr &bias)
    {
        if (Dwarf_Die *const unit = dwfl_module_addrdie(m_module, address, &bias))
            return unit;
        for (Dwarf_Die *unit = nullptr; (unit = dwfl_module_nextcu(m_module, unit, &bias)) != nullptr;) {
            if (dwarf_haspc(unit, address - bias) > 0)
                return unit;
        }
        return nullptr;
    }

    void setLine(CodePlace &place, Dwarf_Die &unit, Dwarf_Addr address) const
    {
        Dwarf_Line *const line = dwarf_getsrc_die(&unit, address);
        const char *const file = line ? dwarf_linesrc(line, nullptr, nullptr) : nullptr;
        if (!file || dwarf_lineno(line, &place.line) != 0)
            return;
        place.file = file;
    }

    /// The functions around an address, the innermost first; none without debug symbols.
    std::vector<CodePlace> placesBySymbols(GElf_Addr address)
    {
        Dwarf_Addr bias = 0;
        Dwarf_Die *const unit = unitOf(address, bias);
        if (!unit)
            return {};
        std::vector<CodePlace> result;
        CodePlace place{.module = m_name};
        setLine(place, *unit, address - bias);
        Dwarf_Die *scopePointer = nullptr;
        const int count = dwarf_getscopes(unit, address - bias, &scopePointer);
        const std::unique_ptr<Dwarf_Die, Free> scopes(scopePointer);
        for (int i = 0; i < count; ++i) {
            Dwarf_Die &scope = scopePointer[i];
            const int tag = dwarf_tag(&scope);
            if (tag != DW_TAG_subprogram && tag != DW_TAG_inlined_subroutine)
                continue;
            place.function = nameOf(scope);
            place.isInlined = tag == DW_TAG_inlined_subroutine;
            result.push_back(place);
            if (!place.isInlined)
                return result;
            setCallPlace(place, scope, *unit);
        }
        place.function.clear();
        place.isInlined = false;
        result.push_back(place);
        return result;
    }

    std::string m_name;
    std::string m_problem = "the system's own code";
    DwflHandle m_dwfl;
    Dwfl_Module *m_module = nullptr; ///< of m_dwfl
    GElf_Addr m_bias = 0;
};

class Namer final : public CodeNamer
{
public:
    std::vector<CodePlace> places(const StackFrame &frame, const std::vector<StackModule> &modules) override
    {
        if (frame.module == StackFrame::NoModule || frame.module > modules.size())
            return {CodePlace{.note = "code that was made at run time"}};
        const StackModule &module = modules[frame.module - 1];
        std::unique_ptr<ModuleFile> &file = m_files[{module.file, module.buildId}];
        if (!file)
            file = std::make_unique<ModuleFile>(module);
        return file->places(frame.offset);
    }

private:
    std::map<std::pair<std::string, std::string>, std::unique_ptr<ModuleFile>> m_files;
};

} // namespace

std::unique_ptr<CodeNamer> makeCodeNamer()
{
    return std::make_unique<Namer>();
}

} // namespace Flywheel
