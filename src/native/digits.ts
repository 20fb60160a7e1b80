import type { InputProblem } from "../errors";
import { isObject, type Properties, Secret } from "./wire";

/**
 * Turns numbers back into the texts of digits that the program means: YAML programs read `conduitId: 33145236`, and configuration that
 * they do not declare, as a number. Only what is exact; the rest is refused as it is.
 */
export function withTexts(news: Properties): Properties {
  const texts = { conduitId: textOf(news.conduitId), rotationTriggers: textsOf(news.rotationTriggers) };
  return { ...news, ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined)) };
}

function textsOf(value: unknown): unknown {
  if (value instanceof Secret) return new Secret(textsOf(value.value));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, trigger]) => [name, textOf(trigger)]));
}

function textOf(value: unknown): unknown {
  if (value instanceof Secret) return new Secret(textOf(value.value));
  return Number.isSafeInteger(value) && (value as number) >= 0 ? String(value) : value;
}

/** Says how to write a text of digits, if the mistake is that it came as a number. @param values - The arguments, without secrets. */
export function withAdvice({ property, reason }: InputProblem, values: Properties): InputProblem {
  if (typeof values[property] !== "number" || !TEXTS.has(property)) return { property, reason };
  return {
    property,
    reason: `${reason}; it is a number: put it in quotes, or declare it in \`config\` with \`type: string\``,
  };
}

const TEXTS: ReadonlySet<string> = new Set(["accountId", "ipsecTunnelId", "conduitId", "psk"]);
