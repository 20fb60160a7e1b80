import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { CLOUD_VPN_NAMES } from "../../src/cloud-vpns";
import { checkPsk } from "../../src/program/check-psk";
import type { ErrorDetails, IpsecTunnelPskErrorCode } from "../../src/errors";
import type { PskConsumer } from "../../src/gateways";
import { DIALECT_NAMES } from "../../src/gateways/dialects";
import { requireBuild, ROOT } from "../support/build";
import { settled } from "../support/output";

const consumers = [...CLOUD_VPN_NAMES, ...DIALECT_NAMES] as PskConsumer[];
const KEY = "AfakeKeyForTestsOnly0";

/** A call in another process, and what its error says; `undefined` if the key is accepted. */
interface Failure {
  readonly code: IpsecTunnelPskErrorCode;
  readonly message: string;
  readonly stack: string;
  readonly details: ErrorDetails;
}

// In a process of its own: all that depends on a failed output fails too, which would end the tests.
const PROGRAM = `
  const { checkPsk } = require("pulumi-cloudflare-ipsec-psk");
  process.on("unhandledRejection", () => undefined);
  const attempts = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
  const outcomes = attempts.map(([psk, consumer]) =>
    checkPsk(psk, consumer).promise().then(
      () => null,
      ({ code, message, stack, details }) => ({ code, message, stack, details }),
    ),
  );
  Promise.all(outcomes).then((failures) => process.stdout.write(JSON.stringify(failures)));
`;

function failuresOf(attempts: readonly (readonly [psk: unknown, consumer: unknown])[]): (Failure | null)[] {
  requireBuild();
  const input = JSON.stringify(attempts);
  const printed = execFileSync(process.execPath, ["-e", PROGRAM], { cwd: ROOT, input, maxBuffer: 1e9 });
  return JSON.parse(printed.toString()) as (Failure | null)[];
}

describe("checkPsk()", () => {
  const notStrings = consumers.flatMap((consumer) => [[5, consumer] as const, [{ a: "b" }, consumer] as const]);
  const unknownConsumers = ["constructor", "AWS", undefined].map((consumer) => [KEY, consumer] as const);
  let forCloud: Failure | null | undefined;
  let forRouter: Failure | null | undefined;
  let others: readonly (Failure | null)[];

  // Once for all, because a process takes longer to start than they do.
  beforeAll(() => {
    const attempts = [["0-fake", "aws"] as const, ["fake'key", "vyos"] as const, ...notStrings, ...unknownConsumers];
    [forCloud, forRouter, ...others] = failuresOf(attempts);
  });

  it.each(consumers)("returns a key that %s accepts, unchanged and secret", async (consumer) => {
    const expected = { value: KEY, known: true, secret: true };

    expect(await settled(checkPsk(KEY, consumer))).toEqual(expected);
    expect(await settled(checkPsk(pulumi.output(KEY), consumer))).toEqual(expected);
    expect(await settled(checkPsk(pulumi.secret(KEY), consumer))).toEqual(expected);
    expect(await settled(checkPsk(Promise.resolve(KEY), consumer))).toEqual(expected);
  });

  it("fails with every rule of a cloud that the key breaks, one line each, and with what to do", () => {
    expect(forCloud?.message).toBe(
      `Cannot use this key for AWS Site-to-Site VPN: it breaks 3 rules (ERR_UNSUITABLE_PSK)
- psk must have 8 to 64 characters
- psk must have only the letters A to Z and a to z, digits, periods and underscores
- psk must not start with 0
What to do: Set compatibleWith: ["aws"] on the IpsecTunnelPsk, which regenerates the key until it is compatible.
More: docs/errors.md#err_unsuitable_psk in pulumi-cloudflare-ipsec-psk`,
    );
  });

  it("fails with every rule of a router that the key breaks, and with what to do", () => {
    expect(forRouter?.message).toBe(
      `Cannot use this key for a VyOS configuration: it breaks 1 rule (ERR_UNSUITABLE_PSK)
- psk must not have a single quote, because VyOS has no escape for it
What to do: Generate another key: change a rotation trigger.
More: docs/errors.md#err_unsuitable_psk in pulumi-cloudflare-ipsec-psk`,
    );
    expect(forRouter?.details.problems).toEqual([
      { property: "psk", reason: "must not have a single quote, because VyOS has no escape for it" },
    ]);
  });

  it("accepts only strings, for every consumer", () => {
    const codes = others.slice(0, notStrings.length).map((failure) => failure?.code);

    expect(codes).toEqual(notStrings.map(() => "ERR_UNSUITABLE_PSK"));
  });

  it("names the known consumers instead of an unknown one", () => {
    const failures = others.slice(notStrings.length);

    expect(failures).toHaveLength(unknownConsumers.length);
    for (const failure of failures) {
      expect(failure).toMatchObject({
        code: "ERR_UNSUITABLE_PSK",
        details: {
          problems: [
            {
              property: "consumer",
              reason: expect.stringMatching(/^must be one of aws, .+, strongswan, .+, markdown$/) as string,
            },
          ],
        },
      });
    }
  });

  it("never shows a key that it refuses, for any consumer", () => {
    const start = fc.constantFrom("0", "0x-", "$9$", "ENC ", "-AQ== ", "\ud800 é\x7f'");
    const rest = fc.string({ unit: "binary", minLength: 12, maxLength: 160 });
    const keys = fc.sample(fc.tuple(start, rest, fc.constantFrom("\ud800~-", "'\"\\")), 100);
    const attempts = consumers.flatMap((consumer) => keys.map((parts) => ({ consumer, parts, psk: parts.join("") })));

    const failures = failuresOf(attempts.map(({ psk, consumer }) => [psk, consumer]));

    failures.forEach((failure, index) => {
      const { psk, parts } = attempts[index] ?? { psk: "", parts: [] };
      if (failure === null) return;
      const { message, stack, details } = failure;
      // Not as JSON, which would write the key with escapes.
      const said = [message, stack, details.summary, details.remedy].join("\n");
      expect(said).not.toContain(psk);
      expect(said).not.toContain(parts[1]);
    });
    expect(failures.filter((failure) => failure !== null).length).toBeGreaterThan(attempts.length / 2);
  });

  it("ends the program, and shows the rules but never the key", async () => {
    requireBuild();
    const program = `require("pulumi-cloudflare-ipsec-psk").checkPsk("0-fake-key-for-tests-only", "aws")`;

    const run = promisify(execFile)(process.execPath, ["-e", program], { cwd: ROOT });
    const failure = await run.catch((error: unknown) => error);

    expect(failure).toMatchObject({ code: 1 });
    const { stderr } = failure as { readonly stderr: string };
    expect(stderr).toContain("Cannot use this key for AWS Site-to-Site VPN: it breaks 2 rules (ERR_UNSUITABLE_PSK)");
    expect(stderr).toMatch(/^- psk must not start with 0$/m);
    expect(stderr).not.toContain("fake-key-for-tests-only");
  });
});

describe("checkPsk() in a preview, of a key that is not yet known,", () => {
  it.each(consumers)("is a secret that is not known, and does not fail: %s", async (consumer) => {
    const unknown = pulumi.output(pulumi.unknown as unknown as string);

    await expect(settled(checkPsk(unknown, consumer))).resolves.toEqual({
      value: undefined,
      known: false,
      secret: true,
    });
  });
});
