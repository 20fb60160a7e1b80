import { runInThisContext } from "node:vm";
import ts from "typescript";

/** What a block gets from the rest of a reader's program. */
export interface Surroundings {
  /** The packages that it imports, by name. */
  readonly modules: Readonly<Record<string, unknown>>;
  /** What it uses without declaring it. */
  readonly globals: Readonly<Record<string, unknown>>;
}

type Wrapper = (require: (name: string) => unknown, exports: object, ...globals: readonly unknown[]) => void;

/** Runs the code of a block in this process, and returns what it exports. */
export function runProgram(code: string, { modules, globals }: Surroundings): Readonly<Record<string, unknown>> {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const parameters = ["require", "exports", ...Object.keys(globals)];
  const wrapper = runInThisContext(`(${parameters.join(", ")}) => {\n${outputText}\n}`) as Wrapper;
  const exported = {};
  wrapper((name) => modules[name], exported, ...Object.values(globals));
  return exported;
}
