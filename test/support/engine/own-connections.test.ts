import { credentials, Server, ServerCredentials } from "@grpc/grpc-js";
import { EngineClient, EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import * as settings from "@pulumi/pulumi/runtime/settings";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { keepConnectionsApart } from "./own-connections";

/** Starts what has the address of an engine. */
function startEngine(port = 0): Promise<{ readonly port: number; readonly end: () => void }> {
  const server = new Server();
  const respond = (_call: unknown, respond: (error: null, response: Empty) => void) => {
    respond(null, new Empty());
  };
  server.addService({ log: EngineService.log }, { log: respond });
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else
        resolve({
          port: bound,
          end: () => {
            server.forceShutdown();
          },
        });
    });
  });
}

const clients: EngineClient[] = [];
afterEach(() => {
  clients.splice(0).forEach((client) => {
    client.close();
  });
});

/** Connects to an engine as Pulumi's SDK does. */
function connect(port: number): EngineClient {
  const { grpcClientOptions } = settings as { readonly grpcClientOptions?: object };
  const client = new EngineClient(`127.0.0.1:${port}`, credentials.createInsecure(), grpcClientOptions);
  clients.push(client);
  return client;
}

/** Calls an engine, and returns how that ended. */
function callOn(client: EngineClient): Promise<string> {
  return new Promise((resolve) => {
    client.log(new LogRequest(), (error) => {
      resolve(error === null ? "reached" : error.message);
    });
  });
}

describe("keepConnectionsApart()", () => {
  it("lets an engine be reached on a port on which another one has just ended", async () => {
    keepConnectionsApart();
    const first = await startEngine();
    const { port } = first;
    const ofTheFirst = connect(port);
    await callOn(ofTheFirst);
    first.end();
    const afterItsEnd = await callOn(ofTheFirst);
    const second = await startEngine(port);

    const ended = await callOn(connect(port));

    second.end();
    expect(afterItsEnd).toContain("UNAVAILABLE");
    expect(ended).toBe("reached");
  });
});
