/** A mistake that somebody might make, as a change of the code's text. */
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
    find: "const verdict = await verify(edge, tunnel, key, context);",
    replace: 'const verdict = { kind: "active" } as Awaited<ReturnType<typeof verify>>;',
  },
  {
    name: "a repeat does not wait for stragglers",
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
    name: "a repeat does not ask whether the engine lives",
    file: "psk/generation.ts",
    find: "if (failures + unsuited > 0) await operation.beforeLateSend();",
    replace: "",
  },
  {
    name: "a refusal makes a lost answer forgotten",
    file: "psk/generation.ts",
    find: "throw new GenerationFailure(error, received, lost !== undefined);",
    replace: "throw new GenerationFailure(error, received, false);",
  },
  {
    name: "a key that does not suit is kept",
    file: "psk/generation.ts",
    find: "if (consumers.length > 0) {",
    replace: "if (consumers.length > 9) {",
  },
  {
    name: "one try too many for a key that suits",
    file: "psk/generation.ts",
    find: "unsuited >= MAX_TRIES",
    replace: "unsuited > MAX_TRIES",
  },
  {
    name: "a key that did not suit vanishes",
    file: "psk/generation.ts",
    find: 'received = { ...key, status: "unverified" };',
    replace: "",
  },
  {
    name: "a stored key that does not suit is kept",
    file: "psk/rotation.ts",
    find: "...suit(state, inputs),",
    replace: "",
  },
  {
    name: "the deadline is ignored",
    file: "psk/deadline.ts",
    find: "if (leftMs() <= ms) return false;",
    replace: "",
  },
  {
    name: "no tolerance between time stamps",
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
    find: 'return { kind: "unverified", why: whatOf(error) };',
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
    find: 'return { ...before, status: "lost" };',
    replace: "return undefined;",
  },
  {
    name: "a failed update keeps the new triggers",
    file: "psk/lifecycle.ts",
    find: "toState(before ?? inputs,",
    replace: "toState(inputs,",
  },
  {
    name: "a forced update does not verify",
    file: "psk/lifecycle.ts",
    find: "const verdict = await verify(edge, inputs, state, context);",
    replace: 'const verdict = { kind: "active" } as Awaited<ReturnType<typeof verify>>;',
  },
  {
    name: 'a forced update does not heed "fail"',
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
    name: "an adoption is not checked",
    file: "psk/lifecycle.ts",
    find: "await checkExistingKey(edge, inputs, key, begin(inputs).operation);",
    replace: "",
  },
  {
    name: "an adoption is forgotten",
    file: "psk/lifecycle.ts",
    find: "...(existingKeyGeneratedOn !== undefined && { existingKeyGeneratedOn }), ",
    replace: "",
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
    name: "a refresh takes a list's word for a deletion",
    file: "psk/refresh.ts",
    find: "if (isConclusive(listed, state)) return judge(state, listed);",
    replace:
      'if (isConclusive(listed, state)) return judge(state, listed);\n  if (listed.kind === "gone") return undefined;',
  },
  {
    name: "one read without a key means lost",
    file: "psk/refresh.ts",
    find: "if (sight.lastGeneratedOn !== undefined) return judge(state, sight);",
    replace: 'return sight.lastGeneratedOn === undefined ? { ...state, status: "lost" } : judge(state, sight);',
  },
  {
    name: "a lost key is no reason to generate",
    file: "psk/rotation.ts",
    find: 'state.status === "lost" ? [{ kind: "lost" } as const] : []',
    replace: "[]",
  },
  {
    name: "an outside rotation is never refused",
    file: "psk/rotation.ts",
    find: 'inputs.onExternalRotation === "fail" && asked.length === 0',
    replace: "false",
  },
  {
    name: "a new adoption is overlooked",
    file: "psk/rotation.ts",
    find: "inputs.existingKey !== undefined && isNewAdoption(state, inputs.existingKey)",
    replace: "inputs.existingKey !== undefined && false",
  },
  {
    name: "age counts by Cloudflare's clock alone",
    file: "psk/age.ts",
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
    file: "pulumi/preview/hook-values.ts",
    find: "const sides = [newInputs, oldInputs, oldOutputs];",
    replace: "const sides = [newInputs];",
    caughtBy: "pulumi/preview/hook-values.test.ts",
  },
  {
    name: "a failed update stores old triggers in plain text",
    file: "pulumi/provider/provider.ts",
    find: "...oldTriggers(error.state, inputs), ",
    replace: "",
    caughtBy: "pulumi/provider/provider.test.ts",
  },
  {
    name: "each copy of the package has claims of its own",
    file: "pulumi/claims.ts",
    find: 'Symbol.for("pulumi-cloudflare-ipsec-psk.claims")',
    replace: 'Symbol("pulumi-cloudflare-ipsec-psk.claims")',
    caughtBy: "pulumi/claims.test.ts",
  },
  {
    name: "two hooks have one name",
    file: "pulumi/preview/preview-hook.ts",
    find: "${randomUUID().slice(0, 8)}",
    replace: "",
    caughtBy: "pulumi/preview/preview-hook.test.ts",
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
    name: "a time that cannot be read passes for no key",
    file: "cloudflare/ipsec-tunnels.ts",
    find: "const tunnelSchema = z.object({ id: z.string(), psk_metadata: pskMetadata });",
    replace: "const tunnelSchema = z.object({ id: z.string(), psk_metadata: pskMetadata.catch(undefined) });",
    caughtBy: "cloudflare/ipsec-tunnels.test.ts",
  },
  {
    name: "a verification takes a list's word for a missing tunnel",
    file: "cloudflare/tunnel-reader.ts",
    find: "if (listed !== undefined) resolve(listed);",
    replace: "if (true) resolve(listed);",
    caughtBy: "cloudflare/tunnel-reader.test.ts",
  },
  {
    name: "a preview takes a list's word for a missing tunnel",
    file: "pulumi/preview/preflight.ts",
    find: "await completeList(connection.client, inputs, listed, options)",
    replace: "await Promise.resolve(completeList && listed)",
    caughtBy: "pulumi/preview/preflight.test.ts",
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
