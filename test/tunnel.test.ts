import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { canonicalId, withCanonicalIds } from "../src/tunnel";

describe("canonicalId()", () => {
  it("returns an ID in lower case, as Cloudflare writes it", () => {
    expect(canonicalId("0123456789ABCDEF0123456789abcdef")).toBe("0123456789abcdef0123456789abcdef");
  });

  // A comparison that ignores case hides an ID that did not come in where it should.
  it("is the only place that changes the case of an ID", () => {
    const src = join(__dirname, "../src");
    const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
      (file) => file.endsWith(".ts") && !file.startsWith("simulator"),
    );
    const lines = files.flatMap((file) => readFileSync(join(src, file), "utf8").split("\n"));

    const changing = lines.filter((line) => /\b\w*(id|account|tunnel)\w*\.to(Lower|Upper)Case/i.test(line));

    expect(changing.map((line) => line.trim())).toEqual(["return id.toLowerCase();"]);
  });
});

describe("withCanonicalIds()", () => {
  it("leaves other properties, and IDs that are missing or not text, as they are", () => {
    const properties = { ipsecTunnelId: "AB", psk: "Fake-Key" };

    expect(withCanonicalIds(properties)).toEqual({ ipsecTunnelId: "ab", psk: "Fake-Key" });
    expect(withCanonicalIds({ accountId: 7 as unknown as string })).toEqual({ accountId: 7 });
  });
});
