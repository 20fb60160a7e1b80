import { AsyncLocalStorage } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import { createRateLimiter } from "../cloudflare/rate-limiter";
import { hasUnknown } from "../psk/unknown";
import { Provider } from "./account-provider";
import { configKey, connect, type Connection, environment, stackConfig } from "./connection";
import { plain, plainInputs, plainState } from "./hook-values";
import { createPreflight } from "./preflight";
import { readSettings, SETTING_NAMES, settingKey } from "./settings";
import { sleep } from "./sleep";

/** Read by whoever sees a refused preview: `before hook "Cloudflare's validation" failed: …`. */
const HOOK_NAME = "Cloudflare's validation";

// One hook serves every resource of a program run and provider, for hooks' names must differ within a run.
const runs = new WeakMap<object, Map<pulumi.ProviderResource | undefined, pulumi.ResourceHook>>();

/**
 * The hooks that a resource needs in a preview: dynamic providers are not called there, but the engine runs hooks for
 * exactly those resources that it plans to create, update or replace.
 *
 * @param provider - The resource's explicit provider, if it has one.
 * @returns `undefined` outside of previews, so that nothing of them reaches the state; and under mocks, which have none.
 */
export function previewHooks(provider: pulumi.ProviderResource | undefined): pulumi.ResourceHookBinding | undefined {
  // Asked here and not in the callback, where the answer is wrong under the Automation API.
  if (!pulumi.runtime.isDryRun() || !canRegisterHooks()) return undefined;

  const run = pulumi.runtime.getStackResource() ?? runs;
  const hooks = runs.get(run) ?? new Map<pulumi.ProviderResource | undefined, pulumi.ResourceHook>();
  runs.set(run, hooks);
  const hook = hooks.get(provider) ?? createHook(provider, hooks.size);
  hooks.set(provider, hook);
  return { beforeCreate: [hook], beforeUpdate: [hook] };
}

function canRegisterHooks(): boolean {
  const monitor = pulumi.runtime.getMonitor() as { registerResourceHook?: unknown } | undefined;
  return typeof monitor?.registerResourceHook === "function";
}

function createHook(provider: pulumi.ProviderResource | undefined, others: number): pulumi.ResourceHook {
  const configuration = provider === undefined ? stackConfiguration() : providerConfiguration(provider);
  const connection = once(async () => {
    const config = await configuration();
    return config === "unknown" ? config : connectWith(config);
  });
  const settings = once(async () => {
    const config = await configuration();
    return readSettings((key) => (config === "unknown" ? undefined : config[key]));
  });
  const preflight = createPreflight({ connect: connection, settings, now: Date.now });
  // The engine calls back outside the program's async context, which logging needs.
  const inProgram = AsyncLocalStorage.snapshot();
  return new pulumi.ResourceHook(
    others === 0 ? HOOK_NAME : `${HOOK_NAME} (${others + 1})`,
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

type Configuration = Readonly<Record<string, string | undefined>>;

function stackConfiguration(): () => Promise<Configuration> {
  const valueOf = (key: string) => {
    const [namespace, name] = key.split(":") as [string, string];
    return [key, new pulumi.Config(namespace).get(name)] as const;
  };
  const connectionKeys = (["apiToken", "apiKey", "email", "baseUrl"] as const).map(configKey);
  // Read here, in the program's context, and kept for the hook.
  const values = Object.fromEntries([...connectionKeys, ...SETTING_NAMES.map(settingKey)].map(valueOf));
  return () => Promise.resolve(values);
}

function providerConfiguration(provider: pulumi.ProviderResource): () => Promise<Configuration | "unknown"> {
  return async () => {
    // Somebody's own resource for Pulumi's dynamic provider: what it was given cannot be seen from here.
    if (!Provider.isInstance(provider)) return "unknown";
    const values = (await plain(provider.configuration)) as Configuration;
    return hasUnknown(values) ? "unknown" : values;
  };
}

function connectWith(values: Configuration): Connection | undefined {
  const get = (key: string) => values[key];
  // What a preview uses up of the request limit, the `up` after it would miss.
  const limiter = createRateLimiter({ now: Date.now, sleep, isImpatient: true });
  return connect([stackConfig(get), environment(process.env)], readSettings(get), limiter);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

function log(severity: "info" | "warn", text: string, urn: string): Promise<void> {
  // Only the URN: the resource itself is not registered before the hook has returned, and logging would wait for it.
  const resource: Pick<pulumi.Resource, "urn"> = { urn: pulumi.output(urn) };
  return pulumi.log[severity](text, resource as pulumi.Resource);
}
