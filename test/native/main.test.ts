import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startNativePlugin } from "../support/native-plugin";
import { waitUntil } from "../support/wait-until";

const TOKEN = "fake-token-for-tests-only";

describe("the plugin", () => {
  it("has no PULUMI_CONFIG in its environment, so that no diagnostic report has the token", async () => {
    const folder = await mkdtemp(join(tmpdir(), "report-"));
    const NODE_OPTIONS = `--report-on-signal --report-signal=SIGUSR2 --report-directory=${folder}`;
    const env = { PULUMI_CONFIG: JSON.stringify({ apiToken: TOKEN }), NODE_OPTIONS };
    const plugin = await startNativePlugin({ env });
    try {
      plugin.process.kill("SIGUSR2");
      let report = "";
      await waitUntil("the report is written", () => {
        const [file] = readdirSync(folder);
        report = file === undefined ? "" : readFileSync(join(folder, file), "utf8");
        return report.trimEnd().endsWith("}");
      });

      expect(report).toContain('"NODE_OPTIONS"');
      expect(report).not.toContain(TOKEN);
    } finally {
      await plugin.close();
      await rm(folder, { recursive: true });
    }
  });
});
