import * as pulumi from "@pulumi/pulumi";
import { Provider } from "../../src/program/provider-resource";
import type * as Hooks from "../../src/program/preview-hook";
import { previewHooks } from "../../src/program/preview-hook";

/** The names of the hooks that the engine was asked to register. */
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
  it("returns one hook for all resources of a run and provider, and another for each provider", () => {
    const provider = new Provider("fake", {});

    expect(hookOf()).toBe(hookOf());
    expect(hookOf(previewHooks, provider)).toBe(hookOf(previewHooks, provider));
    expect(hookOf(previewHooks, provider)).not.toBe(hookOf());
  });

  it("returns `undefined` outside of previews", async () => {
    await startRun(false);

    expect(previewHooks(undefined)).toBeUndefined();
  });

  it("returns `undefined` if the engine cannot register hooks", () => {
    const monitor = pulumi.runtime.getMonitor() as unknown as Record<string, unknown>;
    delete monitor.registerResourceHook;

    expect(previewHooks(undefined)).toBeUndefined();
  });

  // A component provider may serve several runs, each with an engine that does not know earlier hooks.
  it("returns another hook in the next run", async () => {
    const first = hookOf();
    await startRun(true);

    expect(hookOf()).not.toBe(first);
  });

  it("gives hooks of different copies of the package, runs and providers different names", async () => {
    let copy: typeof Hooks | undefined;
    jest.isolateModules(() => {
      jest.doMock("@pulumi/pulumi", () => pulumi);
      copy = jest.requireActual<typeof Hooks>("../../src/program/preview-hook");
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
