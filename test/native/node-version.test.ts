import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nodeProblem } from "../../src/native/node-version";
import { ROOT } from "../support/build";

describe("nodeProblem()", () => {
  it.each(["20.18.1", "20.18.2", "20.19.0", "21.0.0", "22.1.0", "100.0.0"])("accepts Node.js %s", (version) => {
    expect(nodeProblem(version)).toBeUndefined();
  });

  it.each(["20.18.0", "20.9.9", "18.20.8", "16.20.2", "0.12.0"])(
    "refuses Node.js %s, and says what to do",
    (version) => {
      expect(nodeProblem(version)).toBe(
        `cloudflare-ipsec-psk requires Node.js 20.18.1 or later, but the "node" on PATH is ${version}. Install a later version.`,
      );
    },
  );

  it("requires the Node.js that package.json says", () => {
    const { engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { engines: { node: string } };

    expect(engines.node).toBe(">=20.18.1");
  });
});
