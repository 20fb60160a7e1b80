import * as pulumi from "@pulumi/pulumi";
import { warningOf } from "../psk/guessable";
import { instantMs } from "../rfc3339";

interface Keys {
  readonly psk?: pulumi.Input<string>;
  readonly existingKey?: pulumi.Input<{ readonly psk: pulumi.Input<string> }>;
}

interface KeyResource extends pulumi.Resource {
  readonly lastGeneratedOn: pulumi.Output<string | undefined>;
}

/**
 * Warns, in an `up`, of a key of the program that can be guessed: the provider's process cannot warn. A key whose timestamp is older
 * than this run was set by an earlier one. Of an existing key, the timestamp says nothing of the run: the warning ends when
 * `existingKey` is removed.
 *
 * @param startedMs - When the program has made the resource, in milliseconds since the epoch.
 */
export function warnOfGuess({ psk, existingKey }: Keys, resource: KeyResource, startedMs: number): void {
  if (psk === undefined && existingKey === undefined) return;
  pulumi.all([psk, existingKey, resource.lastGeneratedOn]).apply(([given, existing, generatedOn]) => {
    const isOlder = instantMs(generatedOn) < startedMs;
    if (existing === undefined && isOlder) return;
    const warning = existing === undefined ? warningOf("psk", given) : warningOf("existingKey.psk", existing.psk);
    if (warning !== undefined) void pulumi.log.warn(warning, resource);
  });
}
