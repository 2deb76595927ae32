#!/usr/bin/env python3
"""Writes roles.facts: the RBAC objects that upstream makes when it starts.

usage: import_roles.py <kubernetes source>/plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata > roles.facts

Run by hand, once per Kubernetes version; needs PyYAML.
"""
import sys
import yaml

FILES = ["cluster-roles.yaml", "controller-roles.yaml", "namespace-roles.yaml",
         "cluster-role-bindings.yaml", "controller-role-bindings.yaml",
         "namespace-role-bindings.yaml"]
USUAL_LABEL = ("kubernetes.io/bootstrapping", "rbac-defaults")


def words(items):
    return ",".join(item or "core" for item in items or [])


def head(item):
    metadata = item["metadata"]
    where = metadata.get("namespace", "")
    line = item["kind"].lower() + " " + (where + "/" if where else "") + metadata["name"]
    labels = [(k, v) for k, v in sorted(metadata.get("labels", {}).items()) if (k, v) != USUAL_LABEL]
    return [line] + [f"  label {k}={v}" for k, v in labels]


def body(item):
    for selector in item.get("aggregationRule", {}).get("clusterRoleSelectors", []):
        for key, value in selector["matchLabels"].items():
            assert value == "true"
            yield f"  aggregates {key}"
    for rule in item.get("rules") or []:
        if rule.get("nonResourceURLs"):
            yield f"  path {words(rule['verbs'])} | {words(rule['nonResourceURLs'])}"
        else:
            names = f" | {words(rule['resourceNames'])}" if rule.get("resourceNames") else ""
            yield (f"  allow {words(rule['verbs'])} | {words(rule['apiGroups'])}"
                   f" | {words(rule['resources'])}{names}")
    if "roleRef" in item:
        yield f"  role {item['roleRef']['kind']} {item['roleRef']['name']}"
    for subject in item.get("subjects") or []:
        where = subject.get("namespace", "")
        yield f"  subject {subject['kind']} {where + '/' if where else ''}{subject['name']}"


for name in FILES:
    with open(f"{sys.argv[1]}/{name}") as source:
        for item in yaml.safe_load(source)["items"]:
            print("\n".join(head(item) + list(body(item))))
