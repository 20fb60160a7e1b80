import { createCloudflareApi } from "../../src/simulator";
import { tunnels } from "./support";

const limit = { requests: 2, windowMs: 60_000, blockMs: 90_500 };

function limited() {
  const clock = { now: 1_700_000_000_000 };
  const api = createCloudflareApi({
    limit,
    now: () => clock.now,
    tokens: [{ token: "fake-one" }, { token: "fake-two" }],
    users: [{ email: "a@example.com", key: "fake-key" }],
  });
  const by = (headers: Record<string, string>) => api.handle({ method: "GET", path: tunnels, headers, body: "" });
  return { clock, by, one: () => by({ authorization: "Bearer fake-one" }) };
}

describe("The request budget", () => {
  it("is sent with every response", () => {
    const { clock, one } = limited();
    expect(one().headers).toMatchObject({ ratelimit: '"default";r=1;t=60', "ratelimit-policy": '"default";q=2;w=60' });

    clock.now += 20_001;
    const { headers } = one();

    expect(headers.ratelimit).toBe('"default";r=0;t=40');
    expect(headers["retry-after"]).toBeUndefined();
  });

  it("is Cloudflare's 1,200 requests in 5 minutes by default", () => {
    const api = createCloudflareApi();
    const headers = { authorization: `Bearer ${api.apiToken}` };

    expect(api.handle({ method: "GET", path: tunnels, headers, body: "" }).headers).toMatchObject({
      ratelimit: '"default";r=1199;t=300',
      "ratelimit-policy": '"default";q=1200;w=300',
    });
  });

  it("blocks all requests for a while after it is exceeded, and says for how long", () => {
    const { clock, one } = limited();
    one();
    one();

    expect(one()).toMatchObject({ status: 429, headers: { "retry-after": "91", ratelimit: '"default";r=0;t=91' } });

    clock.now += 60_000;
    expect(one()).toMatchObject({ status: 429, headers: { "retry-after": "31" } });
    clock.now += 30_499;
    expect(one()).toMatchObject({ status: 429, headers: { "retry-after": "1" } });
    clock.now += 1;
    expect(one()).toMatchObject({ status: 200, headers: { ratelimit: '"default";r=1;t=60' } });
  });

  it("starts again after its window", () => {
    const { clock, one } = limited();
    one();
    one();

    clock.now += limit.windowMs;

    expect(one().status).toBe(200);
  });

  it("belongs to one token or email", () => {
    const { by, one } = limited();
    for (let i = 0; i < 3; i += 1) one();

    expect(one().status).toBe(429);
    expect(by({ authorization: "Bearer fake-two" }).status).toBe(200);
    expect(by({ "x-auth-email": "a@example.com", "x-auth-key": "fake-key" }).status).toBe(200);
  });
});
