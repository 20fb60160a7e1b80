import { execFileSync } from "node:child_process";

describe("the package's entry", () => {
  it("loads neither HTTP nor schemas, which a program needs in some previews alone", () => {
    const program = `
      require("pulumi-cloudflare-ipsec-psk");
      const loaded = Object.keys(require.cache).flatMap((file) => /node_modules.(undici|zod)./.exec(file)?.[1] ?? []);
      process.stdout.write(JSON.stringify([...new Set(loaded)]));`;

    expect(execFileSync(process.execPath, ["-e", program], { encoding: "utf8" })).toBe("[]");
  });
});
