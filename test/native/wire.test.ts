import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { fromWire, plain, type Properties, ResourceReference, Secret, secrecyOf, toWire } from "../../src/native/wire";
import { UNKNOWN } from "../../src/psk/sentinels";

const wireSecret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});
const struct = (values: object) => Struct.fromJavaScript(values as Parameters<typeof Struct.fromJavaScript>[0]);

describe("fromWire()", () => {
  it("reads every type of value", () => {
    const values = { text: "a", number: 1.5, yes: true, list: ["a", 2, { b: false }], map: { c: "d" } };

    expect(fromWire(struct(values))).toEqual(values);
  });

  it("reads no struct as no properties", () => {
    expect(fromWire(undefined)).toEqual({});
  });

  it.each([
    ["string", "04da6b54-80e4-46f7-96ec-b56ff0331ba9"],
    ["bool", "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"],
    ["number", "3eeb2bf0-c639-47a8-9e75-3b44932eb421"],
    ["array", "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2"],
    ["asset", "030794c1-ac77-496b-92df-f27374a8bd58"],
    ["archive", "e48ece36-62e2-4504-bad9-02848725956a"],
    ["object", "dd056dcd-154b-4c76-9bd3-c8f88648b5ff"],
  ])("reads the unknown value of a %s as the one unknown of this package, however deep", (_type, sentinel) => {
    const values = { a: sentinel, b: { c: [sentinel] }, d: wireSecret(sentinel) };

    expect(fromWire(struct(values))).toEqual({ a: UNKNOWN, b: { c: [UNKNOWN] }, d: new Secret(UNKNOWN) });
  });

  // YAML and Go programs send null.
  it("leaves out what is null, because that is not set", () => {
    const values = { a: null, b: { c: null, d: "e" }, f: wireSecret(null) };

    expect(fromWire(struct(values))).toEqual({ b: { d: "e" } });
  });

  it("keeps the places in a list", () => {
    expect(fromWire(struct({ list: ["a", null, "b"] }))).toEqual({ list: ["a", null, "b"] });
  });

  it("reads secrets at every depth", () => {
    const values = { psk: wireSecret("fake"), triggers: { a: wireSecret("b"), c: "d" }, all: wireSecret({ e: "f" }) };

    expect(fromWire(struct(values))).toEqual({
      psk: new Secret("fake"),
      triggers: { a: new Secret("b"), c: "d" },
      all: new Secret({ e: "f" }),
    });
  });

  it.each([
    ["its ID", { id: "vm-1" }, "vm-1"],
    ["its URN, as it has no ID,", {}, "urn:pulumi:vm"],
    ["unknown, as its ID is,", { id: UNKNOWN }, UNKNOWN],
  ])("reads a whole resource as a reference, which counts as %s wherever a value is needed", (_what, parts, value) => {
    const wire = {
      "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e",
      urn: "urn:pulumi:vm",
      ...parts,
    };
    const read = fromWire(struct({ triggers: { vm: wire } }));

    expect(read).toEqual({ triggers: { vm: new ResourceReference("urn:pulumi:vm", value) } });
    expect(plain(read)).toEqual({ triggers: { vm: value } });
    expect(toWire(read).toJavaScript()).toEqual({ triggers: { vm: value } });
  });

  it("keeps a trigger that is named like what every object inherits", () => {
    const triggers = fromWire(struct({ constructor: "a", toString: "b" }));

    expect(Object.entries(triggers).sort()).toEqual([
      ["constructor", "a"],
      ["toString", "b"],
    ]);
  });
});

describe("toWire()", () => {
  it.each<[string, Properties]>([
    ["values", { text: "a", number: 1.5, no: false, list: ["a", null], map: { c: { d: "e" } } }],
    ["secrets", { psk: new Secret("fake"), triggers: { a: new Secret("b") }, all: new Secret({ c: "d" }) }],
    ["unknown values", { psk: new Secret(UNKNOWN), triggers: UNKNOWN }],
  ])("writes %s so that they can be read again", (_what, properties) => {
    expect(fromWire(toWire(properties))).toEqual(properties);
  });

  it("writes a secret as the engine expects it", () => {
    expect(toWire({ psk: new Secret("fake") }).toJavaScript()).toEqual({ psk: wireSecret("fake") });
  });

  it("leaves out what is undefined", () => {
    expect(toWire({ a: undefined, b: { c: undefined } }).toJavaScript()).toEqual({ b: {} });
  });

  it("refuses what is not JSON, without quoting it", () => {
    expect(() => toWire({ a: () => "fake" })).toThrow(new TypeError("Cannot send a function to the engine"));
  });
});

describe("plain()", () => {
  it("takes the marks away at every depth", () => {
    expect(plain({ a: new Secret("b"), c: { d: new Secret(["e", new Secret("f")]) }, g: null })).toEqual({
      a: "b",
      c: { d: ["e", "f"] },
      g: null,
    });
  });
});

describe("secrecyOf()", () => {
  it.each<[string, string, string | undefined, boolean]>([
    ["a plain property", "plain", undefined, false],
    ["a missing property", "missing", undefined, false],
    ["a secret property", "secret", undefined, true],
    ["any key of a secret property", "secret", "x", true],
    ["a map with a secret in it", "map", undefined, false],
    ["a secret key", "map", "hidden", true],
    ["a key that holds a secret", "map", "deep", true],
    ["a plain key beside it", "map", "shown", false],
    ["a key that every object inherits", "map", "constructor", false],
  ])("judges %s", (_what, property, key, isSecret) => {
    const map = { hidden: new Secret("a"), shown: "b", deep: { c: new Secret("d") } };

    expect(secrecyOf({ plain: "a", secret: new Secret({ x: "y" }), map })(property, key)).toBe(isSecret);
  });

  it("hides what is secret on any side of a diff", () => {
    const isSecret = secrecyOf({ triggers: { a: "1" } }, { triggers: { a: new Secret("0"), b: "0" } });

    expect([isSecret("triggers", "a"), isSecret("triggers", "b")]).toEqual([true, false]);
  });
});
