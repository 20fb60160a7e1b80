/**
 * The code of a resource's provider, as Pulumi keeps it in the state and evaluates it in a separate process.
 *
 * Never change it: states keep it forever. `pulumi.dynamic.Resource` would serialize a closure here, of 2 to 6 kB and
 * different after each upgrade. Without the package (removed in one commit with the resource) deleting still works.
 */
export const PROVIDER_TEXT =
  'exports.handler=()=>{try{return require("pulumi-cloudflare-ipsec-psk/provider")}catch(e){let f=async()=>{throw e};return{create:f,read:f,update:f,async delete(){}}}}';

/** Tells whether stored outputs lack the text, because the native provider wrote them before the resource moved to this one. */
export function isFromNative(outputs: Readonly<Record<string, unknown>>): boolean {
  return outputs.__provider === undefined;
}
