/** A mistake that somebody might make in the code, as a change of its text. */
export interface Mutation {
  readonly name: string;
  /** Below `src/psk`; below `src` if it names a folder. */
  readonly file: string;
  /** The test that has to catch it, below `test`. Default: the model test. */
  readonly test?: string;
  /** Has to occur exactly once, so that a mutation cannot outlive the code that it mutates. */
  readonly find: string;
  readonly replace: string;
}

export const mutations: readonly Mutation[] = [
  {
    name: "verification is off",
    file: "generation.ts",
    find: "const verdict = await verify(edge, tunnel, key, context);",
    replace: 'const verdict = { kind: "inForce" } as Awaited<ReturnType<typeof verify>>;',
  },
  {
    name: "a repeat does not wait for stragglers",
    file: "generation.ts",
    find: "!(await deadline.sleep(patience.stragglerWaitMs))",
    replace: "false",
  },
  {
    name: "one generation too many",
    file: "generation.ts",
    find: "if (failures >= patience.maxGenerations || !(await",
    replace: "if (failures > patience.maxGenerations || !(await",
  },
  {
    name: "a repeat does not ask whether the engine lives",
    file: "generation.ts",
    find: "if (failures + unsuited > 0) await operation.beforeLateSend();",
    replace: "",
  },
  {
    name: "a refusal makes a lost answer forgotten",
    file: "generation.ts",
    find: "throw new GenerationFailure(error, received, lost !== undefined);",
    replace: "throw new GenerationFailure(error, received, false);",
  },
  {
    name: "a key that does not suit is kept",
    file: "generation.ts",
    find: "if (consumers.length > 0) {",
    replace: "if (consumers.length > 9) {",
  },
  {
    name: "one try too many for a key that suits",
    file: "generation.ts",
    find: "unsuited >= MAX_TRIES",
    replace: "unsuited > MAX_TRIES",
  },
  {
    name: "a key that did not suit vanishes",
    file: "generation.ts",
    find: 'received = { ...key, status: "unverified" };',
    replace: "",
  },
  {
    name: "a stored key that does not suit is kept",
    file: "rotation.ts",
    find: "...suit(state, inputs),",
    replace: "",
  },
  {
    name: "the deadline is ignored",
    file: "deadline.ts",
    find: "if (leftMs() <= ms) return false;",
    replace: "",
  },
  {
    name: "no tolerance between time stamps",
    file: "timestamp.ts",
    find: "TOLERANCE_MS = 1;",
    replace: "TOLERANCE_MS = 0;",
  },
  {
    name: "newer counts as the same",
    file: "timestamp.ts",
    find: 'difference > 0 ? "newer" : "older"',
    replace: 'difference > 0 ? "same" : "older"',
  },
  {
    name: "a lagging read counts as a verification",
    file: "verification.ts",
    find: 'case "same":',
    replace: 'case "same":\n      case "older":',
  },
  {
    name: "a read that fails counts as a verification",
    file: "verification.ts",
    find: 'return { kind: "unverified", why: whatOf(error) };',
    replace: 'return { kind: "inForce" };',
  },
  {
    name: "a received key vanishes in a failure",
    file: "lifecycle.ts",
    find: "throw left === undefined ? error.cause : new PartialFailure(left, error.cause);",
    replace: "throw error.cause;",
  },
  {
    name: "a partial failure has no mark",
    file: "lifecycle.ts",
    find: "lost ? markLost(state) : state",
    replace: '{ ...state, status: "inForce" as const }',
  },
  {
    name: "a lost key leaves no mark",
    file: "lifecycle.ts",
    find: 'return { ...before, status: "lost" };',
    replace: "return undefined;",
  },
  {
    name: "a failed update keeps the new triggers",
    file: "lifecycle.ts",
    find: "toState(before ?? inputs,",
    replace: "toState(inputs,",
  },
  {
    name: "a forced update does not verify",
    file: "lifecycle.ts",
    find: "const verdict = await verify(edge, inputs, state, context);",
    replace: 'const verdict = { kind: "inForce" } as Awaited<ReturnType<typeof verify>>;',
  },
  {
    name: 'a forced update does not heed "fail"',
    file: "lifecycle.ts",
    find: 'if (plan.kind === "refuse") throw new PartialFailure(marked, externalRotation(inputs, plan.reason));',
    replace: "",
  },
  {
    name: "a forced update of an orphan generates",
    file: "lifecycle.ts",
    find: "await context.operation.beforeLateSend();",
    replace: "",
  },
  {
    name: "an adoption is not checked",
    file: "lifecycle.ts",
    find: "await checkAdoption(edge, inputs, key, begin(inputs).operation);",
    replace: "",
  },
  {
    name: "an adoption is forgotten",
    file: "lifecycle.ts",
    find: "...(adoptedOn !== undefined && { adoptedOn }), ",
    replace: "",
  },
  {
    name: "a refresh ignores drift",
    file: "refresh.ts",
    find: 'if (relation === "newer" && seen !== undefined)',
    replace: "if (false)",
  },
  {
    name: "a refresh clears marks",
    file: "refresh.ts",
    find: 'if (state.status === "superseded" || state.status === "lost") return state;',
    replace: "",
  },
  {
    name: "a refresh takes a list's word for a deletion",
    file: "refresh.ts",
    find: "if (isConclusive(listed, state)) return judge(state, listed);",
    replace:
      'if (isConclusive(listed, state)) return judge(state, listed);\n  if (listed.kind === "gone") return undefined;',
  },
  {
    name: "one read without a key means lost",
    file: "refresh.ts",
    find: "if (sight.lastGeneratedOn !== undefined) return judge(state, sight);",
    replace: 'return sight.lastGeneratedOn === undefined ? { ...state, status: "lost" } : judge(state, sight);',
  },
  {
    name: "a lost key is no reason to generate",
    file: "rotation.ts",
    find: 'state.status === "lost" ? [{ kind: "lost" } as const] : []',
    replace: "[]",
  },
  {
    name: "an outside rotation is never refused",
    file: "rotation.ts",
    find: 'inputs.onExternalRotation === "fail" && asked.length === 0',
    replace: "false",
  },
  {
    name: "a new adoption is overlooked",
    file: "rotation.ts",
    find: "inputs.adopt !== undefined && isNewAdoption(state, inputs.adopt)",
    replace: "inputs.adopt !== undefined && false",
  },
  {
    name: "a list that is null fails",
    file: "cloudflare/ipsec-tunnels.ts",
    test: "cloudflare/ipsec-tunnels.test.ts",
    find: ".catch({ ipsec_tunnels: [] })",
    replace: "",
  },
  {
    name: "an odd entry spoils the list",
    file: "cloudflare/ipsec-tunnels.ts",
    test: "cloudflare/ipsec-tunnels.test.ts",
    find: "z.array(tunnelSchema.nullable().catch(null))",
    replace: "z.array(tunnelSchema)",
  },
  {
    name: "a time that cannot be read passes for no key",
    file: "cloudflare/ipsec-tunnels.ts",
    test: "cloudflare/ipsec-tunnels.test.ts",
    find: "const tunnelSchema = z.object({ id: z.string(), psk_metadata: pskMetadata });",
    replace: "const tunnelSchema = z.object({ id: z.string(), psk_metadata: pskMetadata.catch(undefined) });",
  },
  {
    name: "a verification takes a list's word for a missing tunnel",
    file: "cloudflare/tunnel-reader.ts",
    test: "cloudflare/tunnel-reader.test.ts",
    find: "if (listed !== undefined) resolve(listed);",
    replace: "if (true) resolve(listed);",
  },
  {
    name: "a preview takes a list's word for a missing tunnel",
    file: "pulumi/preview/preflight.ts",
    test: "pulumi/preview/preflight.test.ts",
    find: "await completeList(connection.client, inputs, listed, options)",
    replace: "await Promise.resolve(completeList && listed)",
  },
  {
    name: "a byte order mark costs a key",
    file: "cloudflare/body.ts",
    test: "cloudflare/ipsec-tunnels.test.ts",
    find: ".trimStart()",
    replace: "",
  },
  {
    name: "raw deflate costs a key",
    file: "cloudflare/body.ts",
    test: "cloudflare/ipsec-tunnels.test.ts",
    find: "=== 8 ? inflateSync : inflateRawSync",
    replace: "=== 8 ? inflateSync : inflateSync",
  },
  {
    name: "the case of Content-Encoding matters",
    file: "cloudflare/body.ts",
    test: "cloudflare/body.test.ts",
    find: ".toLowerCase()",
    replace: "",
  },
  {
    name: "a header that a proxy left costs a key",
    file: "cloudflare/body.ts",
    test: "cloudflare/ipsec-tunnels.test.ts",
    find: 'plain !== undefined || text.startsWith("{")',
    replace: "plain !== undefined",
  },
  {
    name: "a small response fills the memory",
    file: "cloudflare/body.ts",
    test: "cloudflare/body.test.ts",
    find: "{ maxOutputLength: maxBytes }",
    replace: "{ maxOutputLength: Infinity }",
  },
  {
    name: "a code in quotes is dropped",
    file: "cloudflare/envelope.ts",
    test: "cloudflare/ipsec-tunnels.test.ts",
    find: "z.number().or(number).catch(0)",
    replace: "z.number().catch(0)",
  },
  {
    name: "an error without success is a success",
    file: "cloudflare/envelope.ts",
    test: "cloudflare/envelope.test.ts",
    find: "parsed.data.success ?? errors.length === 0",
    replace: "parsed.data.success ?? true",
  },
];
