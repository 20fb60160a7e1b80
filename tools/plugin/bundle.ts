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
    // Older than what the plugin requires, so that an older Node.js can run it far enough to report that it is too old.
    target: "node16",
    // Keeps names, so that stack traces are readable.
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

// Node.js takes the module type of a file without an extension from the nearest package.json. An ES module has no `require`.
const HEAD = `#!/usr/bin/env node
"use strict";var require=typeof require==="function"?require:process.getBuiltinModule("node:module").createRequire("/");`;

/**
 * Leaves out what is imported but never used: zod's messages in 50 languages, and the code with which gRPC loads .proto files
 * for its own services.
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
