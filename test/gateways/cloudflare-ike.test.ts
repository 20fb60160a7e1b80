import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/build";

describe("src/gateways/cloudflare-ike.ts", () => {
  const text = readFileSync(join(ROOT, "src/gateways/cloudflare-ike.ts"), "utf8");
  const sources = [...text.matchAll(/@see (\S+)(.*)$/gm)].map(([, link, rest]) => [link, rest?.replace(/ *\*\/$/, "")]);

  it("has a source for each constant that Cloudflare documents", () => {
    expect(sources.length).toBeGreaterThan(12);
  });

  it.each(sources)("has the date of %s", (_link, date) => {
    expect(date).toMatch(/^ \((?:of \d{4}-\d\d-\d\d|of \w+ \d{4}|read in \w+ \d{4})\)$/);
  });
});
