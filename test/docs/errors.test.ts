import { IpsecTunnelPskError, type IpsecTunnelPskErrorCode } from "../../src/errors";
import { keysOf } from "./declarations";
import { anchorsOf, codeIn, nodesOf, readPage, tableBelow, textOf } from "./markdown";
import { PACKAGE } from "./package";

const codes = keysOf("src/errors.ts", "NEXT_STEPS") as IpsecTunnelPskErrorCode[];
const page = readPage("docs/errors.md");
/** What Node says in our place if this package is not installed, and a check of arguments. */
const WITHOUT_CODE = ["Cannot find module 'pulumi-cloudflare-ipsec-psk/provider'", "The account's ID"];
const sections = nodesOf(page.root, "heading").map(textOf).slice(1);

const errorWith = (code: IpsecTunnelPskErrorCode) =>
  new IpsecTunnelPskError(code, { summary: "Cannot read a tunnel: the response was lost", remedy: "Run again." });

describe("docs/errors.md", () => {
  it("has a section for every code, and for each message without one", () => {
    expect(codes).toContain("ERR_TUNNEL_NOT_FOUND");
    expect([...sections].sort()).toEqual([...codes, ...WITHOUT_CODE].sort());
  });

  it("says in each what happened and what to do", () => {
    const bold = nodesOf(page.root, "strong").map(textOf);

    expect(bold).toEqual(sections.flatMap(() => ["What happened.", "What to do."]));
  });

  it.each(codes)("has the section that the message of %s points to, in its last line", (code) => {
    const { message } = errorWith(code);
    const [, anchor] = /\nMore: docs\/errors\.md#(\w+) in pulumi-cloudflare-ipsec-psk$/.exec(message) ?? [];

    expect(anchorsOf(page)).toContain(anchor);
  });

  it("is published with the package", () => {
    expect(PACKAGE.files).toContain("docs");
  });
});

describe("the table of docs/errors.md", () => {
  const rows = tableBelow(page, "Errors");

  it("has a row for every section, in their order", () => {
    const withoutCode = [...WITHOUT_CODE];
    const named = rows.map(([first]) => codeIn(first)[0] ?? withoutCode.shift());

    expect(named).toEqual(sections);
  });

  it("links each to its section", () => {
    const links = rows.map(([first]) => first && nodesOf(first, "link")[0]?.url);

    expect(links).toEqual(
      anchorsOf(page)
        .slice(1)
        .map((anchor) => `#${anchor}`),
    );
  });

  it("has what comes next after each code", () => {
    const documented = rows.slice(0, codes.length).map(([code, next]) => [codeIn(code)[0], codeIn(next)[0]]);
    const next = Object.fromEntries(codes.map((code) => [code, `"${errorWith(code).nextStep}"`]));

    expect(Object.fromEntries(documented)).toEqual(next);
  });
});
