import { createServer } from "node:net";
import { requireEngine } from "../../src/provider/engine-alive";
import { closedPort, listenOnLoopback } from "../support/loopback-server";

describe("requireEngine()", () => {
  it("passes while the engine listens", async () => {
    const engine = await listenOnLoopback(createServer());

    await expect(requireEngine(`127.0.0.1:${engine.port}`)).resolves.toBeUndefined();

    await engine.close();
  });

  it("closes its connection", async () => {
    const closed = new Promise<void>((resolve) => {
      const server = createServer((socket) => {
        socket.once("close", () => {
          resolve();
        });
        socket.resume();
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
