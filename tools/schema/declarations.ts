import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** The shape of a value, as a type in TypeScript declares it. */
export type Shape =
  | { readonly kind: "string" | "number" | "boolean" }
  | { readonly kind: "array" | "map"; readonly of: Shape }
  | { readonly kind: "oneOf"; readonly values: readonly string[] }
  /** An object whose type has no name. */
  | { readonly kind: "object"; readonly members: Members }
  /** A named type, which is not resolved. */
  | { readonly kind: "named"; readonly name: string };

/** A property of an interface, or of a class's objects. */
export interface Member {
  readonly shape: Shape;
  readonly isOptional: boolean;
  /** Its doc comment as one text, with its `@change` and its `@default`. */
  readonly description: string;
}

export type Members = Readonly<Record<string, Member>>;

/** The parts of a doc comment. */
export interface Doc {
  readonly words: string;
  /** What a change does: "replaces the resource". */
  readonly change: string | undefined;
  readonly defaultsTo: string | undefined;
  /** The links in Markdown after `@see`. */
  readonly see: readonly string[];
}

interface DeclaredMember extends Member {
  readonly doc: Doc;
}

const ROOT = join(__dirname, "../..");

/**
 * Reads the public properties of an interface, of a class or of an object type.
 *
 * @param file - Below `src/`.
 */
export function membersOf(file: string, name: string): Readonly<Record<string, DeclaredMember>> {
  return readMembers(memberNodes(find(file, name)));
}

/** Reads the doc comment of a declaration as one text: without examples, parameters and references. */
export function descriptionOf(file: string, name: string): string {
  return describe(readDoc(find(file, name)));
}

/** Reads what the doc comment of a function says about a parameter. */
export function parameterOf(file: string, name: string, parameter: string): string {
  const tags = ts.getJSDocTags(find(file, name)).filter(ts.isJSDocParameterTag);
  const tag = tags.find((candidate) => candidate.name.getText() === parameter);
  return plainText(tag?.comment).replace(/^- /, "");
}

/** Reads the strings of a type that is a union of them. */
export function valuesOf(file: string, name: string): readonly string[] {
  const declaration = find(file, name);
  const shape = ts.isTypeAliasDeclaration(declaration) ? shapeOf(declaration.type) : undefined;
  if (shape?.kind !== "oneOf") throw unexpected(file, name);
  return shape.values;
}

function find(file: string, name: string): ts.Declaration {
  const text = readFileSync(join(ROOT, "src", file), "utf8");
  const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const declarations = statements.flatMap((statement): readonly ts.Declaration[] =>
    ts.isVariableStatement(statement)
      ? statement.declarationList.declarations
      : ts.isDeclarationStatement(statement)
        ? [statement]
        : [],
  );
  const found = declarations.find((declaration) => ts.getNameOfDeclaration(declaration)?.getText() === name);
  if (found === undefined) throw unexpected(file, name);
  return found;
}

type Property = ts.PropertySignature | ts.PropertyDeclaration | ts.GetAccessorDeclaration;

function memberNodes(declaration: ts.Declaration): readonly ts.Node[] {
  if (ts.isInterfaceDeclaration(declaration) || ts.isClassDeclaration(declaration)) return declaration.members;
  const type = ts.isTypeAliasDeclaration(declaration) ? declaration.type : undefined;
  const parts = type !== undefined && ts.isIntersectionTypeNode(type) ? type.types : [type];
  return parts.flatMap((part) => (part !== undefined && ts.isTypeLiteralNode(part) ? part.members : []));
}

function isPublicProperty(member: ts.Node): member is Property {
  if (ts.isPropertySignature(member)) return true;
  if (!ts.isPropertyDeclaration(member) && !ts.isGetAccessorDeclaration(member)) return false;
  const hidden = ts.ModifierFlags.Static | ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return (ts.getCombinedModifierFlags(member) & hidden) === 0;
}

function readMembers(nodes: readonly ts.Node[]): Readonly<Record<string, DeclaredMember>> {
  const members = nodes.filter(isPublicProperty);
  return Object.fromEntries(members.map((member) => [member.name.getText(), readMember(member)]));
}

function readMember(member: Property): DeclaredMember {
  const { type } = member;
  if (type === undefined) throw new Error(`Cannot read ${member.name.getText()}: it has no declared type`);
  const mayBeMissing = (node: ts.TypeNode): boolean =>
    ts.isUnionTypeNode(node) ? node.types.some(mayBeMissing) : node.kind === ts.SyntaxKind.UndefinedKeyword;
  const doc = readDoc(member);
  return {
    shape: shapeOf(type),
    isOptional: member.questionToken !== undefined || mayBeMissing(unwrap(type)),
    description: describe(doc),
    doc,
  };
}

function shapeOf(wrapped: ts.TypeNode): Shape {
  const type = unwrap(wrapped);
  if (ts.isArrayTypeNode(type)) return { kind: "array", of: shapeOf(type.elementType) };
  if (ts.isUnionTypeNode(type)) return shapeOfUnion(type);
  if (ts.isTypeLiteralNode(type)) return { kind: "object", members: readMembers(type.members) };
  if (type.kind === ts.SyntaxKind.StringKeyword) return { kind: "string" };
  if (type.kind === ts.SyntaxKind.NumberKeyword) return { kind: "number" };
  if (type.kind === ts.SyntaxKind.BooleanKeyword) return { kind: "boolean" };
  if (!ts.isTypeReferenceNode(type)) throw new Error(`Cannot read the type ${type.getText()}`);
  const [, value] = type.typeArguments ?? [];
  return value === undefined ? { kind: "named", name: type.getText() } : { kind: "map", of: shapeOf(value) };
}

function shapeOfUnion({ types }: ts.UnionTypeNode): Shape {
  const present = types.filter((type) => !isAbsence(type));
  const values = present.flatMap((type) =>
    ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal) ? [type.literal.text] : [],
  );
  if (values.length === present.length) return { kind: "oneOf", values };
  const [only, ...others] = present;
  if (only === undefined || others.length > 0) throw new Error("Cannot read a union that is not of strings");
  return shapeOf(only);
}

function isAbsence(type: ts.TypeNode): boolean {
  if (ts.isLiteralTypeNode(type)) return type.literal.kind === ts.SyntaxKind.NullKeyword;
  return type.kind === ts.SyntaxKind.UndefinedKeyword;
}

// Types that say how a value arrives, and not what it is.
const WRAPPERS = ["pulumi.Input", "pulumi.Output", "Readonly"];

function unwrap(type: ts.TypeNode): ts.TypeNode {
  if (ts.isTypeOperatorNode(type) || ts.isParenthesizedTypeNode(type)) return unwrap(type.type);
  const [inner] =
    ts.isTypeReferenceNode(type) && WRAPPERS.includes(type.typeName.getText()) ? (type.typeArguments ?? []) : [];
  return inner === undefined ? type : unwrap(inner);
}

function readDoc(node: ts.Node): Doc {
  const comment = ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc);
  const tags = (name: string) => ts.getJSDocTags(node).filter(({ tagName }) => tagName.text === name);
  const first = (name: string) => tags(name).map((tag) => plainText(tag.comment))[0];
  return {
    words: plainText(comment?.comment),
    change: first("change"),
    defaultsTo: first("default"),
    see: tags("see").flatMap((tag) => /\[.+\]\(.+\)/.exec(tag.getText()) ?? []),
  };
}

function describe({ words, change, defaultsTo }: Doc): string {
  const parts = [words, change && `A change ${change}.`, defaultsTo && `Default: ${defaultsTo}.`];
  return parts.filter(Boolean).join("\n\n");
}

// Text that fits every language: lines joined, links replaced by their last name, and no words of TypeScript.
function plainText(comment: ts.JSDoc["comment"]): string {
  return (ts.getTextOfJSDocComment(comment) ?? "")
    .replace(/\{@link (?:\w+\.)?(\w+)\}/g, "`$1`")
    .replaceAll("`undefined`", "absent")
    .replace(/ Not stored\.$/, "")
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.replace(/\n(?!- )\s*/g, " ").trim())
    .join("\n\n");
}

function unexpected(file: string, name: string): Error {
  return new Error(`Cannot find "${name}" in src/${file}, or it is declared in another form`);
}
