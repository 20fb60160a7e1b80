import { CONFIGURATION } from "./configuration";
import { find, GENERATED_ON, keyOf, type Run, runExample } from "./run-example";

let run: Run;

beforeAll(async () => {
  run = await runExample("secrets-manager");
});

describe("examples/secrets-manager", () => {
  it("stores the key, the router's identity and the timestamp, as a secret", () => {
    const { inputs, shown } = find(run, "SecretVersion branch-1");

    expect(JSON.parse(String(inputs.secretString))).toEqual({
      psk: keyOf("branch-1"),
      fqdnId: `${CONFIGURATION.ipsecTunnelId ?? ""}.33145236.ipsec.cloudflare.com`,
      lastGeneratedOn: GENERATED_ON,
    });
    expect(shown.secretString).toBe("[secret]");
  });

  it("stores them in the secret that it creates", () => {
    expect(find(run, "SecretVersion branch-1")).toMatchObject({
      inputs: { secretId: "id of branch-1" },
      dependsOn: expect.arrayContaining(["Secret branch-1", "IpsecTunnelPsk branch-1"]) as unknown,
    });
  });
});
