import { type IpsecTunnelPskErrorCode, IpsecTunnelPskError } from "../../src/errors";
import { stringsOf } from "./declarations";
import { anchorsOf, codeIn, nodesOf, readPage, tableBelow, textOf } from "./markdown";
import { PACKAGE } from "./package";

const codes = stringsOf("src/errors.ts", "IpsecTunnelPskErrorCode") as IpsecTunnelPskErrorCode[];
const page = readPage("docs/errors.md");
/** What Node says in our place where this package is not installed. */
const NODES_OWN = "Cannot find module 'pulumi-cloudflare-ipsec-psk/provider'";
const sections = nodesOf(page.root, "heading").map(textOf).slice(1);

describe("docs/errors.md", () => {
  it("has a section for every code, and one for Node's own message", () => {
    expect(codes).toContain("ERR_TUNNEL_NOT_FOUND");
    expect([...sections].sort()).toEqual([...codes, NODES_OWN].sort());
  });

  it("says in each what happened and what to do", () => {
    const bold = nodesOf(page.root, "strong").map(textOf);

    expect(bold).toEqual(sections.flatMap(() => ["What happened.", "What to do."]));
  });

  it.each(codes)("is where the message of %s points to, as its last word", (code) => {
    const { message } = new IpsecTunnelPskError(code, { summary: "Cannot read as nobody answered", remedy: "Run again." });
    const [, anchor] = /\nMore: docs\/errors\.md#(\w+) in pulumi-cloudflare-ipsec-psk$/.exec(message) ?? [];

    expect(anchorsOf(page)).toContain(anchor);
  });

  it("is published with the package", () => {
    expect(PACKAGE.files).toContain("docs");
  });
});

describe("README's table of errors", () => {
  const rows = tableBelow(readPage("README.md"), "Errors");

  it("has a row for every code, and none besides", () => {
    expect(rows.flatMap(([first]) => codeIn(first)).sort()).toEqual([...codes].sort());
  });

  it("links each to its section", () => {
    const links = rows.map(([first]) => first && nodesOf(first, "link")[0]?.url);

    expect(links).toEqual(rows.map(([first]) => `docs/errors.md#${codeIn(first).join().toLowerCase()}`));
  });
});
