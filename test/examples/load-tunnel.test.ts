import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { renderGatewayConfig } from "../../src/gateways";
import { ROOT } from "../support/build";
import { findLeaks } from "../support/leaks";
import { createFakeRouter, type FakeRouter } from "../support/fake-router";

const KEY = "fake-key-for-tests-only";
const SWANCTL_CONF = renderGatewayConfig("strongswan", {
  name: "site-1",
  psk: KEY,
  fqdnId: "fedcba9876543210fedcba9876543210.33145236.ipsec.cloudflare.com",
  cloudflareEndpoint: "203.0.113.10",
});

let router: FakeRouter;

beforeEach(() => {
  router = createFakeRouter();
});

afterEach(() => {
  router.remove();
});

function load(stdin = SWANCTL_CONF) {
  const script = join(ROOT, "examples/two-tunnels/load-tunnel.sh");
  const options = { input: stdin, env: router.env, encoding: "utf8", timeout: 10_000 } as const;
  const { status, stdout, stderr } = spawnSync("sh", [script, "site-1"], options);
  return { status, printed: stdout + stderr };
}

describe("load-tunnel.sh", () => {
  it("stores the configuration for root only, loads it, and authenticates again", () => {
    const { status, printed } = load();

    const file = join(router.folder, "conf.d/site-1.conf");
    expect({ status, printed }).toEqual({ status: 0, printed: "site-1: established\n" });
    expect(readFileSync(file, "utf8")).toBe(SWANCTL_CONF);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(router.calls().match(/--[a-z]+-?[a-z]+/g)).toEqual(
      expect.arrayContaining(["--load-all", "--terminate", "--list-sas", "--initiate"]),
    );
  });

  it("fails without standard input, and keeps what is on the router", () => {
    load();

    const { status, printed } = load("");

    expect({ status, printed }).toEqual({ status: 1, printed: "site-1: no configuration on standard input\n" });
    expect(readFileSync(join(router.folder, "conf.d/site-1.conf"), "utf8")).toBe(SWANCTL_CONF);
  });

  it("fails if strongSwan refuses the configuration, before it ends the old IKE SA", () => {
    router.script("--load-all", "echo loading connection failed >&2; exit 22");

    const { status, printed } = load();

    expect(status).toBe(1);
    expect(printed).toBe("loading connection failed\nsite-1: strongSwan refuses the configuration\n");
    expect(router.calls()).not.toContain("--terminate");
  });

  it("fails if strongSwan reports success but has loaded another connection", () => {
    router.script("--load-all", "echo \"loaded connection 'site-10'\"");

    const { status, printed } = load();

    expect(status).toBe(1);
    expect(printed).toContain("found no connection of this name");
    expect(router.calls()).not.toContain("--terminate");
  });

  it("continues if there is no IKE SA to end", () => {
    router.script("--terminate", "exit 22");

    expect(load().status).toBe(0);
  });

  it("fails if the old IKE SA stays, because a new child of it would prove nothing about the key", () => {
    router.script("--list-sas", "echo 'site-1: #1, ESTABLISHED, IKEv2'");

    const { status, printed } = load();

    expect({ status, printed }).toEqual({ status: 1, printed: "site-1: the old IKE SA does not end\n" });
    expect(router.calls()).not.toContain("--initiate");
  });

  it("fails if strongSwan cannot say whether the old IKE SA has ended", () => {
    router.script("--list-sas", "exit 1");

    expect(load().status).toBe(1);
    expect(router.calls()).not.toContain("--initiate");
  });

  it("fails if the tunnel cannot be established, and repeats what strongSwan said", () => {
    router.script("--initiate", "echo received AUTHENTICATION_FAILED notify error; exit 1");

    const { status, printed } = load();

    expect(status).toBe(1);
    expect(printed).toBe("site-1: not established: received AUTHENTICATION_FAILED notify error\n");
  });

  it("fails if strongSwan reports success but has no child, and repeats what it said", () => {
    router.script("--initiate", `echo "$3: #1, ESTABLISHED, IKEv2" >"$HOME/up"; echo initiate completed successfully`);

    const { status, printed } = load();

    expect(status).toBe(1);
    expect(printed).toBe("site-1: authenticated, but without a child: initiate completed successfully\n");
  });

  it("fails if strongSwan cannot say whether there is a child", () => {
    router.script("--initiate", `echo "exit 1" >"$HOME/bin/swanctl--list-sas"`);

    expect(load().status).toBe(1);
  });

  it("never prints the key, and passes it in no argument", () => {
    const printed = [load(), load("")].map((run) => run.printed);
    router.script("--initiate", "exit 1");
    printed.push(load().printed);

    const texts = new Map([
      ["arguments", router.calls()],
      ["printed", printed.join()],
    ]);
    expect(findLeaks(texts, [KEY])).toEqual([]);
    expect(findLeaks(new Map([["the file", SWANCTL_CONF]]), [KEY])).not.toEqual([]);
  });
});
