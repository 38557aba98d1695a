"""Translates SAM templates as AWS does when it deploys them, and writes what comes of each as JSON.

Usage: translate.py FOLDER TEMPLATE...
Templates without the transform are written as they are, in JSON. Intrinsic functions keep their long form.
"""

import json
import pathlib
import sys

from samcli.yamlhelper import yaml_parse
from samtranslator.translator.transform import transform


class NoManagedPolicies:
    """Names of AWS-managed policies are looked up in IAM. The templates name none, so none is known."""

    def load(self):
        return {}


def uploaded(template):
    """`sam deploy` uploads what a function's CodeUri names, and AWS never sees another form of it."""
    for name, resource in template.get("Resources", {}).items():
        properties = resource.get("Properties", {})
        if resource.get("Type") == "AWS::Serverless::Function" and isinstance(properties.get("CodeUri"), str):
            properties["CodeUri"] = f"s3://uploaded/{name}"
    return template


def translated(text):
    template = json.loads(json.dumps(yaml_parse(text), default=str))
    if "Transform" not in template:
        return template
    return transform(uploaded(template), {}, NoManagedPolicies())


def main(folder, files):
    failed = False
    for file in map(pathlib.Path, files):
        try:
            result = translated(file.read_text(encoding="utf-8"))
        except Exception as error:  # whatever the translator throws is said with the template's name
            print(f"{file}: {getattr(error, 'message', error)}", *getattr(error, "causes", []), sep="\n  ")
            failed = True
            continue
        target = pathlib.Path(folder, f"{file.stem}.json")
        target.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
