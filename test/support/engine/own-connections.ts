import * as settings from "@pulumi/pulumi/runtime/settings";

/**
 * Gives each connection of Pulumi's SDK to an engine a socket of its own. By default all of a process share them by address, and one that
 * failed is not tried again for some seconds: an engine that gets the port of one that has ended could then not be reached.
 *
 * @throws if the SDK has no such options any more.
 */
export function keepConnectionsApart(): void {
  const { grpcClientOptions } = settings as { readonly grpcClientOptions?: object };
  if (grpcClientOptions === undefined) throw new Error("Pulumi's SDK has no grpcClientOptions any more");
  Object.assign(grpcClientOptions, { "grpc.use_local_subchannel_pool": 1 });
}
