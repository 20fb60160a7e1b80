import { given } from "../given";
import { once } from "../once";
import { isAddress } from "../connection/engine-alive";
import { createCalls } from "./calls";
import { createEngineLog } from "./engine-log";
import {
  CheckResponse,
  ConfigureResponse,
  CreateResponse,
  DiffResponse,
  Empty,
  GetSchemaResponse,
  type handleUnaryCall,
  InvokeResponse,
  type IResourceProviderServer,
  PluginInfo,
  ProviderHandshakeResponse,
  ReadResponse,
  ResourceProviderService,
  Server,
  ServerCredentials,
  type Struct,
  UpdateResponse,
} from "./protocol";
import type { Provider, ProviderOptions } from "./provider";
import type { Call, ResourceKind, Stored } from "./resource-kind";
import { toCheckFailure, toDiffResponse } from "./responses";
import { nameIn, typeIn } from "./urn";
import { fromWire, toWire } from "./wire";

/** What the server needs. What takes time to load is loaded after the port is printed, while the engine connects. */
export interface ServeOptions {
  /** Where the engine that starts this process listens: `127.0.0.1:<port>`. If there is none, an engine attaches later. */
  readonly engineAddress: string | undefined;
  readonly version: string;
  readonly schema: () => Promise<object>;
  readonly provider: (options: ProviderOptions) => Promise<Provider>;
}

/** A server that listens. */
export interface RunningServer {
  readonly port: number;
  /** Refuses new calls, ends every wait, and returns when the engine has the results of the calls in flight. */
  end(): Promise<void>;
}

// A call whose response cannot be sent never ends.
const FLUSH_MS = 1_000;

/** Starts the plugin's server on a free port of this machine. */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  const { verbs, end } = verbsOf(options);
  server.addService(ResourceProviderService, verbs);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    port,
    async end() {
      await end();
      await new Promise<void>((resolve) => {
        setTimeout(resolve, FLUSH_MS);
        server.tryShutdown(() => {
          resolve();
        });
      });
    },
  };
}

/** Returns the verbs that are implemented, and how to end them. gRPC refuses the others. */
function verbsOf({ engineAddress, version, schema, provider: load }: ServeOptions) {
  const calls = createCalls();
  const { unary } = calls;
  const log = createEngineLog();
  const lines = log.under("");
  const isStartedByEngine = isAddress(engineAddress);
  let engine = "";
  if (isStartedByEngine) meetEngine(engineAddress);
  const provider = once(() => load({ lines, engineAddress: () => engine }));

  function meetEngine(address: string): void {
    if (!isAddress(address) || address === engine) return;
    engine = address;
    log.connect(address);
  }

  // Anyone on this machine can call this: it must not replace an engine that has exited.
  function attachEngine(address: string): void {
    if (!isStartedByEngine) meetEngine(address);
  }

  function callOf(request: ResourceRequest): Call {
    const urn = request.getUrn();
    const seconds = request.getTimeout?.() ?? 0;
    const id = request.getId?.();
    const call = { name: nameIn(urn), urn, lines: log.under(urn), ...given({ id }) };
    return seconds > 0 ? { ...call, timeoutMs: seconds * 1_000 } : call;
  }

  function resourceVerb<Request extends ResourceRequest, Response>(
    run: (kind: ResourceKind, call: Call, request: Request) => Response | Promise<Response>,
  ): handleUnaryCall<Request, Response> {
    return unary(async (request) => {
      const call = callOf(request);
      try {
        return await run(await (await provider()).kindOf(typeIn(call.urn)), call, request);
      } finally {
        await Promise.all([call.lines.delivered(), lines.delivered()]);
      }
    });
  }

  const verbs = {
    handshake: unary((request) => {
      attachEngine(request.getEngineAddress());
      return new ProviderHandshakeResponse().setAcceptSecrets(true).setAcceptResources(true);
    }),

    attach: unary((request) => {
      attachEngine(request.getAddress());
      return new Empty();
    }),

    getPluginInfo: unary(() => new PluginInfo().setVersion(version)),

    getSchema: unary(async () => new GetSchemaResponse().setSchema(JSON.stringify(await schema()))),

    checkConfig: unary(async (request) => {
      const { inputs, failures } = (await provider()).checkConfig(
        fromWire(request.getNews()),
        request.getUrn() || undefined,
      );
      return new CheckResponse().setInputs(toWire(inputs)).setFailuresList(failures.map(toCheckFailure));
    }),

    // Says that the changes are unknown, so the engine compares the values itself. Nothing is replaced: that would replace every key.
    diffConfig: unary(() => new DiffResponse()),

    configure: unary(async (request) => {
      const urn = request.getUrn();
      (await provider()).configure(fromWire(request.getArgs()), urn === "" ? undefined : urn);
      // For engines that do not call `handshake`.
      return new ConfigureResponse().setAcceptsecrets(true).setAcceptresources(true).setSupportspreview(true);
    }),

    check: resourceVerb((kind, call, request) => {
      const { inputs, failures } = kind.check(call, fromWire(request.getNews()));
      return new CheckResponse().setInputs(toWire(inputs)).setFailuresList(failures.map(toCheckFailure));
    }),

    diff: resourceVerb(async (kind, call, request) => {
      const olds = stored(request.getOldInputs(), request.getOlds());
      return toDiffResponse(await kind.diff(call, olds, fromWire(request.getNews())));
    }),

    create: resourceVerb(async (kind, call, request) => {
      const { id, outputs } = await kind.create(call, fromWire(request.getProperties()), request.getPreview());
      return new CreateResponse().setId(id).setProperties(toWire(outputs));
    }),

    read: resourceVerb(async (kind, call, request) => {
      const outputs = await kind.read(call, stored(request.getInputs(), request.getProperties()));
      // A response without an ID says that the resource is gone: the engine removes it from the state.
      if (outputs === undefined) return new ReadResponse();
      const inputs = toWire(kind.marked(fromWire(request.getInputs())));
      return new ReadResponse().setId(request.getId()).setProperties(toWire(outputs)).setInputs(inputs);
    }),

    update: resourceVerb(async (kind, call, request) => {
      const olds = stored(request.getOldInputs(), request.getOlds());
      const outputs = await kind.update(call, olds, fromWire(request.getNews()), request.getPreview());
      return new UpdateResponse().setProperties(toWire(outputs));
    }),

    // No API removes a key, and the tunnel is not ours to delete.
    delete: unary(() => new Empty()),

    invoke: unary(async (request) => {
      const result = await (await provider()).invoke(request.getTok(), fromWire(request.getArgs()));
      return new InvokeResponse().setReturn(toWire(result));
    }),

    cancel: unary(async () => {
      (await provider()).cancel();
      return new Empty();
    }),
  } satisfies Partial<IResourceProviderServer>;

  async function end(): Promise<void> {
    const ended = calls.end();
    await provider().then(
      (loaded) => {
        loaded.cancel();
      },
      () => undefined,
    );
    await ended;
  }
  return { verbs, end };
}

interface ResourceRequest {
  getUrn(): string;
  /** The resource's ID in the state, if the request concerns a resource that is there. */
  getId?(): string;
  /** Seconds that `customTimeouts` allows the operation; 0 for no limit of its own. */
  getTimeout?(): number;
}

function stored(inputs: Struct | undefined, outputs: Struct | undefined): Stored {
  return { inputs: fromWire(inputs), outputs: fromWire(outputs) };
}
