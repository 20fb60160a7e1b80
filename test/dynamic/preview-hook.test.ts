import * as pulumi from "@pulumi/pulumi";
import { Provider } from "../../src/dynamic/provider-resource";
import type * as Hooks from "../../src/dynamic/preview-hook";
import { previewHooks } from "../../src/dynamic/preview-hook";

/** What registers hooks: an engine, as far as this needs one. */
let registered: string[];

async function startRun(preview: boolean): Promise<void> {
  await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "p", "s", preview);
  const monitor = pulumi.runtime.getMonitor() as unknown as Record<string, unknown>;
  monitor.registerResourceHook = (request: { getName(): string }, done: (error: null) => void) => {
    registered.push(request.getName());
    done(null);
  };
}

const hookOf = (hooks: typeof previewHooks = previewHooks, provider?: pulumi.ProviderResource) => {
  const [hook] = hooks(provider)?.beforeCreate ?? [];
  return hook as pulumi.ResourceHook | undefined;
};

beforeEach(() => {
  registered = [];
  return startRun(true);
});

describe("previewHooks()", () => {
  it("gives all resources of a run and provider one hook, and each provider another", () => {
    const provider = new Provider("fake", {});

    expect(hookOf()).toBe(hookOf());
    expect(hookOf(previewHooks, provider)).toBe(hookOf(previewHooks, provider));
    expect(hookOf(previewHooks, provider)).not.toBe(hookOf());
  });

  it("gives no hook outside of previews", async () => {
    await startRun(false);

    expect(previewHooks(undefined)).toBeUndefined();
  });

  it("gives no hook where the engine cannot register one", () => {
    const monitor = pulumi.runtime.getMonitor() as unknown as Record<string, unknown>;
    delete monitor.registerResourceHook;

    expect(previewHooks(undefined)).toBeUndefined();
  });

  // A component provider may serve several runs, each with an engine that knows nothing of earlier hooks.
  it("gives the next run another hook", async () => {
    const first = hookOf();
    await startRun(true);

    expect(hookOf()).not.toBe(first);
  });

  it("names hooks so that those of other copies of the package, runs and providers have other names", async () => {
    let copy: typeof Hooks | undefined;
    jest.isolateModules(() => {
      jest.doMock("@pulumi/pulumi", () => pulumi);
      copy = jest.requireActual<typeof Hooks>("../../src/dynamic/preview-hook");
      jest.dontMock("@pulumi/pulumi");
    });
    const provider = new Provider("fake", {});
    const hooks = [hookOf(), hookOf(previewHooks, provider), hookOf(copy?.previewHooks)];
    await startRun(true);
    const names = [...hooks, hookOf()].map((hook) => hook?.name ?? "");

    for (const name of names) expect(name).toMatch(/^Cloudflare's validation [0-9a-f]{8}$/);
    expect(new Set(names).size).toBe(4);
  });
});
