import { given } from "../given";
import type { Preflight } from "../preview/preflight";
import { checkInputs } from "../psk/check-inputs";
import { importRefused } from "../psk/existing-key";
import { guessWarning } from "../psk/guessable";
import { type Inputs, SHOWABLE_INPUTS } from "../psk/inputs";
import { isFromProgram } from "../psk/key-source";
import type { Lifecycle, OperationOptions } from "../psk/lifecycle";
import { PartialFailure } from "../psk/partial-failure";
import { requireMarks } from "../psk/marks";
import { type Plan, planCreation } from "../psk/rotation";
import { isByName, keptTunnel, withId } from "../psk/resolution";
import { CLAIMED_BY, hasUnknown } from "../psk/sentinels";
import { idOf, readState, requireWellFormed, stateKept, type StoredState } from "../psk/state";
import type { TunnelClaims } from "../psk/tunnel-claims";
import { statusWarning } from "../psk/verification";
import { canonicalId } from "../tunnel";
import { showableProblem } from "./check-failures";
import type { Claims } from "./claims";
import { changed, plannedDifference, UNCHANGED } from "./diff";
import { withAdvice, withTexts } from "./digits";
import { foreseenOutputs, outputsOf, staleOutputs } from "./outputs";
import { type Call, operationOf, type Outcome, type ResourceKind, type Stored } from "./resource-kind";
import { isObject, plain, type Properties, Secret, secrecyOf, secret } from "./wire";

/** What the resource needs from one configuration. */
export interface IpsecTunnelPskOptions {
  readonly lifecycle: Lifecycle;
  readonly preflight: Preflight;
  /** Of names and IDs as programs give them, when arguments are checked. */
  readonly claims: Claims;
  /** Of the tunnels that these turn out to be. */
  readonly tunnelClaims: TunnelClaims;
}

/** Creates the key resource, as Pulumi's engine calls it for programs in every language. */
export function createIpsecTunnelPsk({
  lifecycle,
  preflight,
  claims,
  tunnelClaims,
}: IpsecTunnelPskOptions): ResourceKind {
  /** Returns what an update would do and, if it keeps the key, which outputs it would change nevertheless. */
  async function plan(call: Call, olds: Stored, news: Properties) {
    const { outputs } = olds;
    const state = readState(plain(outputs), call.id);
    const inputs = inputsIn(news);
    requireMarks(inputs, secrecyOf(news));
    const planned = await lifecycle.diff(state, inputs, operationOn(olds, call));
    const expected = outputsOf(state, inputs, secrecyOf(news));
    return { state, inputs, planned, stale: planned.kind === "keep" ? staleOutputs(outputs, expected) : {} };
  }

  return {
    marked: withSecretKeys,

    check(call, args) {
      const news = withCanonicalIds(withTexts(args));
      const values = plain(news) as Properties;
      const owner = claims.claim(call, values);
      const problems = checkInputs(owner === undefined ? values : { ...values, [CLAIMED_BY]: owner });
      const advised = problems.map((problem) => withAdvice(problem, values));
      return { inputs: withSecretKeys(news), failures: advised.map(showableProblem(news, SHOWABLE_INPUTS)) };
    },

    async diff(call, olds, news) {
      const { planned, stale } = await plan(call, olds, news);
      if (planned.kind !== "keep") return plannedDifference(planned, olds.inputs, news);
      return isEmpty(stale) ? UNCHANGED : changed(olds.inputs, news, stale);
    },

    async create(call, news, isPreview) {
      const inputs = inputsIn(news);
      const isSecret = secrecyOf(news);
      requireMarks(inputs, isSecret);
      if (isPreview) {
        await preflight({ inputs, state: undefined, isSecret, claim: tunnelClaims.claim }, call.lines);
        const outputs = foreseenOutputs(planCreation(inputs), undefined, inputs, isSecret);
        const isIdKnown = !isByName(inputs) && !hasUnknown([inputs.accountId, inputs.ipsecTunnelId]);
        return { id: isIdKnown ? idOf(withId(inputs)) : "", outputs };
      }
      warnOfGuess(planCreation(inputs), inputs, call);
      const state = await keeping(news, undefined, () => lifecycle.create(inputs, operationOf(call)));
      warnOf(state, call);
      return { id: idOf(state), outputs: outputsOf(state, inputs, isSecret) };
    },

    async read(call, { inputs, outputs }) {
      if (Object.keys(outputs).length === 0) throw importRefused(call.name);
      const stored = inputsIn(inputs);
      requireWellFormed(stored, readState(plain(outputs), call.id));
      const state = await lifecycle.read(plain(outputs), operationOf(call));
      return state && outputsOf(state, stored, secrecyOf(inputs, outputs));
    },

    async update(call, olds, news, isPreview) {
      const { state, inputs, planned, stale } = await plan(call, olds, news);
      const isSecret = secrecyOf(news);
      // A key that is not known to be active is verified instead.
      if (!isEmpty(stale) && state.status === "active") {
        return outputsOf(stateKept(state, keptTunnel(inputs, state), "active"), inputs, isSecret);
      }
      if (isPreview) {
        const isHidden = secrecyOf(news, olds.inputs, olds.outputs);
        await preflight({ inputs, state, isSecret: isHidden, claim: tunnelClaims.claim }, call.lines);
        return foreseenOutputs(planned, state, inputs, isSecret);
      }
      warnOfGuess(planned, inputs, call);
      const updated = await keeping(news, olds, () => lifecycle.update(state, inputs, operationOn(olds, call)));
      warnOf(updated, call);
      return outputsOf(updated, inputs, isSecret);
    },
  };
}

function inputsIn(properties: Properties): Inputs {
  return plain(properties) as Inputs;
}

function operationOn(olds: Stored, call: Call): OperationOptions {
  return { ...operationOf(call), last: inputsIn(olds.inputs) };
}

function withCanonicalIds(news: Properties): Properties {
  const { accountId, ipsecTunnelId } = news;
  return { ...news, ...given({ accountId: canonical(accountId), ipsecTunnelId: canonical(ipsecTunnelId) }) };
}

function canonical(id: unknown): unknown {
  if (id instanceof Secret) return new Secret(canonical(id.value));
  return typeof id === "string" ? canonicalId(id) : id;
}

// Even if the key is plain in the program, it is encrypted in the state.
function withSecretKeys(news: Properties): Properties {
  const { psk, existingKey } = news;
  return {
    ...news,
    ...given({ psk: secret(psk) }),
    ...(isObject(existingKey) && { existingKey: { ...existingKey, psk: secret(existingKey.psk) } }),
  };
}

async function keeping(
  news: Properties,
  olds: Stored | undefined,
  run: () => Promise<StoredState>,
): Promise<StoredState> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof PartialFailure)) throw error;
    const inputs = inputsIn(news);
    // The kept triggers may be the old ones, which are as secret as they were.
    const isSecret = secrecyOf(news, olds?.inputs ?? {}, olds?.outputs ?? {});
    const { kept, cause } = error as PartialFailure;
    throw new PartialFailure<Outcome>({ id: idOf(kept), outputs: outputsOf(kept, inputs, isSecret) }, cause);
  }
}

function warnOf(state: StoredState, { lines }: Call): void {
  const warning = statusWarning(state.status, isFromProgram(state));
  if (warning !== undefined) lines.warn(warning);
}

function warnOfGuess(plan: Plan, inputs: Inputs, { lines }: Call): void {
  const warning = guessWarning(plan, inputs);
  if (warning !== undefined) lines.warn(warning);
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}
