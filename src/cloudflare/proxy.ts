import { BlockList, isIP } from "node:net";
import { IpsecTunnelPskError } from "../errors";

type Environment = Readonly<Record<string, string | undefined>>;

/** How to reach a proxy. The URI has no credentials in it, so that no message can have them. */
export interface Proxy {
  /** `http://proxy.example.com:3128`; without a port, that of its scheme: 80 or 443. */
  readonly uri: string;
  /** For its `Proxy-Authorization` header. */
  readonly token?: string;
}

/**
 * Finds the proxy for an https URL by the rules of curl: `https_proxy`, `HTTPS_PROXY`, `all_proxy`, then `ALL_PROXY`, unless
 * `no_proxy` or else `NO_PROXY` names the host. A variable that is empty counts as unset, and `HTTP_PROXY` is for http alone.
 * `NO_PROXY` may also have what other tools accept: `*` in a list, `*.example.com`, and ports.
 *
 * @returns `undefined` to connect directly.
 * @throws {IpsecTunnelPskError} `ERR_INVALID_SETTING` for a proxy that cannot be used. Its value, which may have a password in
 *   it, is never quoted.
 * @see https://everything.curl.dev/usingcurl/proxies/env.html
 */
export function proxyFor(url: URL, env: Environment): Proxy | undefined {
  const name = firstSet(env, ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]);
  if (name === undefined) return undefined;
  const exceptions = valueOf(env, firstSet(env, ["no_proxy", "NO_PROXY"]));
  return isExcepted(url, exceptions) ? undefined : parseProxy(valueOf(env, name), name);
}

function firstSet(env: Environment, names: readonly string[]): string | undefined {
  return names.find((name) => valueOf(env, name) !== "");
}

function valueOf(env: Environment, name: string | undefined): string {
  return (name === undefined ? undefined : env[name])?.trim() ?? "";
}

function parseProxy(text: string, name: string): Proxy {
  const [, scheme = "http"] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text) ?? [];
  if (/^socks/i.test(scheme)) throw invalid(name, "it is a SOCKS proxy, which this package does not support");
  if (!/^https?$/i.test(scheme)) throw invalid(name, "it is neither an http nor an https proxy");
  const withScheme = text.includes("://") ? text : `http://${text}`;
  if (!URL.canParse(withScheme)) throw invalid(name, "it is not a URL");

  const { origin, username, password, hash } = new URL(withScheme);
  // Without this, the start of the password would be taken for the port, and shown.
  if (hash !== "") throw invalid(name, "it has a # in it, which a password must have as %23");
  if (username === "" && password === "") return { uri: origin };
  try {
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return { uri: origin, token: `Basic ${Buffer.from(credentials).toString("base64")}` };
  } catch {
    throw invalid(name, "its user name or password has a % that starts no %-encoded character");
  }
}

function invalid(name: string, reason: string): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_INVALID_SETTING", {
    summary: `Cannot use the proxy from environment variable ${name}: ${reason}`,
    remedy: "Set an http or https proxy as http://host:port, or name the API's host in NO_PROXY. Nothing was sent.",
  });
}

function isExcepted({ hostname, port }: URL, list: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
  return list.split(/[\s,]+/).some((entry) => covers(entry.toLowerCase(), host, port === "" ? "443" : port));
}

function covers(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  const [, named = entry, onPort = port] = /^(\[.*\]|[^:]+):(\d+)$/.exec(entry) ?? [];
  if (onPort !== port) return false;
  return isIP(host) === 0 ? isAtOrBelow(host, named) : isInNetwork(host, named);
}

function isAtOrBelow(host: string, entry: string): boolean {
  const domain = entry.replace(/^\*?\./, "").replace(/\.$/, "");
  return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
}

/** @param entry - An address, or a network as `10.0.0.0/8`. */
function isInNetwork(address: string, entry: string): boolean {
  const [, network = "", bits] = /^\[?([^\]/]+)\]?(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const most = { 4: 32, 6: 128 }[isIP(network)] ?? -1;
  const prefix = bits === undefined ? most : Number(bits);
  if (isIP(network) !== isIP(address) || prefix > most) return false;
  const family = most === 32 ? "ipv4" : "ipv6";
  const block = new BlockList();
  block.addSubnet(network, prefix, family);
  return block.check(address, family);
}
