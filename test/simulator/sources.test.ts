import { startSimulator } from "../../src/simulator";
import { checkedSources, mistakeInTime } from "../../src/simulator/sources";
import { fakeApi, send } from "./support";

const TIME = "now must return milliseconds since the epoch, 0 to 253402300799999";
const random = (size: number) => Buffer.alloc(size);

describe("mistakeInTime()", () => {
  it.each([0, 0.5, 1_700_000_000_000, 253_402_300_799_999])("accepts %p", (ms) => {
    expect(mistakeInTime(ms)).toBeUndefined();
  });

  it.each([NaN, Infinity, -Infinity, -1, 253_402_300_800_000, "1700000000000", 1n, null, undefined, new Date(0)])(
    "refuses %p",
    (ms) => {
      expect(mistakeInTime(ms)).toBe(TIME);
    },
  );
});

describe("checkedSources()", () => {
  it("returns what the sources return, and no more bytes than were asked for", () => {
    const sources = checkedSources({ now: () => 1.5, random: () => Buffer.alloc(32, 7) });

    expect(sources.now()).toBe(1.5);
    expect(sources.random(2)).toEqual(Buffer.alloc(2, 7));
  });

  it.each<[string, unknown]>([
    ["too few bytes", Buffer.alloc(1)],
    ["text", "0123456789"],
    ["a promise", Promise.resolve(Buffer.alloc(2))],
  ])("refuses %s instead of random bytes", (_what, bytes) => {
    const sources = checkedSources({ now: () => 0, random: () => bytes as Buffer });

    expect(() => sources.random(2)).toThrow("Cannot read random bytes: random must return a Buffer of 2 bytes.");
  });
});

describe("a clock that returns no time any more", () => {
  it("makes a request fail with the reason, and generates no key", () => {
    let ms = 1_700_000_000_000;
    const { api, ask } = fakeApi({ now: () => ms, random });
    const id = api.addTunnel();
    ms = NaN;

    expect(() => ask("POST", `/${id}/psk_generate`, {})).toThrow(`Cannot read the simulator's clock: ${TIME}.`);
    expect(api.keyAtEdge(id)).toBeUndefined();
  });

  it("makes a request over the socket fail with the reason, and the simulator lives", async () => {
    let ms = 1_700_000_000_000;
    const simulator = await startSimulator({ now: () => ms });
    ms = NaN;

    const failed = await send(simulator, "GET", "");
    ms = 1_700_000_000_000;
    const next = await send(simulator, "GET", "");
    await simulator.close();

    expect(failed).toMatchObject({ status: 500, text: expect.stringContaining(TIME) as unknown });
    expect(next.status).toBe(200);
  });
});
