import { createServer, type Socket } from "node:net";
import { hasExited, isAddress, requireEngine } from "../../src/connection/engine-alive";
import { closedPort, listenOnLoopback } from "../support/loopback-server";

// As gRPC's servers do, which send their settings first.
const speak = (socket: Socket) => {
  socket.resume().write("fake settings");
};

describe("requireEngine()", () => {
  it("passes while the engine listens", async () => {
    const engine = await listenOnLoopback(createServer(speak));

    await expect(requireEngine(`127.0.0.1:${engine.port}`)).resolves.toBeUndefined();

    await engine.close();
  });

  it("closes its connection", async () => {
    const closed = new Promise<void>((resolve) => {
      const server = createServer((socket) => {
        socket.once("close", () => {
          resolve();
        });
        speak(socket);
      });
      void listenOnLoopback(server).then(async (engine) => {
        await requireEngine(`127.0.0.1:${engine.port}`);
        await closed;
        await engine.close();
      });
    });

    await expect(closed).resolves.toBeUndefined();
  });

  it("fails if the engine no longer listens, and says why nothing is sent", async () => {
    await expect(requireEngine(`127.0.0.1:${await closedPort()}`)).rejects.toMatchObject({
      code: "ERR_ENGINE_GONE",
      details: {
        summary:
          "Cannot continue: the Pulumi engine that started this operation has exited, so the new key would be lost",
      },
    });
  });

  // No machine accepts connections at a broadcast address.
  it("passes for any failure but a refused connection, because it proves nothing", async () => {
    await expect(requireEngine("255.255.255.255:1")).resolves.toBeUndefined();
  });

  it.each([[undefined], [""], ["not an address"]])("passes for %j, which is not an address", async (address) => {
    await expect(requireEngine(address)).resolves.toBeUndefined();
  });
});

describe("hasExited()", () => {
  // What the system of a dying engine does: it accepts connections for it, and resets them.
  it.each<[string, (socket: Socket) => void]>([
    ["resets", (socket) => void socket.resetAndDestroy()],
    ["closes", (socket) => void socket.destroy()],
  ])("looks again at an address that accepts connections and %s them, until it refuses one", async (_what, drop) => {
    let connections = 0;
    const server = createServer((socket) => {
      drop(socket);
      connections += 1;
      if (connections === 3) server.close();
    });
    const dying = await listenOnLoopback(server);

    try {
      expect(await hasExited(`127.0.0.1:${dying.port}`)).toBe(true);
      expect(connections).toBe(3);
    } finally {
      // Nothing waits for it: it may be closed already.
      server.close();
    }
  });

  it("is not certain of an engine that is too busy to say anything", async () => {
    const busy = await listenOnLoopback(createServer());

    expect(await hasExited(`127.0.0.1:${busy.port}`)).toBe(false);

    await busy.close();
  });
});

describe("isAddress()", () => {
  it.each([
    ["127.0.0.1:4000", true],
    ["http://127.0.0.1:4000", false],
    ["--logtostderr", false],
    ["-v=9", false],
    [undefined, false],
  ])("of %j is %s", (text, expected) => {
    expect(isAddress(text)).toBe(expected);
  });
});
