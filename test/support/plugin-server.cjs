// What the stand-ins for other people's plugins share: the engine's protocol, as far as plugins of bridged providers speak it.
const { Server, ServerCredentials, status } = require("@grpc/grpc-js");
const { ResourceProviderService } = require("@pulumi/pulumi/proto/provider_grpc_pb");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");
const messages = require("@pulumi/pulumi/proto/provider_pb");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");

/** What the engine sends and takes in place of a value that only `up` knows. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * Serves a provider: `version`, `schema()`, and by their type tokens `resources` and `functions`. Each verb of a resource gets
 * plain objects; what it leaves out is the engine's default. `configure(settings)` gets the provider's configuration.
 */
function serve({ version, schema = () => ({}), configure = () => undefined, resources, functions = {} }) {
  const kindOf = (request) => resources(request.getUrn().split("::")[2].split("$").at(-1));
  const verbs = {
    getPluginInfo: () => new PluginInfo().setVersion(version),
    getSchema: () => new messages.GetSchemaResponse().setSchema(JSON.stringify(schema())),
    checkConfig: (request) => new messages.CheckResponse().setInputs(request.getNews()),
    diffConfig: () => new messages.DiffResponse(),
    configure(request) {
      configure(plain(request.getArgs()));
      // Takes neither secrets nor resource references. So the engine itself marks the outputs of secret inputs.
      return new messages.ConfigureResponse().setSupportspreview(true);
    },
    check: (request) => new messages.CheckResponse().setInputs(request.getNews()),
    diff(request) {
      const olds = plain(request.getOlds());
      const { changed, replaces = [] } = kindOf(request).diff(olds, newsOf(request, olds));
      const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
      const changes = changed.length > 0 ? DIFF_SOME : DIFF_NONE;
      return new messages.DiffResponse().setChanges(changes).setDiffsList(changed).setReplacesList(replaces);
    },
    async create(request) {
      const inputs = plain(request.getProperties());
      const { id, outputs } = await kindOf(request).create(inputs, request.getPreview(), request.getUrn());
      return new messages.CreateResponse().setId(id).setProperties(struct(outputs));
    },
    async update(request) {
      const olds = plain(request.getOlds());
      const outputs = await kindOf(request).update(olds, newsOf(request, olds), request.getPreview(), request.getUrn());
      return new messages.UpdateResponse().setProperties(struct(outputs));
    },
    async read(request) {
      const { read } = kindOf(request);
      const [inputs, state] = [request.getInputs() ?? new Struct(), plain(request.getProperties())];
      const found = read === undefined ? { id: request.getId(), outputs: state } : await read(request.getId(), state);
      if (found === undefined) return new messages.ReadResponse();
      const own = found.inputs === undefined ? inputs : struct(found.inputs);
      return new messages.ReadResponse().setId(found.id).setProperties(struct(found.outputs)).setInputs(own);
    },
    async delete(request) {
      await kindOf(request).delete?.(plain(request.getProperties()));
      return new Empty();
    },
    async invoke(request) {
      const result = await functions[request.getTok()](plain(request.getArgs()));
      return new messages.InvokeResponse().setReturn(struct(result));
    },
    cancel: () => new Empty(),
  };
  const server = new Server();
  server.addService(ResourceProviderService, Object.fromEntries(Object.entries(verbs).map(unary)));
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
}

function unary([name, verb]) {
  const call = async ({ request }, done) => {
    try {
      done(null, await verb(request));
    } catch ({ message }) {
      done({ code: status.UNKNOWN, details: message });
    }
  };
  return [name, call];
}

// The engine itself ignores changes of inputs. A bridged provider also ignores that of a property which only the state has.
function newsOf(request, olds) {
  const ignored = request.getIgnorechangesList().filter((name) => olds[name] !== undefined);
  return { ...plain(request.getNews()), ...Object.fromEntries(ignored.map((name) => [name, olds[name]])) };
}

const plain = (message) => withoutMarks(message?.toJavaScript() ?? {});

/** Removes the marks of secrets, which at least the configuration has. */
function withoutMarks(value) {
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (typeof value !== "object" || value === null) return value;
  if (value["4dabf18193072939515e22adb298388d"] === "1b47061264138c4ac30d75fd1eb44270")
    return withoutMarks(value.value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutMarks(inner)]));
}

// By way of JSON, which leaves out what is undefined.
const struct = (value) => Struct.fromJavaScript(JSON.parse(JSON.stringify(value)));

module.exports = { serve, UNKNOWN };
