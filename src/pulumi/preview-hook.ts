import { AsyncLocalStorage } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import type { CloudflareClient } from "../cloudflare/client";
import { connect, environment, stackConfig } from "./connection";
import { plainInputs, plainState } from "./hook-values";
import { createPreflight } from "./preflight";

/** Read by whoever sees a refused preview: `before hook "Cloudflare's validation" failed: …`. */
const HOOK_NAME = "Cloudflare's validation";

// One hook serves every resource of a program run, for their names must differ within a run.
const hooks = new WeakMap<object, pulumi.ResourceHook>();

/**
 * The hooks that a resource needs in a preview: dynamic providers are not called there, but the engine runs hooks for
 * exactly those resources that it plans to create, update or replace.
 *
 * @returns `undefined` outside of previews, so that nothing of them reaches the state; and under mocks, which have none.
 */
export function previewHooks(): pulumi.ResourceHookBinding | undefined {
  // Asked here and not in the callback, where the answer is wrong under the Automation API.
  if (!pulumi.runtime.isDryRun() || !canRegisterHooks()) return undefined;

  const run = pulumi.runtime.getStackResource() ?? hooks;
  const hook = hooks.get(run) ?? createHook();
  hooks.set(run, hook);
  return { beforeCreate: [hook], beforeUpdate: [hook] };
}

function canRegisterHooks(): boolean {
  const monitor = pulumi.runtime.getMonitor() as { registerResourceHook?: unknown } | undefined;
  return typeof monitor?.registerResourceHook === "function";
}

function createHook(): pulumi.ResourceHook {
  const preflight = createPreflight({ connect: connectOfProgram() });
  // The engine calls back outside the program's async context, which logging needs.
  const inProgram = AsyncLocalStorage.snapshot();
  return new pulumi.ResourceHook(
    HOOK_NAME,
    (args) =>
      inProgram(async () => {
        const { inputs, secretTriggers } = await plainInputs(args.newInputs ?? {});
        await preflight(
          { inputs, secretTriggers, state: await plainState(args.oldOutputs) },
          { info: (text) => log("info", text, args.urn), warn: (text) => log("warn", text, args.urn) },
        );
      }),
    { onDryRun: true },
  );
}

function connectOfProgram(): () => CloudflareClient | undefined {
  const config = new pulumi.Config("cloudflare");
  const values = new Map(
    ["apiToken", "apiKey", "email", "baseUrl"].map((name) => [`cloudflare:${name}`, config.get(name)]),
  );
  return () => connect([stackConfig((key) => values.get(key)), environment(process.env)]);
}

function log(severity: "info" | "warn", text: string, urn: string): Promise<void> {
  // Only the URN: the resource itself is not registered before the hook has returned, and logging would wait for it.
  const resource: Pick<pulumi.Resource, "urn"> = { urn: pulumi.output(urn) };
  return pulumi.log[severity](text, resource as pulumi.Resource);
}
