# SPDX-License-Identifier: MIT
"""The types of a namespace, with sizes and offsets, as text: read from debugging information, by readelf(1)."""
import os
import re
import subprocess

ENTRY = re.compile(r"^ <(\d+)><([0-9a-f]+)>: Abbrev Number: \d+ \(DW_TAG_(\w+)\)")
# "DW_AT_name: (indirect string, offset: 0x7): Options"; later readelfs: "DW_AT_name: (strp) (offset: 0x7): Options"
ATTRIBUTE = re.compile(r"^ +<[0-9a-f]+> +DW_AT_(\w+) *: (?:\(indirect[^)]*\): |\(\w+\) (?:\(offset: \w+\): )?)?(.*)")
SCOPES = {"namespace", "class_type", "structure_type", "union_type"}
KINDS = {"class_type": "class", "structure_type": "struct", "union_type": "union"}


def output_of(*command):
    environment = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


class Entry:
    def __init__(self, tag, parent):
        self.tag = tag
        self.parent = parent
        self.children = []
        self.attributes = {}

    def number(self, name):
        return int(self.attributes[name].split()[0], 0)

    def qualified(self):
        """The name with its scopes, without inline namespaces such as std::__cxx11."""
        name = self.attributes.get("name", "(unnamed)")
        scope = self.parent
        while scope and "export_symbols" in scope.attributes:
            scope = scope.parent
        return f"{scope.qualified()}::{name}" if scope and scope.tag in SCOPES else name


def read(path):
    """The entries of an object file, by their offsets."""
    entries, open_entries = {}, []
    for line in output_of("readelf", "--debug-dump=info", path).splitlines():
        if begin := ENTRY.match(line):
            del open_entries[int(begin.group(1)):]
            parent = open_entries[-1] if open_entries else None
            entry = Entry(begin.group(3), parent)
            if parent:
                parent.children.append(entry)
            open_entries.append(entry)
            entries[begin.group(2)] = entry
        elif (attribute := ATTRIBUTE.match(line)) and open_entries:
            open_entries[-1].attributes[attribute.group(1)] = attribute.group(2)
    return entries


class Layouts:
    def __init__(self, path):
        self.entries = read(path)

    def type_of(self, entry):
        """The type that an entry refers to, as C++ writes it."""
        reference = re.search(r"<0x([0-9a-f]+)>", entry.attributes.get("type", ""))
        return self.type_name(self.entries[reference.group(1)]) if reference else "void"

    def type_name(self, entry):
        if entry.tag == "subroutine_type":
            parameters = [self.type_of(child) for child in entry.children if child.tag == "formal_parameter"]
            return f"{self.type_of(entry)} ({', '.join(parameters)})"
        if entry.tag == "array_type":
            bounds = [child.attributes.get("upper_bound", "?") for child in entry.children]
            return self.type_of(entry) + "".join(f"[0..{bound}]" for bound in bounds)
        around = {"const_type": "const {}", "volatile_type": "volatile {}", "pointer_type": "{} *",
                  "reference_type": "{} &", "rvalue_reference_type": "{} &&"}
        return around[entry.tag].format(self.type_of(entry)) if entry.tag in around else entry.qualified()

    def members(self, entry):
        for child in entry.children:
            name = child.attributes.get("name", "")
            if "data_member_location" in child.attributes:
                what = "base " + self.type_of(child) if child.tag == "inheritance" else f"{self.type_of(child)} {name}"
                yield f"{child.number('data_member_location'):6} {what}"
            elif child.tag == "enumerator":
                yield f"       {name} = {child.attributes['const_value']}"
            elif "const_value" in child.attributes:
                yield f"       constant {name} = {child.attributes['const_value']}"

    def signature(self, function):
        parameters = [self.type_of(child) for child in function.children
                      if child.tag == "formal_parameter" and "artificial" not in child.attributes]
        return f"{self.type_of(function)} {function.attributes['name']}({', '.join(parameters)})"

    def functions(self, entry):
        """Virtual functions, and public ones that have a result: the names of symbols do not tell it."""
        virtual = {}
        for child in entry.children:
            default = "1" if entry.tag == "structure_type" else "3"
            is_public = child.attributes.get("accessibility", default).startswith("1")
            if slot := re.search(r"DW_OP_constu: (\d+)", child.attributes.get("vtable_elem_location", "")):
                virtual[int(slot.group(1))] = self.signature(child)
            elif child.tag == "subprogram" and is_public and "type" in child.attributes:
                yield f"       function {self.signature(child)}"
        yield from (f"       virtual {slot}: {virtual[slot]}" for slot in sorted(virtual))

    def describe(self, namespace):
        """One paragraph of lines for each type and constant of a namespace, in the order of their names."""
        found = {}
        for entry in self.entries.values():
            name = entry.qualified() if entry.tag in {*KINDS, "enumeration_type", "variable"} else ""
            if not name.startswith(namespace + "::"):
                continue
            if entry.tag == "variable":
                if "const_value" in entry.attributes and entry.parent.tag == "namespace":
                    found[name] = [f"constant {name} = {entry.attributes['const_value']}"]
            elif "byte_size" in entry.attributes:
                kind = KINDS.get(entry.tag) or f"enum ({self.type_of(entry)})"
                found[name] = [f"{kind} {name}: {entry.number('byte_size')} bytes", *self.members(entry),
                               *self.functions(entry)]
        return [found[name] for name in sorted(found)]
