// The habits of MagicWanIpsecTunnel and getMagicWanIpsecTunnel: observed with terraform-provider-cloudflare 5.22.0, bridged as
// pulumi-cloudflare bridges it. What another source says has a comment.
const { isDeepStrictEqual } = require("node:util");
const { UNKNOWN } = require("../plugin-server.cjs");
const { inputNames, outputNames, resultNames } = require("./schema.cjs");

// Defaults of the provider's schema: internal/services/magic_wan_ipsec_tunnel/schema.go of terraform-provider-cloudflare.
const DEFAULTS = { automaticReturnRouting: false, replayProtection: false };
const HEALTH_CHECK = { direction: "unidirectional", enabled: true, rate: "mid", type: "reply" };

/** What no output has unless the program gives it. */
const OPTIONAL = ["bgp", "customRemoteIdentities", "customerEndpoint", "interfaceAddress6", "psk"];

/** Returns the resource and the data source. `send` sends a request: method, account, path, body. */
function createTunnels(send) {
  const resource = {
    diff(state, news) {
      const wanted = { ...wantedOf(news), healthCheck: plannedCheck(state.healthCheck, news.healthCheck) };
      const changed = inputNames().filter((name) => !isDeepStrictEqual(wanted[name], state[name]));
      return { changed, replaces: changed.filter((name) => name === "accountId") };
    },

    async create(inputs, isPreview) {
      const wanted = wantedOf(inputs);
      if (isPreview) return { id: "", outputs: withUnknowns(wanted) };
      const shown = await send("POST", inputs.accountId, "", bodyOf(wanted));
      // pulumi-cloudflare takes the tunnel's ID for missing and computes one from the inputs: the account's.
      return { id: inputs.accountId, outputs: outputsOf(wanted, shown) };
    },

    async update(state, news, isPreview) {
      const wanted = wantedOf(news);
      if (isPreview) return withUnknowns(wanted);
      const body = { ...removedFrom(state, wanted), ...bodyOf(wanted) };
      const { modifiedIpsecTunnel } = await send("PUT", state.accountId, `/${state.id}`, body);
      return outputsOf(wanted, modifiedIpsecTunnel);
    },

    async read(id, state) {
      // An import has an ID of two parts, and no state. In a state of @pulumi/cloudflare 5, the ID is the tunnel's.
      const { accountId, id: tunnelId } = state.id === undefined ? importedFrom(id) : state;
      const found = await send("GET", accountId, `/${tunnelId}`);
      if (found === undefined) return undefined;
      const outputs = only(outputNames(), shownAs({ ...found.ipsecTunnel, accountId, psk: state.psk }));
      const inputs = state.id === undefined ? only(inputNames(), outputs) : undefined;
      return { id: accountId, inputs, outputs: { ...outputs, id: tunnelId } };
    },

    delete: (state) => send("DELETE", state.accountId, `/${state.id}`),
  };

  /** Takes the tunnel's own ID. What Cloudflare does not show is absent, even a whole `bgp`. */
  async function read({ accountId, ipsecTunnelId }) {
    const found = await send("GET", accountId, `/${ipsecTunnelId}`);
    if (found === undefined) throw new Error(`failed to make http request: 404 for tunnel ${ipsecTunnelId}`);
    return {
      accountId,
      id: ipsecTunnelId,
      ipsecTunnelId,
      ipsecTunnel: only(resultNames(), shownAs(found.ipsecTunnel)),
    };
  }
  return { resource, read };
}

function importedFrom(id) {
  const [accountId, tunnelId] = id.split("/");
  return { accountId, id: tunnelId };
}

const wantedOf = (inputs) => ({ ...DEFAULTS, ...given(inputs) });

/** Returns what a request sends for what the program wants. */
function bodyOf({ healthCheck, ...fields }) {
  return {
    ...fields,
    accountId: undefined,
    ...given({ healthCheck: healthCheck && { ...HEALTH_CHECK, ...healthCheck } }),
  };
}

/** Returns `null` for what was removed from the program, even for `psk`. A health check is Cloudflare's own then. */
function removedFrom(state, wanted) {
  const removed = inputNames().filter((name) => state[name] !== undefined && wanted[name] === undefined);
  return Object.fromEntries(removed.filter((name) => name !== "healthCheck").map((name) => [name, null]));
}

/** Plans a health check: what the program leaves out stays, except a target that Terraform takes for an earlier program's. */
function plannedCheck(last, wanted) {
  const isKept = last?.target?.saved === undefined;
  if (wanted === undefined) return isKept ? last : undefined;
  const { effective } = last?.target ?? {};
  const target = wanted.target ? given({ effective, ...wanted.target }) : isKept ? last?.target : undefined;
  return { ...HEALTH_CHECK, ...wanted, ...given({ target }) };
}

/** In a preview, everything that Cloudflare computes is unknown, even what an update cannot change. */
function withUnknowns(wanted) {
  const computed = ["id", ...outputNames()].filter((name) => !OPTIONAL.includes(name));
  return { ...Object.fromEntries(computed.map((name) => [name, UNKNOWN])), ...wanted };
}

/** Returns what the program wants, and what Cloudflare computes. The tunnel's ID is in the state only: SDKs skip `id`. */
function outputsOf(wanted, shown) {
  const { id, healthCheck = {}, ...computed } = shownAs(shown);
  const target = given({ effective: healthCheck.target?.effective, saved: wanted.healthCheck?.target?.saved });
  const known = { ...computed, ...wanted, healthCheck: { ...healthCheck, ...wanted.healthCheck, target } };
  return { ...only(outputNames(), known), id };
}

/** Timestamps have whole seconds, and what is `null` is absent. */
function shownAs(tunnel) {
  const shown = ([name, value]) => [
    name,
    /(?:On|At)$/.test(name) ? inSeconds(value) : isObject(value) ? shownAs(value) : value,
  ];
  return given(Object.fromEntries(Object.entries(tunnel).map(shown)));
}

const inSeconds = (timestamp) => timestamp?.replace(/\.\d+/, "");
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const given = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => (value ?? null) !== null));
const only = (names, values) => given(Object.fromEntries(names.map((name) => [name, values[name]])));

module.exports = { createTunnels };
