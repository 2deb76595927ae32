#!/usr/bin/env python3
"""Writes rbac.facts: the default roles and bindings of a Kubernetes version, as one line per fact.

usage: rbac.py FOLDER > control/src/main/resources/troupe/rbac.facts

FOLDER holds the YAML lists of upstream's RBAC bootstrap policy (cluster-roles.yaml, ...). Run by hand, once per
Kubernetes version.
"""
import sys, yaml, pathlib

folder = pathlib.Path(sys.argv[1])
names = ["cluster-roles", "cluster-role-bindings", "controller-roles", "controller-role-bindings",
         "namespace-roles", "namespace-role-bindings"]

def words(values):
    return ",".join('""' if v == "" else v for v in values or []) or "-"

for name in names:
    for item in yaml.safe_load((folder / (name + ".yaml")).read_text())["items"]:
        meta = item["metadata"]
        place = meta.get("namespace", "-")
        labels = [f"{k}={v}" for k, v in sorted((meta.get("labels") or {}).items())
                  if k != "kubernetes.io/bootstrapping"]
        if item["kind"].endswith("Role"):
            print("role", place, meta["name"], *labels)
            for selector in (item.get("aggregationRule") or {}).get("clusterRoleSelectors", []):
                print("  gathers", *[f"{k}={v}" for k, v in sorted(selector["matchLabels"].items())])
            if not item.get("aggregationRule"):
                for rule in item.get("rules") or []:
                    print("  rule", words(rule["verbs"]), words(rule.get("apiGroups")), words(rule.get("resources")),
                          words(rule.get("resourceNames")), words(rule.get("nonResourceURLs")))
        else:
            print("binding", place, meta["name"], item["roleRef"]["kind"], item["roleRef"]["name"], *labels)
            for subject in item.get("subjects") or []:
                print("  subject", subject["kind"], subject.get("namespace", "-"), subject["name"])
