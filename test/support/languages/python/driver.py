"""Runs a program of examples/python by Pulumi's Automation API. Its arguments: test/support/languages/driver.ts."""

import json
import re
import runpy
import sys

from pulumi import automation


def main(command, project, report):
    stack = automation.select_stack(
        "dev",
        project_name=project,
        program=lambda: runpy.run_path("__main__.py"),
        opts=automation.LocalWorkspaceOptions(work_dir="."),
    )
    with open(report, "w", encoding="utf-8") as events:
        getattr(stack, command)(
            on_output=print,
            on_error=print,
            on_event=lambda event: print(json.dumps(as_json(event)), file=events),
        )


def as_json(value):
    """Writes an event as the CLI does, because the classes of the SDK cannot."""
    if isinstance(value, dict):
        return {key: as_json(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(part) for part in value]
    if hasattr(value, "__dict__") and not isinstance(value, str):
        return {camel_case(key): as_json(part) for key, part in vars(value).items() if part is not None}
    return value


def camel_case(name):
    return re.sub("_(.)", lambda match: match.group(1).upper(), name)


main(*sys.argv[1:])
