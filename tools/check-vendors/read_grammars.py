"""Prints as JSON the grammars that two packages hold: read_grammars.py <folder with the wheels> <table of FortiOS>...

The packages' source is parsed, and none of it is run.
"""

import ast
import json
import sys
from pathlib import Path
from zipfile import ZipFile

FORTIOS = "ansible_collections/fortinet/fortios/"


def main(folder, *tables):
    wheels = {path.name.split("-")[0]: ZipFile(path) for path in Path(folder).glob("*.whl")}
    grammars = {"fortios": read_fortios(wheels["ansible"], tables), "panos": read_panos(wheels["pan_os_python"])}
    json.dump(grammars, sys.stdout)


def read_fortios(wheel, tables):
    """Each module has its table's grammar in one literal. A table that does not exist is left out."""
    found = {}
    for table in tables:
        module = f"{FORTIOS}plugins/modules/fortios_{table}.py"
        if module in wheel.namelist():
            found[table] = literal_of("versioned_schema", ast.parse(wheel.read(module)))
    return found


def literal_of(name, module):
    for statement in module.body:
        if isinstance(statement, ast.Assign) and statement.targets[0].id == name:
            return ast.literal_eval(statement.value)
    raise SystemExit(f"There is no {name}")


def read_panos(wheel):
    """Each class has the paths of one kind of object in its method _setup."""
    classes = {}
    for statement in ast.parse(wheel.read("panos/network.py")).body:
        if isinstance(statement, ast.ClassDef):
            bases = [classes[base.id] for base in statement.bases if isinstance(base, ast.Name) and base.id in classes]
            classes[statement.name] = read_class(statement, bases)
    return classes


def read_class(definition, bases):
    found = {"path": None, "named": any(base["named"] for base in bases), "children": [], "params": []}
    for member in definition.body:
        if isinstance(member, ast.Assign) and member.targets[0].id == "SUFFIX":
            found["named"] = ast.unparse(member.value) == "ENTRY"
        elif isinstance(member, ast.Assign) and member.targets[0].id == "CHILDTYPES":
            found["children"] = [name.split(".")[-1] for name in ast.literal_eval(member.value)]
        elif isinstance(member, ast.FunctionDef) and member.name == "_setup":
            read_setup(member.body, found, {})
    return found


def read_setup(statements, found, names):
    """Follows what _setup appends, statement by statement; a later profile is that of a later version, and replaces the earlier."""
    for statement in statements:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            names[statement.targets[0].id] = value_of(statement.value, names)
        elif isinstance(statement, ast.For):
            for item in value_of(statement.iter, names):
                targets = statement.target.elts if isinstance(statement.target, ast.Tuple) else [statement.target]
                items = item if isinstance(statement.target, ast.Tuple) else [item]
                inner = {**names, **{target.id: value for target, value in zip(targets, items)}}
                read_setup(statement.body, found, inner)
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            read_call(statement.value, found, names)


def read_call(call, found, names):
    callee = ast.unparse(call.func)
    options = {keyword.arg: value_of(keyword.value, names) for keyword in call.keywords}
    if callee == "self._xpaths.add_profile" and found["path"] is None:
        found["path"] = options["value"]
    elif callee == "params.append":
        param = call.args[0]
        profile = {keyword.arg: value_of(keyword.value, names) for keyword in param.keywords}
        name = value_of(param.args[0], names)
        found["params"].append({"name": name, **{key: profile[key] for key in profile if key != "default"}})
    elif callee == "params[-1].add_profile":
        found["params"][-1] = {"name": found["params"][-1]["name"], **options}


def value_of(node, names):
    """A literal, with the names of loops in it; None for what is computed otherwise."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return value_of(node.left, names) + value_of(node.right, names)
    if isinstance(node, (ast.Tuple, ast.List)):
        return [value_of(item, names) for item in node.elts]
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


main(*sys.argv[1:])
