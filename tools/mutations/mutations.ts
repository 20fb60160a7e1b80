/** A deliberate mistake, as a change of the code's text. */
export interface Mutation {
  readonly name: string;
  /** Below `src`. */
  readonly file: string;
  /** Has to occur exactly once, so that a mutation cannot outlive the code that it mutates. */
  readonly find: string;
  readonly replace: string;
  /** The test that has to catch it, below `test`. Default: {@link MODEL}. */
  readonly caughtBy?: string;
}

export const MODEL = "model/lifecycle.full.model.test.ts";

export const mutations: readonly Mutation[] = [
  {
    name: "verification is off",
    file: "psk/generation.ts",
    find: "const verdict = await verify(tunnels, target, key, context);",
    replace: 'const verdict = { kind: "active" } as Awaited<ReturnType<typeof verify>>;',
  },
  {
    name: "a repeat does not wait for the late request",
    file: "psk/generation.ts",
    find: "!(await deadline.sleep(limits.lostResponseWaitMs))",
    replace: "false",
  },
  {
    name: "one generation too many",
    file: "psk/generation.ts",
    find: "if (failures >= limits.maxGenerations || !(await",
    replace: "if (failures > limits.maxGenerations || !(await",
  },
  {
    name: "a repeat does not check that the engine is running",
    file: "psk/generation.ts",
    find: "if (isRepeat) await operation.beforeLateSend();",
    replace: "",
  },
  {
    name: "a refusal hides a lost response",
    file: "psk/generation.ts",
    find: "throw new GenerationFailure(outcome.error, received, lost || outcome.mayHaveTakenEffect);",
    replace: "throw new GenerationFailure(outcome.error, received, outcome.mayHaveTakenEffect);",
  },
  {
    name: "an incompatible key is kept",
    file: "psk/generation.ts",
    find: "if (consumers.length > 0) return",
    replace: "if (consumers.length > 9) return",
  },
  {
    name: "one attempt too many for a compatible key",
    file: "psk/generation.ts",
    find: "incompatible >= MAX_ATTEMPTS",
    replace: "incompatible > MAX_ATTEMPTS",
  },
  {
    name: "an incompatible key vanishes",
    file: "psk/generation.ts",
    find: 'received = { ...outcome.key, status: "unverified" };',
    replace: "",
  },
  {
    name: "an incompatible stored key is kept",
    file: "psk/rotation.ts",
    find: "...compatibility(state, inputs),",
    replace: "",
  },
  {
    name: "the deadline is ignored",
    file: "psk/deadline.ts",
    find: "if (leftMs() <= ms) return false;",
    replace: "",
  },
  {
    name: "no tolerance between timestamps",
    file: "psk/timestamp.ts",
    find: "TOLERANCE_MS = 1;",
    replace: "TOLERANCE_MS = 0;",
  },
  {
    name: "newer counts as the same",
    file: "psk/timestamp.ts",
    find: 'difference > 0 ? "newer" : "older"',
    replace: 'difference > 0 ? "same" : "older"',
  },
  {
    name: "a lagging read counts as a verification",
    file: "psk/verification.ts",
    find: 'case "same":',
    replace: 'case "same":\n      case "older":',
  },
  {
    name: "a read that fails counts as a verification",
    file: "psk/verification.ts",
    find: 'return { kind: "unverified", why: summaryOf(error) };',
    replace: 'return { kind: "active" };',
  },
  {
    name: "a received key vanishes in a failure",
    file: "psk/lifecycle.ts",
    find: "throw left === undefined ? error.cause : new PartialFailure(left, error.cause);",
    replace: "throw error.cause;",
  },
  {
    name: "a partial failure has no mark",
    file: "psk/lifecycle.ts",
    find: "lost ? markLost(state) : state",
    replace: '{ ...state, status: "active" as const }',
  },
  {
    name: "a lost key leaves no mark",
    file: "psk/lifecycle.ts",
    find: "return lost && before !== undefined ? markLost(before) : undefined;",
    replace: "return undefined;",
  },
  {
    name: "a failed update keeps the new triggers",
    file: "psk/lifecycle.ts",
    find: "withKey(before ?? inputs,",
    replace: "withKey(inputs,",
  },
  {
    name: "a forced update does not verify",
    file: "psk/lifecycle.ts",
    find: "const verdict = await verify(tunnels, inputs, state, context);",
    replace: 'const verdict = { kind: "active" } as Awaited<ReturnType<typeof verify>>;',
  },
  {
    name: 'a forced update ignores onExternalRotation "fail"',
    file: "psk/lifecycle.ts",
    find: 'if (plan.kind === "refuse") throw new PartialFailure(marked, externalRotation(inputs, plan.reason));',
    replace: "",
  },
  {
    name: "a forced update of an orphan generates",
    file: "psk/lifecycle.ts",
    find: "await context.operation.beforeLateSend();",
    replace: "",
  },
  {
    name: "an existing key is not checked",
    file: "psk/lifecycle.ts",
    find: "await checkExistingKey(tunnels, inputs, key, begin(inputs).operation);",
    replace: "",
  },
  {
    name: "an existing key that was taken over is forgotten",
    file: "psk/state.ts",
    find: "given({ ipsecId, existingKeyGeneratedOn })",
    replace: "given({ ipsecId })",
  },
  {
    name: "a refresh ignores drift",
    file: "psk/refresh.ts",
    find: 'if (relation === "newer" && seen !== undefined)',
    replace: "if (false)",
  },
  {
    name: "a refresh clears marks",
    file: "psk/refresh.ts",
    find: 'if (state.status === "superseded" || state.status === "lost") return state;',
    replace: "",
  },
  {
    name: "a refresh trusts a list that lacks the tunnel",
    file: "psk/refresh.ts",
    find: "if (isConclusive(listed, state)) return judge(state, listed);",
    replace:
      'if (isConclusive(listed, state)) return judge(state, listed);\n  if (listed.kind === "gone") return undefined;',
  },
  {
    name: "one read without a key means lost",
    file: "psk/refresh.ts",
    find: "if (reading.lastGeneratedOn !== undefined) return judge(state, reading);",
    replace: "return reading.lastGeneratedOn === undefined ? markLost(state) : judge(state, reading);",
  },
  {
    name: "a diff does not look for drift",
    file: "psk/lifecycle.ts",
    find: "planRotation(await lookForDrift(state), inputs, clock.now()) : plan",
    replace: "planRotation(state, inputs, clock.now()) : plan",
  },
  {
    name: "a diff takes an older timestamp for a newer one",
    file: "psk/drift.ts",
    find: 'relate(seen, state.lastGeneratedOn) === "newer"',
    replace: 'relate(seen, state.lastGeneratedOn) !== "same"',
  },
  {
    name: "a list that cannot be read counts as drift",
    file: "psk/drift.ts",
    find: "if (listed === undefined) return unchanged;",
    replace: "if (listed === undefined) return { state: markLost(state), isMissing: false };",
  },
  {
    name: "a read that cannot be sent counts as drift",
    file: "psk/drift.ts",
    find: "if (reading === undefined) return unchanged;",
    replace: "if (reading === undefined) return { state: markLost(state), isMissing: false };",
    caughtBy: "psk/drift.test.ts",
  },
  {
    name: "a lost key is no reason to generate",
    file: "psk/rotation.ts",
    find: 'state.status === "lost" ? [{ kind: "lost" } as const] : []',
    replace: "[]",
  },
  {
    name: "a rotation by someone else is never refused",
    file: "psk/rotation.ts",
    find: 'inputs.onExternalRotation === "fail" && asked.length === 0',
    replace: "false",
  },
  {
    name: "a new existing key is overlooked",
    file: "psk/rotation.ts",
    find: "existingKey !== undefined && isNewExistingKey(state, existingKey)",
    replace: "existingKey !== undefined && false",
  },
  {
    name: "age counts by Cloudflare's clock alone",
    file: "psk/timestamp.ts",
    find: "instantMs(localGeneratedOn) <= nowMs ? localGeneratedOn : lastGeneratedOn",
    replace: "lastGeneratedOn",
  },
  {
    name: "a clock that is wrong is not noted",
    file: "psk/clock-skew.ts",
    find: "return isSkewed ?",
    replace: "return false ?",
  },
  {
    name: "a trigger's secrecy is judged by its new value",
    file: "dynamic/hook-values.ts",
    find: "const sides = [newInputs, oldInputs, oldOutputs];",
    replace: "const sides = [newInputs];",
    caughtBy: "dynamic/hook-values.test.ts",
  },
  {
    name: "a failed update stores old triggers in plain text",
    file: "dynamic/dynamic-provider.ts",
    find: "...oldTriggers(error.state, inputs), ",
    replace: "",
    caughtBy: "dynamic/dynamic-provider.test.ts",
  },
  {
    name: "each copy of the package has its own claims",
    file: "dynamic/claims.ts",
    find: 'Symbol.for("pulumi-cloudflare-ipsec-psk.claims")',
    replace: 'Symbol("pulumi-cloudflare-ipsec-psk.claims")',
    caughtBy: "dynamic/claims.test.ts",
  },
  {
    name: "two hooks have one name",
    file: "dynamic/preview-hook.ts",
    find: "${randomUUID().slice(0, 8)}",
    replace: "",
    caughtBy: "dynamic/preview-hook.test.ts",
  },
  {
    name: "a list that is null fails",
    file: "cloudflare/ipsec-tunnels.ts",
    find: ".catch({ ipsec_tunnels: [] })",
    replace: "",
    caughtBy: "cloudflare/ipsec-tunnels.test.ts",
  },
  {
    name: "an odd entry spoils the list",
    file: "cloudflare/ipsec-tunnels.ts",
    find: "z.array(tunnelSchema.nullable().catch(null))",
    replace: "z.array(tunnelSchema)",
    caughtBy: "cloudflare/ipsec-tunnels.test.ts",
  },
  {
    name: "an invalid timestamp counts as no key",
    file: "cloudflare/ipsec-tunnels.ts",
    find: "const tunnelSchema = z.object({ id: z.string(), psk_metadata: pskMetadata });",
    replace: "const tunnelSchema = z.object({ id: z.string(), psk_metadata: pskMetadata.catch(undefined) });",
    caughtBy: "cloudflare/ipsec-tunnels.test.ts",
  },
  {
    name: "a verification trusts a list that lacks the tunnel",
    file: "cloudflare/read-batch.ts",
    find: "if (listed !== undefined) resolve(listed);",
    replace: "if (true) resolve(listed);",
    caughtBy: "cloudflare/read-batch.test.ts",
  },
  {
    name: "a preview trusts a list that lacks the tunnel",
    file: "preview/preflight.ts",
    find: "await completeList(connection.client, inputs, listed, options)",
    replace: "await Promise.resolve(completeList && listed)",
    caughtBy: "preview/preflight.test.ts",
  },
  {
    name: "a byte order mark costs a key",
    file: "cloudflare/body.ts",
    find: ".trimStart()",
    replace: "",
    caughtBy: "cloudflare/ipsec-tunnels.test.ts",
  },
  {
    name: "raw deflate costs a key",
    file: "cloudflare/body.ts",
    find: "=== 8 ? inflateSync : inflateRawSync",
    replace: "=== 8 ? inflateSync : inflateSync",
    caughtBy: "cloudflare/ipsec-tunnels.test.ts",
  },
  {
    name: "the case of Content-Encoding matters",
    file: "cloudflare/body.ts",
    find: ".toLowerCase()",
    replace: "",
    caughtBy: "cloudflare/body.test.ts",
  },
  {
    name: "a header that a proxy left costs a key",
    file: "cloudflare/body.ts",
    find: 'plain !== undefined || text.startsWith("{")',
    replace: "plain !== undefined",
    caughtBy: "cloudflare/ipsec-tunnels.test.ts",
  },
  {
    name: "a small response fills the memory",
    file: "cloudflare/body.ts",
    find: "{ maxOutputLength: maxBytes }",
    replace: "{ maxOutputLength: Infinity }",
    caughtBy: "cloudflare/body.test.ts",
  },
  {
    name: "a code in quotes is dropped",
    file: "cloudflare/envelope.ts",
    find: "z.number().or(number).catch(0)",
    replace: "z.number().catch(0)",
    caughtBy: "cloudflare/ipsec-tunnels.test.ts",
  },
  {
    name: "an error without success is a success",
    file: "cloudflare/envelope.ts",
    find: "parsed.data.success ?? errors.length === 0",
    replace: "parsed.data.success ?? true",
    caughtBy: "cloudflare/envelope.test.ts",
  },
];
