"""Reads struct types of Go packages: what JSON and protobuf tags, pointers and omitempty say.

Only facts are taken: names, types, tags and list markers; no comments' text.
"""

import pathlib
import re

FIELD = re.compile(r'^\t(?:(\w+(?:, \w+)*)\s+)?(\S.*?)\s*`([^`]*)`')
STRUCT = re.compile(r'^type (\w+) struct ?\{(\}?)')
NAMED = re.compile(r'^(?:type |\t)(\w+) =? ?(\[\]\S+|map\[\S+|[a-z]\w*(?:\.\w+)?)\s*(?://.*)?$')
TAG = re.compile(r'(\w+):"([^"]*)"')


class Field:
    """A struct field: its JSON name ("" when embedded flat), Go type and protobuf number."""

    def __init__(self, name, go_type, options, number, tags):
        self.name, self.go_type, self.options = name, go_type, options
        self.number, self.tags = number, tags

    @property
    def pointer(self):
        return self.go_type.startswith('*')


class Package:
    def __init__(self, directory):
        self.structs, self.named, self.imports = {}, {}, {}
        for file in sorted(pathlib.Path(directory).glob('*.go')):
            skipped = file.name.startswith('zz_') or file.name.endswith('_test.go')
            if skipped or file.name == 'generated.pb.go' or 'swagger_doc' in file.name:
                continue
            self._read(file.read_text())
        proto = pathlib.Path(directory) / 'generated.proto'
        self.messages = _messages(proto.read_text()) if proto.exists() else {}

    def _read(self, text):
        for alias, path in re.findall(r'^\t(\w+)? ?"(k8s\.io/[^"]+)"', text, re.M):
            self.imports[alias or path.rsplit('/', 1)[1]] = path
        struct = None
        for line in text.splitlines():
            opened = STRUCT.match(line)
            if opened:
                struct = self.structs.setdefault(opened[1], [])
                struct = None if opened[2] else struct
            elif line.startswith('}'):
                struct = None
            elif struct is not None:
                field = _field(line)
                if field:
                    struct.append(field)
            else:
                named = NAMED.match(line)
                if named and line.startswith('type '):
                    self.named[named[1]] = named[2]


def _field(line):
    found = FIELD.match(line)
    if not found or line.lstrip().startswith('//'):
        return None
    name, go_type, raw = found.groups()
    tags = dict(TAG.findall(raw))
    if tags.get('json') == '-' or ('json' not in tags and 'protobuf' not in tags):
        return None
    json_name, *options = tags.get('json', '').split(',')
    if name and not json_name and 'inline' not in options and 'json' in tags:
        json_name = name
    number = 0
    parts = tags.get('protobuf', '').split(',')
    if len(parts) > 1 and parts[1].isdigit():
        number = int(parts[1])
    return Field(json_name, go_type, options, number, tags)


def _messages(text):
    """Message name -> {field name: number} of a .proto file."""
    messages, name = {}, None
    for line in text.splitlines():
        opened = re.match(r'^message (\w+) \{', line)
        field = re.match(r'^  (?:optional|repeated|required|map).*?(\w+) = (\d+);', line)
        if opened:
            name = opened[1]
            messages[name] = {}
        elif field and name:
            messages[name][field[1]] = int(field[2])
        elif line.startswith('}'):
            name = None
    return messages
