#!/usr/bin/env python3
"""Writes the kind facts of one Kubernetes version. See README.md beside this file."""

import argparse
import collections
import json
import pathlib
import re

from go_types import Package

META = 'io.k8s.apimachinery.pkg.apis.meta.v1'
LEAVES = {
    META + '.Time': 'time',
    META + '.MicroTime': 'micro-time',
    META + '.FieldsV1': 'any',
    META + '.Patch': 'any',
    'io.k8s.apimachinery.pkg.api.resource.Quantity': 'quantity',
    'io.k8s.apimachinery.pkg.runtime.RawExtension': 'any',
    'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'int-or-string',
}
ANY_OF_APIEXTENSIONS = ('JSON', 'JSONSchemaPropsOrArray', 'JSONSchemaPropsOrBool', 'JSONSchemaPropsOrStringArray')
# Bodies that upstream serves but leaves out of its OpenAPI: derived from the Go types alone.
EXTRA = {
    META: ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList', 'List'],
    'io.k8s.api.apidiscovery.v2': ['APIGroupDiscoveryList'],
    'io.k8s.api.admission.v1': ['AdmissionReview'],
}
GROUPS = {  # fact package -> apiVersion of its kinds; others are <first label>.k8s.io or the bare name
    'core': '', 'apps': 'apps', 'batch': 'batch', 'autoscaling': 'autoscaling', 'policy': 'policy',
    'rbac': 'rbac.authorization.k8s.io', 'flowcontrol': 'flowcontrol.apiserver.k8s.io',
}
SOURCES = {
    'io.k8s.apiextensions-apiserver.': 'apiextensions-apiserver', 'io.k8s.kube-aggregator.': 'kube-aggregator',
    'io.k8s.apimachinery.': 'apimachinery', 'io.k8s.api.': 'api',
}
GO_SCALARS = {'string': 'string', 'bool': 'boolean', 'int32': 'int32', 'int64': 'int64', 'int': 'int32',
              'float64': 'double', '[]byte': 'bytes', 'uint8': 'int32', 'interface{}': 'any', 'any': 'any'}


def is_stable(package):
    return re.fullmatch(r'v\d+', package.rsplit('.', 1)[1]) is not None


def split(definition):
    package, _, name = definition.rpartition('.')
    return package, name


class Importer:
    def __init__(self, modules, version):
        self.modules = modules
        self.kubernetes = modules / ('kubernetes@v' + version)
        self.minor = 'v0.' + version.split('.', 1)[1]
        spec = self.kubernetes / 'api/openapi-spec'
        self.swagger = json.loads((spec / 'swagger.json').read_text())['definitions']
        self.schemas = {}
        for file in sorted((spec / 'v3').glob('*.json')):
            self.schemas.update(json.loads(file.read_text()).get('components', {}).get('schemas', {}))
        self.enums = read_enums(self.kubernetes / 'pkg/generated/openapi/zz_generated.openapi.go')
        self.packages = {}

    def go(self, package):
        if package not in self.packages:
            prefix = next(p for p in SOURCES if package.startswith(p))
            module = SOURCES[prefix]
            path = package[len(prefix):].replace('.', '/')
            self.packages[package] = Package(self.modules / f'{module}@{self.minor}' / path)
        return self.packages[package]

    # ---- the fields of a struct, embedded ones flat -------------------------------------------

    def fields(self, package, name):
        """Yields (field, protobuf path, package of its type names) in source order."""
        for field in self.go(package).structs.get(name, []):
            if field.name:
                yield field, [field.number] if field.number else [], package
            elif field.go_type.endswith('TypeMeta'):
                continue
            else:
                inner_package, inner = self.resolve(package, field.go_type.lstrip('*'))
                if inner == 'ObjectMeta' or inner == 'ListMeta':
                    raise ValueError(f'{package}.{name} embeds {inner} without a name')
                for deep, path, where in self.fields(inner_package, inner):
                    yield deep, ([field.number] + path if field.number and path else []), where

    def resolve(self, package, go_type):
        if '.' not in go_type:
            return package, go_type
        alias, name = go_type.split('.')
        path = self.go(package).imports[alias]
        return 'io.' + path.replace('k8s.io/', 'k8s.').replace('/', '.'), name

    # ---- types --------------------------------------------------------------------------------

    def swagger_type(self, prop, go_type, package):
        if '$ref' in prop:
            return prop['$ref'].rsplit('/', 1)[1]
        kind = prop.get('type')
        if kind == 'array':
            named = go_type.lstrip('*')
            if go_type and not named.startswith('['):
                where, name = self.resolve(package, named)
                if name in self.go(where).messages and name not in self.go(where).structs:
                    return where + '.' + name
                named = self.go(where).named.get(name, '')
                package = where
            return '[' + self.swagger_type(prop['items'], named[2:] if named else '', package) + ']'
        if 'additionalProperties' in prop:
            named = go_type.lstrip('*')
            if named and not named.startswith('map['):
                where, name = self.resolve(package, named)
                named, package = self.go(where).named.get(name, ''), where
            value = named.split(']', 1)[1] if named else ''
            return '{' + self.swagger_type(prop['additionalProperties'], value, package) + '}'
        if kind == 'string' and prop.get('format') == 'byte':
            return 'bytes'
        if kind == 'integer':
            return prop.get('format', 'int32')
        if kind == 'number':
            return 'double'
        if kind == 'object' or kind is None:
            return 'any'
        return kind

    def go_type(self, text, package):
        text = text.lstrip('*')
        if text in GO_SCALARS:
            return GO_SCALARS[text]
        if text.startswith('[]'):
            return '[' + self.go_type(text[2:], package) + ']'
        if text.startswith('map['):
            return '{' + self.go_type(text.split(']', 1)[1], package) + '}'
        where, name = self.resolve(package, text)
        if where == 'io.k8s.apimachinery.pkg.types':
            return 'string'
        definition = where + '.' + name
        if definition in LEAVES or definition in self.swagger:
            return definition
        here = self.go(where)
        if name in here.structs:
            return definition
        if name in here.messages:
            return definition
        return self.go_type(here.named[name], where)

    # ---- lines --------------------------------------------------------------------------------

    def definition(self, full):
        package, name = split(full)
        swagger = self.swagger.get(full)
        properties = dict((swagger or {}).get('properties', {}))
        required = set((swagger or {}).get('required', []))
        schema = self.schemas.get(full, {}).get('properties', {})
        enums = self.enums.get(full, {})
        lines = []
        if swagger is None or 'apiVersion' in properties and 'kind' in properties and self.is_kind(full):
            properties.pop('apiVersion', None)
            properties.pop('kind', None)
        for field, path, where in self.fields(package, name):
            prop = properties.pop(field.name, None)
            if prop is None and swagger is not None:
                continue
            kind = self.swagger_type(prop, field.go_type, where) if prop is not None else self.go_type(field.go_type, where)
            words = [field.name, '.'.join(map(str, path)) or '0', kind + presence(field, kind)]
            words += self.marks(prop or {}, schema.get(field.name, {}), field.name in required, enums.get(field.name))
            if words[2].endswith('!') and words[-1] in ('default=0', 'default=""', 'default=false', 'default={}'):
                words.pop()  # follows from being always written
            go_name = self.go_name(field.go_type.lstrip('*'), where)
            if go_name != go_name_of(kind):
                words.append('go=' + go_name)
            lines.append(words)
        if properties:
            raise ValueError(f'{full}: not in the Go struct: {sorted(properties)}')
        return lines

    def go_name(self, text, package):
        """A Go type as reflection prints it, which is how the decoder's messages name it."""
        if text.startswith('[]'):
            return '[]' + self.go_name(text[2:], package)
        if text.startswith('*'):
            return '*' + self.go_name(text[1:], package)
        if text.startswith('map['):
            key, value = text[4:].split(']', 1)
            return 'map[' + self.go_name(key, package) + ']' + self.go_name(value, package)
        if text in ('byte', 'interface{}', 'any') or text in GO_SCALARS:
            return {'byte': 'uint8', 'any': 'interface {}', 'interface{}': 'interface {}'}.get(text, text).replace(' ', '')
        where, name = self.resolve(package, text)
        return where.rsplit('.', 1)[1] + '.' + name

    def embeds(self, package, name, path=()):
        """The embedded structs of a definition: protobuf path and Go name."""
        found = []
        for field in self.go(package).structs.get(name, []):
            if not field.name and field.number:
                where, inner = self.resolve(package, field.go_type.lstrip('*'))
                here = path + (str(field.number),)
                found.append('.'.join(here) + ':' + inner)
                found += self.embeds(where, inner, here)
        return found

    def is_kind(self, full):
        return bool(self.kind_words(full))

    def marks(self, prop, schema, required, enum):
        words = ['required'] if required else []
        if 'x-kubernetes-list-type' in prop:
            keys = prop.get('x-kubernetes-list-map-keys')
            words.append('list=' + prop['x-kubernetes-list-type'] + (':' + ','.join(keys) if keys else ''))
        if prop.get('x-kubernetes-map-type'):
            words.append(prop['x-kubernetes-map-type'])
        if 'x-kubernetes-patch-strategy' in prop:
            key = prop.get('x-kubernetes-patch-merge-key')
            words.append('patch=' + prop['x-kubernetes-patch-strategy'] + (':' + key if key else ''))
        default = schema.get('default')
        trivial = default in ('', {}) or 'allOf' in schema and not default
        if default is not None and not trivial:
            words.append('default=' + json.dumps(default, separators=(',', ':')))
        if enum:
            words.append('enum=' + '|'.join(enum).replace(' ', '\\s'))
        return words

    def kind_words(self, full):
        package, name = split(full)
        kinds = (self.swagger.get(full) or {}).get('x-kubernetes-group-version-kind', [])
        if not kinds:
            if full == META + '.List':
                return ['kind=v1']
            return ['kind'] if name in EXTRA.get(package, []) else []
        if len(kinds) > 1:
            return ['kind=*'] if 'kind' in self.swagger[full]['properties'] else ['kind=*', 'untyped']
        mine = '/'.join(filter(None, [kinds[0]['group'], kinds[0]['version']]))
        return ['kind'] if mine == api_version(package) else ['kind=' + mine]

    def blocks(self):
        """Every stable definition, the extra ones, and whatever these refer to."""
        blocks = {}
        queue = [n for n in self.swagger if is_stable(split(n)[0])]
        queue += [f'{package}.{name}' for package, names in EXTRA.items() for name in names]
        while queue:
            full = queue.pop()
            if full in blocks or full in LEAVES or split(full)[1] in ANY_OF_APIEXTENSIONS:
                continue
            if split(full)[1] not in self.go(split(full)[0]).structs:
                continue  # a named list, written as an alias
            blocks[full] = self.definition(full)
            for words in blocks[full]:
                queue += re.findall(r'io\.k8s\.[\w.\-]+', words[2])
        return blocks


def presence(field, kind):
    """'?': a pointer, so a present zero counts; '!': written even when empty; '': empty means absent."""
    if field.pointer:
        return '?' if 'omitempty' in field.options else '?!'
    omitted = 'omitzero' in field.options or ('omitempty' in field.options and kind_can_be_empty(kind))
    return '' if omitted else '!'


GO_NAMES = {'bytes': '[]uint8', 'boolean': 'bool', 'double': 'float64', 'any': 'interface{}'}


def go_name_of(kind):
    """The Go type that a reader of the facts assumes."""
    if kind.startswith('['):
        return '[]' + go_name_of(kind[1:-1])
    if kind.startswith('{'):
        return 'map[string]' + go_name_of(kind[1:-1])
    return '.'.join(kind.split('.')[-2:]) if '.' in kind else GO_NAMES.get(kind, kind)


def kind_can_be_empty(kind):
    """Go's omitempty leaves out empty scalars, lists and maps; never structs."""
    return kind[0] in '[{' or '.' not in kind or kind.endswith(('.ExtraValue', '.Verbs', '.AttestationValue'))


def api_version(package):
    if package == META:
        return 'meta.k8s.io/v1'
    group, version = package.split('.')[-2:]
    name = GROUPS.get(group, group + '.k8s.io')
    return f'{name}/{version}' if name else version


def read_enums(file):
    """definition -> {property: [values]} from the generated OpenAPI's Enum lists."""
    enums, definition, names = {}, None, []
    for line in file.read_text().splitlines():
        opened = re.match(r'^func schema_(\w+)\(ref', line)
        if opened:
            definition, names = opened[1], []
        prop = re.match(r'^(\t+)"([^"]+)": \{$', line)
        if prop and len(prop[1]) == 5:
            names = [prop[2]]
        values = re.match(r'^\t+Enum:\s+\[\]interface\{\}\{(.*)\},$', line)
        if values and names:
            enums.setdefault(definition, {})[names[0]] = re.findall(r'"([^"]*)"', values[1])
    return {go_function_to_definition(k): v for k, v in enums.items()}


def go_function_to_definition(function):
    """k8sio_api_core_v1_Container -> io.k8s.api.core.v1.Container."""
    for prefix, package in (('k8sio_api_', 'io.k8s.api.'), ('pkg_apis_meta_v1_', META + '.'),
                            ('pkg_apis_apiextensions_v1_', 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.'),
                            ('pkg_apis_apiregistration_v1_', 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.')):
        if function.startswith(prefix):
            return package + function[len(prefix):].replace('_', '.')
    return function


def write_definitions(importer, out):
    blocks = importer.blocks()
    packages = collections.defaultdict(list)
    for full in blocks:
        packages[split(full)[0]].append(full)
    wrapped = collections.defaultdict(set)
    for full in LEAVES:
        packages[split(full)[0]] += []
    for package in packages:
        for name, go_type in importer.go(package).named.items():
            if go_type.startswith('[]') and name in importer.go(package).messages:
                wrapped[package].add((name, '[' + importer.go_type(go_type[2:], package) + ']'))
    written = []
    for package, fulls in sorted(packages.items()):
        aliases = [(split(n)[1], t) for n, t in LEAVES.items() if split(n)[0] == package] + sorted(wrapped[package])
        if 'apiextensions' in package:
            aliases += [(n, 'any') for n in ANY_OF_APIEXTENSIONS]
        uses = {}
        body = []
        for name, kind in aliases:
            body.append(f'{name} = {kind}')
        for full in sorted(fulls):
            head = [split(full)[1]] + importer.kind_words(full)
            definition = importer.swagger.get(full, {})
            if definition.get('x-kubernetes-map-type'):
                head.append(definition['x-kubernetes-map-type'])
            embeds = importer.embeds(*split(full))
            if embeds:
                head.append('embeds=' + ','.join(embeds))
            body += ['', ' '.join(head)]
            for words in blocks[full]:
                words[2] = re.sub(r'io\.k8s\.[\w.\-]+', lambda m: short(m[0], package, uses), words[2])
                body.append('  ' + ' '.join(words))
        name = package.removeprefix('io.k8s.').removeprefix('api.').replace('pkg.apis.', '')
        lines = ['package ' + package]
        if package.rsplit('.', 1)[1].startswith('v'):
            lines.append('version ' + api_version(package))
        lines += [f'use {alias} {target}' for alias, target in sorted(uses.items())]
        (out / (name + '.facts')).write_text('\n'.join(lines + [''] * (body[0] != '') + body) + '\n')
        version = api_version(package) if lines[1:] and lines[1].startswith('version') else ''
        written.append(f'{name}.facts {package} {version}'.rstrip())
    return written


def short(full, package, uses):
    where, name = split(full)
    if where == package:
        return name
    parts = where.split('.')
    alias = '-'.join(parts[-2:]) if parts[-1].startswith('v') else parts[-1]
    uses[alias] = where
    return alias + '.' + name


# Two groups that show the same objects; upstream names them in its storage factory.
STORED_IN = {'events.k8s.io': 'v1'}
VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']


def write_resources(importer, out):
    directory = importer.kubernetes / 'api/discovery'
    lines = []
    for group in [{'name': '', 'versions': [{'groupVersion': 'v1', 'version': 'v1'}]}] + json.loads((directory / 'apis.json').read_text())['groups']:
        for version in group['versions']:
            if not re.fullmatch(r'v\d+', version['version']):
                continue
            file = 'api__v1.json' if not group['name'] else f"apis__{group['name']}__{version['version']}.json"
            lines += ['', 'version ' + version['groupVersion']]
            resources = json.loads((directory / file).read_text())['resources']
            for resource in resources:
                if '/' not in resource['name']:
                    lines.append(resource_line(resource, group['name']))
                    lines += [sub_line(r, version) for r in resources if r['name'].startswith(resource['name'] + '/')]
            known = {r['name'] for r in resources}
            for resource in resources:
                if '/' in resource['name'] and resource['name'].split('/')[0] not in known:
                    raise ValueError('a subresource without its resource: ' + resource['name'])
    (out / 'resources.facts').write_text('\n'.join(lines[1:]) + '\n')


def resource_line(resource, group):
    words = [resource['name'], resource['kind'], resource['singularName'], 'namespaced' if resource['namespaced'] else 'cluster']
    if resource.get('shortNames'):
        words.append('short=' + ','.join(resource['shortNames']))
    if resource.get('categories'):
        words.append('categories=' + ','.join(resource['categories']))
    if group in STORED_IN:
        words.append('stored=' + STORED_IN[group])
    verbs = sorted(resource['verbs'])
    words.append('verbs=' + ('*' if verbs == VERBS else ','.join(verbs)))
    return '  ' + ' '.join(words)


def sub_line(resource, version):
    group = resource.get('group')
    # An absent group and version is that of the list; a version alone is the core group.
    body = version['groupVersion'] if not resource.get('version') else '/'.join(filter(None, [group, resource['version']]))
    return f"    /{resource['name'].split('/', 1)[1]} {body} {resource['kind']} verbs={','.join(sorted(resource['verbs']))}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('version', help='for example 1.37.2')
    parser.add_argument('--modules', type=pathlib.Path, required=True, help='the folder k8s.io of a Go module cache')
    parser.add_argument('--out', type=pathlib.Path, default=pathlib.Path(__file__).parent.parent / 'src/main/resources/io/troupe/api/kinds')
    arguments = parser.parse_args()
    importer = Importer(arguments.modules, arguments.version)
    arguments.out.mkdir(parents=True, exist_ok=True)
    for old in arguments.out.glob('*.facts'):
        old.unlink()
    files = write_definitions(importer, arguments.out)
    write_resources(importer, arguments.out)
    (arguments.out / 'index.facts').write_text(f'# Kubernetes {arguments.version}\n' + '\n'.join(files) + '\n')


if __name__ == '__main__':
    main()
