import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "../support/build";

/** A field of an interface, or a property of a class. */
export interface Member {
  readonly name: string;
  readonly isOptional: boolean;
  /** Its `@default`, in one line; `undefined` if it has none. */
  readonly defaultsTo: string | undefined;
}

/** The fields of an interface, or the public properties of a class's objects, in the order of the file. */
export function membersOf(file: string, name: string): Member[] {
  const declaration = find(file, name);
  if (!ts.isInterfaceDeclaration(declaration) && !ts.isClassDeclaration(declaration)) throw notFound(file, name);
  return [...declaration.members].filter(isPublicProperty).map((member) => ({
    name: member.name.getText(),
    isOptional: member.questionToken !== undefined,
    defaultsTo: tagOf(member, "default"),
  }));
}

/** The members of a type that is a union of strings. */
export function stringsOf(file: string, name: string): string[] {
  const declaration = find(file, name);
  if (!ts.isTypeAliasDeclaration(declaration) || !ts.isUnionTypeNode(declaration.type)) throw notFound(file, name);
  return declaration.type.types.flatMap((type) =>
    ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal) ? [type.literal.text] : [],
  );
}

/** The names of an object's properties, in the order of the file. */
export function keysOf(file: string, name: string): string[] {
  return Object.keys(propertiesOf(find(file, name)));
}

/** One property of each entry of an object, as its source text: `{ a: { share: 0.5 } }` gives `{ a: "0.5" }`. */
export function propertyOfEach(file: string, name: string, property: string): Readonly<Record<string, string>> {
  const entries = Object.entries(propertiesOf(find(file, name)));
  return Object.fromEntries(entries.map(([key, value]) => [key, propertiesOf(value)[property]?.getText() ?? ""]));
}

function find(file: string, name: string): ts.Node {
  const text = readFileSync(join(ROOT, file), "utf8");
  const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const declared = statements.flatMap((statement): ts.Declaration[] =>
    ts.isVariableStatement(statement)
      ? [...statement.declarationList.declarations]
      : ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isTypeAliasDeclaration(statement)
        ? [statement]
        : [],
  );
  const found = declared.find((declaration) => ts.getNameOfDeclaration(declaration)?.getText() === name);
  if (found === undefined) throw notFound(file, name);
  return found;
}

function notFound(file: string, name: string): Error {
  return new Error(`Cannot find "${name}" in ${file}, or it is declared otherwise than this test expects`);
}

type Property = ts.PropertySignature | ts.PropertyDeclaration | ts.GetAccessorDeclaration;

function isPublicProperty(member: ts.Node): member is Property {
  if (ts.isPropertySignature(member)) return true;
  if (!ts.isPropertyDeclaration(member) && !ts.isGetAccessorDeclaration(member)) return false;
  const hidden = ts.ModifierFlags.Static | ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return (ts.getCombinedModifierFlags(member) & hidden) === 0 && tagOf(member, "internal") === undefined;
}

function tagOf(node: ts.Node, name: string): string | undefined {
  const tag = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === name);
  return tag && (ts.getTextOfJSDocComment(tag.comment) ?? "").replace(/\s+/g, " ");
}

function propertiesOf(node: ts.Node): Readonly<Record<string, ts.Expression>> {
  if (ts.isVariableDeclaration(node) && node.initializer !== undefined) return propertiesOf(node.initializer);
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return propertiesOf(node.expression);
  if (!ts.isObjectLiteralExpression(node)) return {};
  const assigned = node.properties.filter((property) => ts.isPropertyAssignment(property));
  return Object.fromEntries(assigned.map(({ name, initializer }) => [name.getText(), initializer]));
}
