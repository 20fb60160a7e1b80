import { join } from "node:path";
import { build as bundle, type Metafile, type Plugin } from "esbuild";

/** The repository. */
const ROOT = join(__dirname, "../..");

/** The plugin as one file, and what it is made of. */
export interface Bundle {
  readonly code: Uint8Array;
  readonly metafile: Metafile;
}

/** Bundles `src/native` and all that it imports into one file, which needs nothing but Node.js. */
export async function bundlePlugin(): Promise<Bundle> {
  const { outputFiles, metafile } = await bundle({
    entryPoints: [join(ROOT, "src/native/main.ts")],
    absWorkingDir: ROOT,
    bundle: true,
    platform: "node",
    format: "cjs",
    // Older than what the plugin requires, so that an older Node.js can read it, and say that it is too old.
    target: "node16",
    // Names stay, so that a stack trace can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    banner: { js: HEAD },
    plugins: [leaveOut],
    outfile: "plugin",
    write: false,
    metafile: true,
    logLevel: "warning",
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error("Cannot bundle the plugin: esbuild has no output");
  return { code: output.contents, metafile };
}

// A file without an extension is what the nearest package.json says. In an ES module there is no `require`.
const HEAD = `#!/usr/bin/env node
"use strict";var require=typeof require==="function"?require:process.getBuiltinModule("node:module").createRequire("/");`;

/**
 * Leaves out what is imported and never used: zod's messages in 50 languages, and the code by which gRPC loads .proto files,
 * for services of its own.
 */
const leaveOut: Plugin = {
  name: "leave-out",
  setup(build) {
    build.onResolve({ filter: /^@grpc\/proto-loader$|^\.\.\/locales\/index\.js$/ }, ({ path }) => ({
      path,
      namespace: "left-out",
      sideEffects: false,
    }));
    build.onLoad({ filter: /.*/, namespace: "left-out" }, () => ({ contents: "" }));
  },
};
