import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { PROVIDER_TEXT } from "../../src/dynamic/provider-text";
import { requireBuild, ROOT } from "./build";
import { listenOnLoopback } from "./loopback-server";

const PROGRAM = join(ROOT, "node_modules/@pulumi/pulumi/cmd/dynamic-provider");

/** Properties as they travel: plain values, secrets in their wire form. */
export type Properties = Readonly<Record<string, unknown>>;

/** Pulumi's own process for dynamic providers, called as the engine calls it. A refusal rejects with its message, or with a {@link KeptFailure}. */
export interface DynamicProviderHost {
  check(news: Properties): Promise<{ inputs: Properties; failures: { property: string; reason: string }[] }>;
  diff(olds: Properties, news: Properties): Promise<Diff>;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  read(id: string, props: Properties): Promise<{ id: string; props: Properties }>;
  update(olds: Properties, news: Properties): Promise<Properties>;
  delete(id: string, props: Properties): Promise<void>;
  /** Ends the engine as `kill -9` does: nothing listens at its address any more. */
  killEngine(): Promise<void>;
  /** Ends the process. Returns everything that it has printed, on both streams, after its port. */
  close(): Promise<string>;
}

export interface Diff {
  /** `unknown`: the engine compares the inputs itself. */
  readonly changes: "unknown" | "none" | "some";
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** "Failed, but keep this": the properties go into the state. */
export class KeptFailure extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly properties: Properties,
    readonly reasons: readonly string[],
  ) {
    super(message);
  }
}

export interface HostOptions {
  /** Where modules are looked for. Default: this repository, whose package links to itself. */
  readonly cwd?: string;
  /** The stack's configuration. Default: none. */
  readonly config?: Readonly<Record<string, string>>;
  /** Environment variables beside PATH. Default: none, not even the tests' own. */
  readonly env?: Readonly<Record<string, string>>;
  /** The engine's own flags, which come before its address. Default: none. */
  readonly flags?: readonly string[];
}

/** Starts the host, and configures it as the engine does before any other call. */
export async function startDynamicProviderHost(options: HostOptions = {}): Promise<DynamicProviderHost> {
  const { cwd = ROOT, config = {}, env = {}, flags = [] } = options;
  if (cwd === ROOT) requireBuild();

  // As gRPC's servers do, it speaks first.
  const engine = await listenOnLoopback(createServer((socket) => socket.resume().write("fake settings")));
  const address = `127.0.0.1:${engine.port}`;
  const child = spawn(process.execPath, [PROGRAM, ...flags, address], { cwd, env: { PATH: process.env.PATH, ...env } });
  const output = outputOf(child);
  const client = new ResourceProviderClient(`127.0.0.1:${await output.firstLine}`, credentials.createInsecure());
  await respond((done) =>
    client.configure(new messages.ConfigureRequest().setArgs(Struct.fromJavaScript(config)), done),
  );

  return {
    async check(news) {
      const request = new messages.CheckRequest().setOlds(struct({})).setNews(struct(news));
      const checked = await respond<messages.CheckResponse>((done) => client.check(request, done));
      const failures = checked.getFailuresList();
      return {
        inputs: properties(checked.getInputs()),
        failures: failures.map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() })),
      };
    },

    async diff(olds, news) {
      const request = new messages.DiffRequest().setId(idOf(olds)).setOlds(struct(olds)).setNews(struct(news));
      const diff = await respond<messages.DiffResponse>((done) => client.diff(request, done));
      return {
        changes: (["unknown", "none", "some"] as const)[diff.getChanges()],
        replaces: diff.getReplacesList(),
        deleteBeforeReplace: diff.getDeletebeforereplace(),
      };
    },

    async create(inputs) {
      const request = new messages.CreateRequest().setProperties(struct(inputs));
      const created = await respond<messages.CreateResponse>((done) => client.create(request, done));
      return { id: created.getId(), outs: properties(created.getProperties()) };
    },

    async read(id, props) {
      const request = new messages.ReadRequest().setId(id).setProperties(struct(props));
      const read = await respond<messages.ReadResponse>((done) => client.read(request, done));
      return { id: read.getId(), props: properties(read.getProperties()) };
    },

    async update(olds, news) {
      const request = new messages.UpdateRequest().setId(idOf(olds)).setOlds(struct(olds)).setNews(struct(news));
      return properties(
        (await respond<messages.UpdateResponse>((done) => client.update(request, done))).getProperties(),
      );
    },

    async delete(id, props) {
      const request = new messages.DeleteRequest().setId(id).setProperties(struct(props));
      await respond((done) => client.delete(request, done));
    },

    killEngine: () => engine.close(),

    async close() {
      client.close();
      child.kill();
      const whole = await output.whole;
      await engine.close();
      return whole;
    },
  };
}

/** Returns what the engine stores of outputs, and sends back: secrets are unwrapped for a dynamic provider. */
export function stored(outs: Properties): Properties {
  const unwrap = (value: unknown) => (isWireSecret(value) ? value.value : value);
  return Object.fromEntries(Object.entries(outs).map(([name, value]) => [name, unwrap(value)]));
}

/** A secret on the wire between provider and engine, as Pulumi's runtime/rpc.ts defines it. */
export function wireSecret<T>(value: T) {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

function isWireSecret(value: unknown): value is { readonly value: unknown } {
  return typeof value === "object" && value !== null && "4dabf18193072939515e22adb298388d" in value;
}

function outputOf(child: ChildProcess) {
  let text = "";
  const firstLine = new Promise<string>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    };
    child.stdout?.on("data", take);
    child.stderr?.on("data", take);
    child.once("error", reject);
    child.once("close", () => {
      reject(new Error(`Pulumi's dynamic provider host has ended early: ${text}`));
    });
  });
  // The process writes to its pipes synchronously, so nothing of it is lost by the end.
  const whole = once(child, "close").then(() => text.slice(text.indexOf("\n") + 1));
  return { firstLine, whole };
}

function respond<T>(ask: (done: (error: ServiceError | null, value: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    ask((error, value) => {
      if (error === null) resolve(value);
      else reject(toFailure(error));
    });
  });
}

// As Pulumi's host packs it: grpc has no field of its own for what is kept of a failure.
function toFailure({ details, metadata }: ServiceError): Error {
  const [packed] = metadata.get("grpc-status-details-bin");
  if (!(packed instanceof Buffer)) return new Error(details);
  const [detail] = Status.deserializeBinary(packed).getDetailsList();
  const kept = detail?.unpack(
    (bytes) => messages.ErrorResourceInitFailed.deserializeBinary(bytes),
    "pulumirpc.ErrorResourceInitFailed",
  );
  if (kept == null) return new Error(details);
  return new KeptFailure(details, kept.getId(), properties(kept.getProperties()), kept.getReasonsList());
}

function struct(values: Properties): Struct {
  return Struct.fromJavaScript({ __provider: PROVIDER_TEXT, ...values });
}

function properties(values: Struct | undefined): Properties {
  return values?.toJavaScript() ?? {};
}

function idOf({ accountId, ipsecTunnelId }: Properties): string {
  return `${String(accountId)}/${String(ipsecTunnelId)}`;
}
