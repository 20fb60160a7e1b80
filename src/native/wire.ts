import type { Secrecy } from "../psk/reason-text";
import { RESOURCE_SIGNATURE, SECRET_SIGNATURE, SIGNATURE, UNKNOWN } from "../psk/sentinels";
import { ListValue, NullValue, Struct, Value } from "./protocol";

/** A value that the engine encrypts in the state and shows as `[secret]`. */
export class Secret {
  constructor(readonly value: unknown) {}
}

/**
 * A whole resource that a program passes as a value. A plugin gets no outputs of it. Its ID counts as the value, as for plugins that
 * take no such references.
 */
export class ResourceReference {
  constructor(
    readonly urn: string,
    readonly id: unknown,
  ) {}
}

/**
 * The properties of a resource: JSON values, {@link Secret}s, {@link ResourceReference}s, and {@link UNKNOWN} for what is known only
 * after `up`. Properties that are not set are missing.
 */
export type Properties = Readonly<Record<string, unknown>>;

/**
 * The engine's markers for unknown values, one for each type: string, bool, number, array, asset, archive and object.
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go
 */
const UNKNOWNS: ReadonlySet<string> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Reads properties that the engine sent. */
export function fromWire(struct: Struct | undefined): Properties {
  const entries: [string, unknown][] = [];
  struct?.getFieldsMap().forEach((value, name) => entries.push([name, readValue(value)]));
  // YAML and Go programs send null for what is not set.
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function readValue(value: Value): unknown {
  switch (value.getKindCase()) {
    case Value.KindCase.STRING_VALUE:
      return UNKNOWNS.has(value.getStringValue()) ? UNKNOWN : value.getStringValue();
    case Value.KindCase.NUMBER_VALUE:
      return value.getNumberValue();
    case Value.KindCase.BOOL_VALUE:
      return value.getBoolValue();
    case Value.KindCase.LIST_VALUE:
      return (value.getListValue()?.getValuesList() ?? []).map((item) => readValue(item) ?? null);
    case Value.KindCase.STRUCT_VALUE:
      return readObject(fromWire(value.getStructValue()));
    default:
      return undefined;
  }
}

function readObject(fields: Properties): unknown {
  switch (fields[SIGNATURE]) {
    case SECRET_SIGNATURE:
      return fields.value === undefined ? undefined : new Secret(fields.value);
    case RESOURCE_SIGNATURE:
      return new ResourceReference(String(fields.urn), fields.id ?? fields.urn);
    default:
      return fields;
  }
}

/** Writes properties as the engine reads them. */
export function toWire(properties: Properties): Struct {
  const struct = new Struct();
  for (const [name, value] of Object.entries(properties)) {
    if (value !== undefined) struct.getFieldsMap().set(name, writeValue(value));
  }
  return struct;
}

function writeValue(value: unknown): Value {
  const written = new Value();
  if (value instanceof Secret)
    return written.setStructValue(toWire({ [SIGNATURE]: SECRET_SIGNATURE, value: value.value }));
  if (value instanceof ResourceReference) return writeValue(value.id);
  if (Array.isArray(value)) return written.setListValue(new ListValue().setValuesList(value.map(writeValue)));
  switch (typeof value) {
    case "string":
      return written.setStringValue(value);
    case "number":
      return written.setNumberValue(value);
    case "boolean":
      return written.setBoolValue(value);
    case "object":
      return value === null
        ? written.setNullValue(NullValue.NULL_VALUE)
        : written.setStructValue(toWire(value as Properties));
    default:
      throw new TypeError(`Cannot send a ${typeof value} to the engine`);
  }
}

/** Returns a value with its secrets unwrapped, as the rest of this package takes it. */
export function plain(value: unknown): unknown {
  if (value instanceof Secret) return plain(value.value);
  if (value instanceof ResourceReference) return value.id;
  if (Array.isArray(value)) return value.map(plain);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)])) : value;
}

function hasSecret(value: unknown): boolean {
  if (value instanceof Secret) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasSecret);
}

/** Tells which values must not be shown: those that are secret on any side of a diff, by themselves or within a secret. */
export function secrecyOf(...sides: readonly Properties[]): Secrecy {
  return (property, key) =>
    sides.some((side) => {
      const whole = side[property];
      if (whole instanceof Secret) return true;
      return key !== undefined && isObject(whole) && Object.hasOwn(whole, key) && hasSecret(whole[key]);
    });
}

/** Marks a value as secret, if there is one. */
export function secret(value: unknown): Secret | undefined {
  return value === undefined || value instanceof Secret ? value : new Secret(value);
}

export function isObject(value: unknown): value is Properties {
  const isMark = value instanceof Secret || value instanceof ResourceReference;
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isMark;
}
