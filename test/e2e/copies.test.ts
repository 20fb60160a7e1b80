import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import * as psk from "../../src";
import { closeWithoutLeaks, type EngineOptions, type Outcome, startEngine, type TestEngine } from "../support/engine";

const COMPONENT_PROVIDER = join(__dirname, "../support/component-provider");

let engine: TestEngine;
let tunnels: readonly string[];

async function start(options: EngineOptions = {}): Promise<void> {
  engine = await startEngine(options);
  tunnels = [1, 2].map((number) => engine.simulator.addTunnel({ name: `branch-${number}` }));
}

afterEach(() => closeWithoutLeaks(engine));

/** Makes a program of resources. The first gets the first tunnel, and so on. */
function program(...resources: readonly ((args: psk.IpsecTunnelPskArgs) => unknown)[]): PulumiFn {
  return () => {
    const { accountId } = engine.simulator;
    resources.forEach((create, index) => create({ accountId, ipsecTunnelId: tunnels[index] ?? "" }));
    return Promise.resolve({});
  };
}

/** Counts the resources that the preview validated. */
const validated = ({ text }: Outcome) => text.match(/Cloudflare would accept this/g)?.length ?? 0;
const generations = () => engine.simulator.requests().filter(({ operation }) => operation === "generate").length;

/** Loads another copy of this package into this process, as a library with its own node_modules does. */
function loadCopy(): typeof psk {
  let copy: typeof psk | undefined;
  jest.isolateModules(() => {
    jest.doMock("@pulumi/pulumi", () => pulumi);
    copy = jest.requireActual<typeof psk>("../../src");
    jest.dontMock("@pulumi/pulumi");
  });
  if (copy === undefined || copy.IpsecTunnelPsk === psk.IpsecTunnelPsk) throw new Error("There is no second copy");
  return copy;
}

const direct = (args: psk.IpsecTunnelPskArgs) => new psk.IpsecTunnelPsk("direct", args);
const inLibrary = (args: psk.IpsecTunnelPskArgs) => new (loadCopy().IpsecTunnelPsk)("library", args);

describe("two copies of this package in one program", () => {
  beforeEach(() => start());

  it("validate and generate one key each", async () => {
    const preview = await engine.preview(program(direct, inLibrary));
    const up = await engine.up(program(direct, inLibrary));

    expect([preview.succeeded, up.succeeded]).toEqual([true, true]);
    expect(validated(preview)).toBe(2);
    expect(generations()).toBe(2);
  });

  it("refuse a second resource for one tunnel", async () => {
    tunnels = [tunnels[0] ?? "", tunnels[0] ?? ""];

    const preview = await engine.preview(program(direct, inLibrary));

    expect(preview.succeeded).toBe(false);
    expect(preview.text).toContain('ipsecTunnelId already belongs to IpsecTunnelPsk "direct"');
  });
});

/** A component of another process, beside resources of the program's own. */
class Branch extends pulumi.ComponentResource {
  constructor(name: string, args: psk.IpsecTunnelPskArgs) {
    super("fake-branch:index:Branch", name, { ...args, psk: undefined }, {}, true);
  }
}

const remote = (args: psk.IpsecTunnelPskArgs) => new Branch("remote", args);
const another = (args: psk.IpsecTunnelPskArgs) => new Branch("another", args);

describe("a component in another process that creates a key", () => {
  beforeEach(() => start({ plugins: { "fake-branch": COMPONENT_PROVIDER } }));

  it("is validated and gets its key, beside a key of the program's own", async () => {
    const preview = await engine.preview(program(direct, remote));
    const up = await engine.up(program(direct, remote));

    expect([preview.succeeded, up.succeeded]).toEqual([true, true]);
    expect(validated(preview)).toBe(2);
    expect(generations()).toBe(2);
  });

  it("is refused a tunnel that another resource has", async () => {
    tunnels = [tunnels[0] ?? "", tunnels[0] ?? ""];

    const preview = await engine.preview(program(remote, another));

    expect(preview.succeeded).toBe(false);
    expect(preview.text).toMatch(/ipsecTunnelId already belongs to IpsecTunnelPsk "(remote|another)-psk"/);
  });
});

describe("a component provider that keeps running from one command to the next", () => {
  let provider: ChildProcess;

  beforeEach(async () => {
    provider = spawn(process.execPath, [join(COMPONENT_PROVIDER, "pulumi-resource-fake-branch")]);
    const [port] = (await once(provider.stdout ?? provider, "data")) as [Buffer];
    await start({ env: { PULUMI_DEBUG_PROVIDERS: `fake-branch:${port.toString().trim()}` } });
  });

  afterEach(() => {
    provider.kill();
  });

  it("validates in each of them, and forgets the claims of earlier ones", async () => {
    const runs = [
      await engine.preview(program(remote)),
      await engine.preview(program(remote)),
      await engine.up(program(remote)),
    ];

    expect(runs.map(({ succeeded }) => succeeded)).toEqual([true, true, true]);
    expect(runs.slice(0, 2).map(validated)).toEqual([1, 1]);
    expect(generations()).toBe(1);
  });
});
