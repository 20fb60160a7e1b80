import { join, relative } from "node:path";
import ts from "typescript";
import { ROOT } from "../support/build";
import type { CodeBlock } from "./code-blocks";

/** What blocks may use without declaring it, because a reader's own program gets it from anywhere. */
const PRELUDE = `
/** IDs in Cloudflare, 32 hexadecimal characters each. */
declare const accountId: string;
declare const ipsecTunnelId: string;
/** A tunnel that the program creates. */
declare const tunnel: import("@pulumi/cloudflare").MagicWanIpsecTunnel;
/** \`new pulumi.Config()\` */
declare const config: import("@pulumi/pulumi").Config;
`;

/** Compiled as TypeScript, or as JavaScript with its types checked. */
export const COMPILED: readonly string[] = ["ts", "js"];

/**
 * Checks the types of blocks, in one program, with the repository's options and against the build, as a user's
 * compiler does. Blocks of one page can import each other if their first lines name them: `// branch.ts`.
 *
 * @returns A line for each mistake, "docs/test-your-stack.md:12: …".
 */
export function compile(blocks: readonly CodeBlock[]): string[] {
  const prelude = join(ROOT, "prelude.d.ts");
  const pathOf = new Map(blocks.map((block) => [fileOf(block), block.path]));
  const texts = new Map([[prelude, PRELUDE], ...blocks.map((block) => [fileOf(block), padded(block)] as const)]);

  const program = ts.createProgram([...texts.keys()], options(), hostOf(texts));
  return ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => file === undefined || texts.has(file.fileName))
    .map(({ file, start = 0, messageText }) => {
      const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
      const where = file === undefined ? "" : (pathOf.get(file.fileName) ?? relative(ROOT, file.fileName));
      return `${where}:${line}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
}

/** The name in a block's first line, if it has one. */
export function nameOf({ code }: CodeBlock): string | undefined {
  return /^\/\/ ([\w.-]+\.ts)\n/.exec(code)?.[1];
}

function fileOf(block: CodeBlock): string {
  return join(ROOT, `${block.path}.blocks`, nameOf(block) ?? `${block.line}.${block.language}`);
}

/** Below so many empty lines that a mistake has the line number of its page. */
function padded({ line, code }: CodeBlock): string {
  return "\n".repeat(line - 1) + code;
}

function options(): ts.CompilerOptions {
  const own = ts.getParsedCommandLineOfConfigFile(
    join(ROOT, "tsconfig.json"),
    { types: ["node"], moduleDetection: ts.ModuleDetectionKind.Force, allowJs: true, checkJs: true },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  if (own === undefined) throw new Error("Cannot compile: tsconfig.json cannot be read");
  return own.options;
}

function hostOf(texts: ReadonlyMap<string, string>): ts.CompilerHost {
  const host = ts.createCompilerHost({});
  return {
    ...host,
    fileExists: (path) => texts.has(path) || host.fileExists(path),
    readFile: (path) => texts.get(path) ?? host.readFile(path),
    directoryExists: () => true,
    getSourceFile: (path, version, ...rest) => {
      const text = texts.get(path);
      return text === undefined
        ? host.getSourceFile(path, version, ...rest)
        : ts.createSourceFile(path, text, version, true);
    },
  };
}
