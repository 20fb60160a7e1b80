import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  credentials,
  Server,
  ServerCredentials,
  type ServiceError,
  type sendUnaryData,
  type ServerUnaryCall,
} from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { type LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { ROOT } from "./build";

/** The plugin's file, which `npm run build` has built. */
export const PLUGIN = join(ROOT, "plugin/pulumi-resource-cloudflare-ipsec-psk");

/** Properties as they travel: plain values, secrets in their wire form. */
export type WireProperties = Readonly<Record<string, unknown>>;

/** A line that the engine got from the plugin. */
export interface EngineLine {
  readonly urn: string;
  readonly severity: "info" | "warning" | "other";
  readonly text: string;
}

/** An engine, as far as a plugin calls it. */
export interface FakeEngine {
  readonly address: string;
  /** The lines whose delivery it has confirmed. */
  lines(): readonly EngineLine[];
  /** Ends it as `kill -9` does: nothing listens at its address any more. */
  close(): Promise<void>;
}

/** @param delayMs - Milliseconds before it confirms a line; `Infinity` for never. Default: 0. */
export async function startFakeEngine({ delayMs = 0 } = {}): Promise<FakeEngine> {
  const lines: EngineLine[] = [];
  const server = new Server();
  server.addService(EngineService, {
    log: ({ request }: ServerUnaryCall<LogRequest, Empty>, done: sendUnaryData<Empty>) => {
      if (delayMs === Infinity) return;
      setTimeout(() => {
        lines.push({ urn: request.getUrn(), severity: severityOf(request), text: request.getMessage() });
        done(null, new Empty());
      }, delayMs);
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    address: `127.0.0.1:${port}`,
    lines: () => lines,
    close: () => {
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}

function severityOf(request: LogRequest): EngineLine["severity"] {
  switch (request.getSeverity()) {
    case LogSeverity.INFO:
      return "info";
    case LogSeverity.WARNING:
      return "warning";
    default:
      return "other";
  }
}

/** "Failed, but keep this": the properties go into the state. */
export class KeptByEngine extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly properties: WireProperties,
    readonly reasons: readonly string[],
  ) {
    super(message);
  }
}

export interface NativePluginOptions {
  /** What the engine passes on the command line. Default: no engine. */
  readonly args?: readonly string[];
  /** The plugin's file. Default: the built one. */
  readonly file?: string;
  /** Environment variables beside PATH. Default: none, not even those of the tests. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A plugin, called as the engine does. A failure rejects with its message, or with {@link KeptByEngine}. */
export interface PluginCalls {
  readonly client: ResourceProviderClient;
  handshake(engineAddress: string): Promise<messages.ProviderHandshakeResponse>;
  attach(engineAddress: string): Promise<void>;
  configure(args: WireProperties, urn?: string): Promise<messages.ConfigureResponse>;
  check(urn: string, news: WireProperties): Promise<messages.CheckResponse>;
  diff(urn: string, olds: WireProperties, inputs: Inputs): Promise<messages.DiffResponse>;
  create(urn: string, inputs: WireProperties, options?: OperationOptions): Promise<Created>;
  update(urn: string, olds: WireProperties, inputs: Inputs, options?: OperationOptions): Promise<WireProperties>;
  read(urn: string, id: string, inputs: WireProperties, outputs: WireProperties): Promise<messages.ReadResponse>;
  cancel(): Promise<void>;
}

/** The plugin as a process. */
export interface NativePlugin extends PluginCalls {
  readonly process: ChildProcess;
  /** Ends the process. Returns everything that it has printed after its port, on both streams. */
  close(): Promise<string>;
}

export interface Inputs {
  readonly olds: WireProperties;
  readonly news: WireProperties;
}

export interface Created {
  readonly id: string;
  readonly outputs: WireProperties;
}

export interface OperationOptions {
  readonly preview?: boolean;
  /** Seconds of `customTimeouts`. */
  readonly timeout?: number;
}

/** Starts the plugin. */
export async function startNativePlugin(options: NativePluginOptions = {}): Promise<NativePlugin> {
  const { args = [], file = PLUGIN, env = {} } = options;
  if (!existsSync(file)) throw new Error(`Cannot test the plugin as ${file} is missing: run \`npm run build\` first`);
  const child = spawn(file, args, { env: { PATH: process.env.PATH, ...env }, stdio: ["pipe", "pipe", "pipe"] });
  const printed: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => printed.push(chunk.toString()));
  const port = await new Promise<string>((resolve, reject) => {
    const lines = createInterface({ input: child.stdout });
    lines.once("line", (line) => {
      resolve(line);
      lines.on("line", (later) => printed.push(later));
    });
    child.once("close", () => {
      reject(new Error(printed.join("")));
    });
  });
  const calls = connectPlugin(Number(port));
  return {
    ...calls,
    process: child,
    close: async () => {
      calls.client.close();
      const closed = child.exitCode === null && child.signalCode === null ? once(child, "close") : undefined;
      child.kill();
      await closed;
      return printed.join("");
    },
  };
}

/** Calls a plugin that is running. */
export function connectPlugin(port: number): PluginCalls {
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  return {
    client,
    handshake: (address) =>
      respond((done) => client.handshake(new messages.ProviderHandshakeRequest().setEngineAddress(address), done)),
    attach: async (address) => {
      await respond((done) => client.attach(new PluginAttach().setAddress(address), done));
    },
    configure: (values, urn) => {
      const request = new messages.ConfigureRequest().setArgs(struct(values)).setAcceptsecrets(true);
      if (urn !== undefined) request.setUrn(urn);
      return respond((done) => client.configure(request, done));
    },
    check: (urn, news) =>
      respond((done) => client.check(new messages.CheckRequest().setUrn(urn).setNews(struct(news)), done)),
    diff: (urn, olds, inputs) => {
      const request = new messages.DiffRequest().setUrn(urn).setId(idOf(olds)).setOlds(struct(olds));
      request.setOldInputs(struct(inputs.olds)).setNews(struct(inputs.news));
      return respond((done) => client.diff(request, done));
    },
    create: async (urn, inputs, { preview = false, timeout = 0 } = {}) => {
      const request = new messages.CreateRequest().setUrn(urn).setProperties(struct(inputs));
      request.setPreview(preview).setTimeout(timeout);
      const created = await respond<messages.CreateResponse>((done) => client.create(request, done));
      return { id: created.getId(), outputs: valuesIn(created.getProperties()) };
    },
    update: async (urn, olds, inputs, { preview = false, timeout = 0 } = {}) => {
      const request = new messages.UpdateRequest().setUrn(urn).setId(idOf(olds)).setOlds(struct(olds));
      request.setOldInputs(struct(inputs.olds)).setNews(struct(inputs.news)).setPreview(preview).setTimeout(timeout);
      return valuesIn((await respond<messages.UpdateResponse>((done) => client.update(request, done))).getProperties());
    },
    read: (urn, id, inputs, outputs) => {
      const request = new messages.ReadRequest().setUrn(urn).setId(id);
      if (Object.keys(inputs).length > 0) request.setInputs(struct(inputs));
      if (Object.keys(outputs).length > 0) request.setProperties(struct(outputs));
      return respond((done) => client.read(request, done));
    },
    cancel: async () => {
      await respond((done) => client.cancel(new Empty(), done));
    },
  };
}

/** A secret between provider and engine, as Pulumi's runtime/rpc.ts defines it. */
export function secretOnWire<T>(value: T) {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

export function valuesIn(values: Struct | undefined): WireProperties {
  return values?.toJavaScript() ?? {};
}

export function struct(values: WireProperties): Struct {
  return Struct.fromJavaScript(values as Parameters<typeof Struct.fromJavaScript>[0]);
}

export function respond<T>(ask: (done: (error: ServiceError | null, value: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    ask((error, value) => {
      if (error === null) resolve(value);
      else reject(toFailure(error));
    });
  });
}

function toFailure({ code, details, metadata }: ServiceError): Error {
  const [packed] = metadata.get("grpc-status-details-bin");
  if (!(packed instanceof Buffer)) return Object.assign(new Error(details), { code });
  const [detail] = Status.deserializeBinary(packed).getDetailsList();
  const kept = detail?.unpack(
    (bytes) => messages.ErrorResourceInitFailed.deserializeBinary(bytes),
    "pulumirpc.ErrorResourceInitFailed",
  );
  if (kept == null) return new Error(details);
  return new KeptByEngine(details, kept.getId(), valuesIn(kept.getProperties()), kept.getReasonsList());
}

function idOf({ accountId, ipsecTunnelId }: WireProperties): string {
  return `${String(accountId)}/${String(ipsecTunnelId)}`;
}
