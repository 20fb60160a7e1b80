import { createServer } from "node:net";
import { requireEngine } from "../../src/provider/engine-alive";
import { closedPort, listenOnLoopback } from "../support/loopback-server";

describe("requireEngine()", () => {
  it("passes while the engine listens", async () => {
    const engine = await listenOnLoopback(createServer());

    await expect(requireEngine(`127.0.0.1:${engine.port}`)).resolves.toBeUndefined();

    await engine.close();
  });

  it("hangs up again", async () => {
    const hungUp = new Promise<void>((resolve) => {
      const server = createServer((socket) => {
        socket.once("close", () => {
          resolve();
        });
        socket.resume();
      });
      void listenOnLoopback(server).then(async (engine) => {
        await requireEngine(`127.0.0.1:${engine.port}`);
        await hungUp;
        await engine.close();
      });
    });

    await expect(hungUp).resolves.toBeUndefined();
  });

  it("fails where nobody listens any more, and says why nothing is sent", async () => {
    await expect(requireEngine(`127.0.0.1:${await closedPort()}`)).rejects.toMatchObject({
      code: "ERR_ENGINE_GONE",
      message: expect.stringContaining("nobody would keep the key") as string,
    });
  });

  // A broadcast address cannot be connected to, whoever lives there.
  it("passes for another failure than a refused connection, which proves nothing", async () => {
    await expect(requireEngine("255.255.255.255:1")).resolves.toBeUndefined();
  });

  it.each([[undefined], [""], ["not an address"]])("passes for %j, which is no address to ask", async (address) => {
    await expect(requireEngine(address)).resolves.toBeUndefined();
  });
});
