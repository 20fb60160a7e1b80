import { execFileSync } from "node:child_process";

describe("the package's provider", () => {
  it("does not load HTTP for a check, a diff without a look for drift, or a removal, which send nothing", () => {
    const program = `
      const provider = require("pulumi-cloudflare-ipsec-psk/provider");
      const inputs = { accountId: "a".repeat(32), ipsecTunnelId: "b".repeat(32) };
      const state = { ...inputs, psk: "a-fake-key-for-tests-only", status: "active", stateVersion: 1 };
      const id = inputs.accountId + "/" + inputs.ipsecTunnelId;
      const isLoaded = () => Object.keys(require.cache).some((file) => /node_modules.undici./.test(file));
      const values = { "cloudflare-ipsec-psk:detectDrift": "false" };
      (async () => {
        await provider.configure({ config: { get: (key) => values[key] } });
        await provider.check({}, inputs);
        await provider.diff(id, state, inputs);
        await provider.delete(id, state);
        const before = isLoaded();
        await provider.read(id, state).catch(() => undefined);
        process.stdout.write(JSON.stringify({ before, after: isLoaded() }));
      })();`;
    const env = { ...process.env, CLOUDFLARE_API_TOKEN: "fake-token", CLOUDFLARE_BASE_URL: "not a URL" };

    const loaded = execFileSync(process.execPath, ["-e", program], { encoding: "utf8", env });

    expect(JSON.parse(loaded)).toEqual({ before: false, after: true });
  });
});

describe("the package's entry", () => {
  it("loads neither HTTP nor schemas, which a program needs only in some previews", () => {
    const program = `
      require("pulumi-cloudflare-ipsec-psk");
      const loaded = Object.keys(require.cache).flatMap((file) => /node_modules.(undici|zod)./.exec(file)?.[1] ?? []);
      process.stdout.write(JSON.stringify([...new Set(loaded)]));`;

    expect(execFileSync(process.execPath, ["-e", program], { encoding: "utf8" })).toBe("[]");
  });
});
