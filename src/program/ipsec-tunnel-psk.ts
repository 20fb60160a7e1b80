import * as pulumi from "@pulumi/pulumi";
import { given } from "../given";
import { importRefused } from "../psk/existing-key";
import { identitiesOf, type IkeIdentities } from "../psk/identities";
import { CLAIMED_BY } from "../psk/sentinels";
import { spreadDays } from "../psk/spread";
import type { PskStatus } from "../psk/state";
import { nextRotationOn } from "../psk/timestamp";
import { statusWarning } from "../psk/verification";
import { claimTunnel } from "./claims";
import { warnOfGuess } from "./guessable-psk-warning";
import { previewHooks } from "./preview-hook";
import { providerOf } from "./provider-resource";
import { PROVIDER_TEXT } from "../dynamic/provider-text";
import { warnOfTunnelPsk } from "./tunnel-psk-warning";

/** The resource of the native provider, whose state this one reads. */
const NATIVE_TYPE = "cloudflare-ipsec-psk:index:IpsecTunnelPsk";

/** The arguments of an {@link IpsecTunnelPsk}. */
export interface IpsecTunnelPskArgs {
  /** The Cloudflare account: 32 hexadecimal characters. A change replaces the resource. */
  readonly accountId: pulumi.Input<string>;
  /**
   * The IPsec tunnel: 32 hexadecimal characters, usually the `id` of a `cloudflare.MagicWanIpsecTunnel`. Do not set `psk` on
   * that resource. A change replaces this resource: the new tunnel gets a key, and the old one keeps its own.
   */
  readonly ipsecTunnelId: pulumi.Input<string>;
  /**
   * Any strings; a new key is generated in place when one changes, is added or is removed. The state and previews show them in
   * plain text, unless you make them secret.
   *
   * @default none: no trigger causes a rotation
   */
  readonly rotationTriggers?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
  /**
   * Whole days, 1 or more: the next `up` replaces a key of that age. The age is today's UTC date minus
   * the UTC date of `lastGeneratedOn`. Nothing rotates between runs.
   *
   * @default none: a key never becomes too old
   */
  readonly rotateAfterDays?: pulumi.Input<number>;
  /**
   * Whole days, 0 or more and less than `rotateAfterDays`: a key comes due up to this many days earlier, always the same number
   * of days for one tunnel, so that keys from one `up` do not all come due in another one.
   *
   * @default 0
   */
  readonly rotateSpreadDays?: pulumi.Input<number>;
  /**
   * What to do when someone else rotated the key: with `"regenerate"`, the next `up` generates a new one, or sets `psk` again;
   * with `"fail"`, previews and updates fail, and send nothing, until you decide.
   *
   * @default "regenerate"
   */
  readonly onExternalRotation?: pulumi.Input<"regenerate" | "fail">;
  /**
   * The key to set, instead of one that Cloudflare generates; made secret. White space or quotes around it, and characters that
   * no key has, are refused, not removed; so is a reference that nothing has resolved, and a key that can be guessed
   * warns. Several resources may have the same one, each for its own tunnel. Removing it
   * generates a key. It is not established that setting a key moves the tunnel's timestamp: a key that did not is never `active`.
   *
   * @default none: Cloudflare generates the key
   * @see https://developers.cloudflare.com/api/resources/magic_transit/subresources/ipsec_tunnels/methods/psk_set/
   */
  readonly psk?: pulumi.Input<string>;
  /**
   * Takes over a key that is already active, instead of generating one. With `psk`, both must be the same key. `lastGeneratedOn` is the timestamp that
   * Cloudflare shows for it, and is compared with the edge's. Each timestamp is taken over once.
   *
   * @default none: a key is generated
   */
  readonly existingKey?: pulumi.Input<ExistingKeyArgs>;
  /**
   * Cloud VPNs that must accept the key: it is regenerated until they do, at most 8 times, before any dependent resource
   * receives one. Each of them accepts about half of the keys. A stored key that they do not accept is replaced. If you give
   * `psk`, it is checked in the preview, and refused before anything is sent.
   *
   * @default none: the first key is kept
   */
  readonly compatibleWith?: pulumi.Input<readonly pulumi.Input<"aws" | "azure">[]>;
  /**
   * The short number in the tunnel's IKE identities, as a string of digits; needed only if Cloudflare sends no
   * `ipsec_id`. It is not the account ID.
   *
   * @default from `ipsecId`
   */
  readonly conduitId?: pulumi.Input<string>;
  /**
   * Whether a preview asks Cloudflare (with `validate_only`) if it would accept the generation.
   *
   * @default true
   */
  readonly validateInPreview?: pulumi.Input<boolean>;
}

/** A key that is already active. */
export interface ExistingKeyArgs {
  /** The key alone; made secret. White space or quotes around it, and characters that no key has, are refused, not removed. */
  readonly psk: pulumi.Input<string>;
  /** RFC 3339, UTC, as Cloudflare shows it in `psk_metadata.last_generated_on`. */
  readonly lastGeneratedOn: pulumi.Input<string>;
}

/**
 * The pre-shared key of a Magic WAN or Magic Transit IPsec tunnel, generated by Cloudflare or set to one of yours.
 *
 * Cloudflare shows a key once. It is active immediately, and no API ever returns it again. This resource keeps it, encrypted,
 * in the stack's state. Creating the resource generates a key. So do changed {@link IpsecTunnelPskArgs.rotationTriggers}, an
 * age, or a rotation by someone else, depending on the other arguments. Your router keeps using the old key until you deploy
 * the new one.
 *
 * Deleting the resource leaves the key active, because no API removes one. `pulumi import` cannot restore a key.
 *
 * @example
 * ```ts
 * import { IpsecTunnelPsk } from "pulumi-cloudflare-ipsec-psk";
 *
 * const key = new IpsecTunnelPsk("branch-1", {
 *   accountId,
 *   ipsecTunnelId,
 *   rotationTriggers: { quarter: "2026-Q4" },
 * });
 * export const psk = key.psk; // [secret]
 * ```
 * @see https://developers.cloudflare.com/api/resources/magic_transit/subresources/ipsec_tunnels/methods/psk_generate/
 */
export class IpsecTunnelPsk extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/cloudflare:IpsecTunnelPsk";

  /** Tells whether a value is an `IpsecTunnelPsk` of this package, or of another copy of it. */
  static override isInstance(value: unknown): value is IpsecTunnelPsk {
    return (value as { __pulumiType?: unknown } | null | undefined)?.__pulumiType === IpsecTunnelPsk.__pulumiType;
  }

  // `declare`: the base class assigns these, and a class field would overwrite them.
  /** The Cloudflare account, as you wrote it. */
  declare readonly accountId: pulumi.Output<string>;
  /** The IPsec tunnel, as you wrote it. */
  declare readonly ipsecTunnelId: pulumi.Output<string>;
  /** The triggers of the last generation or update; secret where you made them secret. */
  declare readonly rotationTriggers: pulumi.Output<Readonly<Record<string, string>> | undefined>;
  /** The key, secret. Cloudflare never returns it again: the state has the only copy of one that it generated. */
  declare readonly psk: pulumi.Output<string>;
  /**
   * When the key was generated or set: RFC 3339, UTC, as Cloudflare sent it; `undefined` if setting the key did not move the
   * tunnel's timestamp.
   */
  declare readonly lastGeneratedOn: pulumi.Output<string | undefined>;
  /** The tunnel's name in IKE, `<conduit ID>_<tunnel ID>`, if Cloudflare sends it. */
  declare readonly ipsecId: pulumi.Output<string | undefined>;
  /** Whether the key is known to be the active one at Cloudflare's edge. */
  declare readonly status: pulumi.Output<PskStatus>;
  /** The timestamp at the edge that made the key `"superseded"`: RFC 3339, UTC; `undefined` with any other status. */
  declare readonly supersededOn: pulumi.Output<string | undefined>;

  // Derived values are computed when they are read: with hundreds of resources, unused outputs take seconds.
  // They come from the arguments, because outputs stay old while there is nothing to do.
  private readonly derivedFrom: {
    readonly rotateAfterDays: pulumi.Input<number> | undefined;
    readonly rotateSpreadDays: pulumi.Input<number> | undefined;
    readonly conduitId: pulumi.Input<string> | undefined;
  };

  /**
   * Declares the key of one tunnel.
   *
   * @param name - The resource's name in the stack.
   * @param args - Checked by Pulumi before anything is sent to Cloudflare.
   * @param opts - Pulumi's resource options. `customTimeouts`, `version` and `pluginDownloadURL` have no effect;
   *   `operationTimeoutMs`, a setting of the stack or of a {@link Provider}, limits the time of an operation.
   */
  constructor(name: string, args: IpsecTunnelPskArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseReading(name, opts);
    const props = {
      ...args,
      ...given({ existingKey: args.existingKey && withSecretPsk(args.existingKey) }),
      __provider: PROVIDER_TEXT,
      [CLAIMED_BY]: claimTunnel(name, args.accountId, args.ipsecTunnelId),
      // What programs read. The rest of the state has no outputs, because each costs time in every run.
      psk: args.psk === undefined ? undefined : pulumi.secret(args.psk),
      lastGeneratedOn: undefined,
      ipsecId: undefined,
      status: undefined,
      supersededOn: undefined,
    };
    super(IpsecTunnelPsk.__pulumiType, name, props, pulumi.mergeOptions(ownOptions(name, opts), opts));
    // Unknown in a preview, and then not yet marked: without this a preview would treat it as any other value.
    this.psk = pulumi.secret(this.psk);

    if (opts.customTimeouts !== undefined) warnOfTimeouts(this);
    const { rotateAfterDays, rotateSpreadDays, conduitId } = args;
    this.derivedFrom = { rotateAfterDays, rotateSpreadDays, conduitId };
    if (pulumi.runtime.isDryRun()) {
      warnOfTunnelPsk(args.ipsecTunnelId, this).catch(() => undefined);
    } else {
      this.status.apply((status) => {
        warnOf(status, args.psk !== undefined, this);
      });
      warnOfGuess(args, this, Date.now());
    }
  }

  /**
   * The UTC date, `YYYY-MM-DD`, from which on `up` rotates; `undefined` without `rotateAfterDays` or `lastGeneratedOn`. Not stored.
   */
  get nextRotationOn(): pulumi.Output<string | undefined> {
    const { rotateAfterDays, rotateSpreadDays } = this.derivedFrom;
    return pulumi
      .all([this.lastGeneratedOn, this.ipsecTunnelId, rotateAfterDays, rotateSpreadDays])
      .apply(([generatedOn, tunnelId, days, spread]) =>
        nextRotationOn(generatedOn, days, spreadDays(tunnelId, spread)),
      );
  }

  /** The router's IKE identity as ID_FQDN; `undefined` if Cloudflare sent no `ipsec_id` and `conduitId` is not given. Not stored. */
  get fqdnId(): pulumi.Output<string | undefined> {
    return this.identity(({ fqdnId }) => fqdnId);
  }

  /** The router's IKE identity as ID_RFC822_ADDR (user FQDN); `undefined` where `fqdnId` is. Not stored. */
  get userFqdnId(): pulumi.Output<string | undefined> {
    return this.identity(({ userFqdnId }) => userFqdnId);
  }

  /** The router's IKE identity as ID_KEY_ID; `undefined` where `fqdnId` is. strongSwan requires `keyid:` before it. Not stored. */
  get keyId(): pulumi.Output<string | undefined> {
    return this.identity(({ keyId }) => keyId);
  }

  private identity(choose: (identities: IkeIdentities) => string): pulumi.Output<string | undefined> {
    return pulumi
      .all([this.ipsecId, this.ipsecTunnelId, this.derivedFrom.conduitId])
      .apply(([ipsecId, ipsecTunnelId, conduitId]) => {
        const identities = identitiesOf({ ipsecId, ipsecTunnelId, conduitId });
        return identities && choose(identities);
      });
  }
}

function ownOptions(name: string, opts: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
  const hooks = previewHooks(providerOf(IpsecTunnelPsk.__pulumiType, name, opts));
  return {
    // Wraps the key again at every step, so that a state of any origin is repaired.
    additionalSecretOutputs: ["psk"],
    hideDiffs: ["__provider"],
    aliases: [{ type: NATIVE_TYPE }],
    ...given({ hooks }),
  };
}

// A key's timestamp is not a secret: Cloudflare shows it to everyone who may read the tunnel.
function withSecretPsk(key: pulumi.Input<ExistingKeyArgs>): pulumi.Input<ExistingKeyArgs> {
  const isOutput = pulumi.Output.isInstance(key) || key instanceof Promise;
  return isOutput ? pulumi.secret(key) : { ...key, psk: pulumi.secret(key.psk) };
}

function refuseReading(name: string, { id, import: imported }: pulumi.CustomResourceOptions): void {
  if (id !== undefined || imported !== undefined) throw importRefused(name);
}

// Pulumi's host for dynamic providers drops them.
function warnOfTimeouts(resource: pulumi.Resource): void {
  void pulumi.log.warn(
    "customTimeouts has no effect: Pulumi does not pass it to this resource. Set cloudflare-ipsec-psk:operationTimeoutMs in the stack's configuration, or operationTimeoutMs of a Provider.",
    resource,
  );
}

function warnOf(status: PskStatus | undefined, isFromProgram: boolean, resource: pulumi.Resource): void {
  const warning = statusWarning(status, isFromProgram);
  if (warning !== undefined) void pulumi.log.warn(warning, resource);
}
