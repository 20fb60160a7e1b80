import { checkFortios, releasesIn, type Tables, tablesIn } from "../../../tools/check-vendors/fortios";

const switches = [{ value: "enable" }, { value: "disable" }];
const TABLES: Tables = {
  system_settings: { type: "dict", children: { some_switch: { type: "string", options: switches } } },
  vpn_some_phase: {
    type: "list",
    v_range: [["v7.0.0", ""]],
    children: {
      name: { type: "string", required: true },
      addke1: {
        type: "list",
        v_range: [["v7.6.0", ""]],
        options: [{ value: "0" }, { value: "36", v_range: [["v7.6.1", "v7.6.4"]] }],
      },
      keylife: { type: "integer" },
      address: { type: "string" },
      inner: { type: "list", children: { id: { type: "integer", required: true }, note: { type: "string" } } },
    },
  },
};

const phase = (...lines: readonly string[]) =>
  ["# A comment", "config vpn some-phase", '    edit "one"', ...lines, "    next", "end", ""].join("\n");
const findingsOf = (text: string, version = "7.6.1") =>
  checkFortios(text, TABLES, version).map(({ line, says }) => `${line}: ${says}`);

describe("checkFortios()", () => {
  it("accepts what the grammar has", () => {
    const inner = ["config inner", "edit 0", 'set note "two words"', "next", "end"];
    const text = `config system settings\n set some-switch enable\nend\n${phase(
      ...["set addke1 36 0", "set keylife 60", "set address 10.0.0.1 255.255.255.254", ...inner],
    )}`;

    expect(findingsOf(text)).toEqual([]);
  });

  it.each([
    ["a key", "set keylive 60", "4: vpn some-phase has no keylive (7.6.1)"],
    ["a word of a list", "set addke1 36 99", "4: vpn some-phase, addke1: 99 is not one of 0, 36 (7.6.1)"],
    ["a number", "set keylife 1h", "4: vpn some-phase, keylife: it takes a number (7.6.1)"],
    ["a second word", "set address 10.0.0.1 more", "4: vpn some-phase, address: it takes one word (7.6.1)"],
    ["a table as a value", "set inner 5", "4: vpn some-phase, inner: it is a table (7.6.1)"],
    ["a command", "unset keylife", "4: unset is not a command of a configuration (7.6.1)"],
  ])("reports %s that the grammar does not have, with its line", (_what, line, finding) => {
    expect(findingsOf(phase(line))).toEqual([finding]);
  });

  it.each([
    ["config vpn other-phase\nedit 1\nset any thing\nnext\nend", "1: there is no table vpn other-phase (7.6.1)"],
    ["config system settings\nedit 1\nnext\nend", "2: there are no entries here (7.6.1)"],
    ["config vpn some-phase\nset keylife 60\nend", "2: there is no entry here (7.6.1)"],
    ["config system settings\nnext\nend", "2: there is nothing to next (7.6.1)"],
    ["config system settings", "1: a table is not ended"],
    [phase("config inner", "edit first", "next", "end"), "5: an entry of inner is a number (7.6.1)"],
  ])("reports what is in the wrong place: %j", (text, finding) => {
    expect(findingsOf(text)).toContain(finding);
  });

  it.each([
    ["set addke1 0", "7.4.0", ["4: vpn some-phase has no addke1 (7.4.0)"]],
    ["set addke1 36", "7.6.0", ["4: vpn some-phase, addke1: 36 is not one of 0 (7.6.0)"]],
    ["set addke1 36", "7.6.4", []],
    ["set addke1 36", "8.0.0", ["4: vpn some-phase, addke1: 36 is not one of 0 (8.0.0)"]],
  ])("reads %j as FortiOS %s does", (line, version, findings) => {
    expect(findingsOf(phase(line), version)).toEqual(findings);
  });

  it("lists a word of a version beyond the grammar's, and still reports others", () => {
    expect(checkFortios(phase("set addke1 ml-kem-768"), TABLES, "7.6.7")).toEqual([
      { line: 4, says: "addke1 ml-kem-768", isBeyond: true },
    ]);
    expect(checkFortios(phase("set addke1 ml-kem-768"), TABLES, "7.6.6")).toMatchObject([{ isBeyond: false }]);
    expect(checkFortios(phase("set addke1 ml-kem-999"), TABLES, "8.0.0")).toMatchObject([{ isBeyond: false }]);
  });
});

describe("releasesIn()", () => {
  it("returns the releases from 7.0 on that the grammar names, in their order", () => {
    const tables: Tables = {
      a: { type: "dict", v_range: [["v7.10.0", ""]] },
      b: { type: "dict", v_range: [["v6.4.0", "v7.2.1"]] },
    };

    expect(releasesIn({ ...TABLES, ...tables })).toEqual(["7.0.0", "7.2.1", "7.6.0", "7.6.1", "7.6.4", "7.10.0"]);
  });
});

describe("tablesIn()", () => {
  it("returns each table of the texts once, but no table within an entry", () => {
    expect(tablesIn([phase("        config inner", "        end"), phase()])).toEqual(["vpn_some_phase"]);
  });
});
