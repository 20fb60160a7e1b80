import { once } from "node:events";
import { createConnection } from "node:net";
import { decode, encode, nameBytes, type ViciResponse, type ViciMessage } from "./vici-message";

/** One connection to the control socket of a strongSwan daemon. */
export interface Vici {
  request(command: string, message?: ViciMessage): Promise<ViciResponse>;
  /** Calls `hear` with each event of that name from now on. */
  listen(event: string, hear: (message: ViciResponse) => void): Promise<void>;
  close(): void;
}

const COMMAND = 0;
const COMMAND_ANSWER = 1;
const REGISTER = 3;
const REGISTER_CONFIRMED = 5;
const EVENT = 7;

/** @see https://github.com/strongswan/strongswan/blob/master/src/libcharon/plugins/vici/README.md */
export async function openVici(path: string): Promise<Vici> {
  const socket = createConnection(path);
  await once(socket, "connect");
  const hearers = new Map<string, (message: ViciResponse) => void>();
  // Responses come in the order of the requests; events come in between.
  const waiting: { resolve: (packet: Buffer) => void; reject: (error: Error) => void }[] = [];
  let received = Buffer.alloc(0);

  socket.on("data", (data: Buffer) => {
    received = Buffer.concat([received, data]);
    while (received.length >= 4 && received.length >= 4 + received.readUInt32BE(0)) {
      const end = 4 + received.readUInt32BE(0);
      take(received.subarray(4, end));
      received = received.subarray(end);
    }
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    for (const { reject } of waiting.splice(0)) reject(new Error("strongSwan closed its control socket"));
  });

  function take(packet: Buffer): void {
    if (packet.readUInt8(0) !== EVENT) return waiting.shift()?.resolve(packet);
    const end = 2 + packet.readUInt8(1);
    hearers.get(packet.toString("utf8", 2, end))?.(decode(packet.subarray(end)));
  }

  async function send(type: number, name: string, expected: number, message: ViciMessage): Promise<ViciResponse> {
    const packet = Buffer.concat([Buffer.from([type]), nameBytes(name), encode(message)]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(packet.length);
    const response = await new Promise<Buffer>((resolve, reject) => {
      waiting.push({ resolve, reject });
      socket.write(Buffer.concat([length, packet]));
    });
    if (response.readUInt8(0) !== expected) throw new Error(`strongSwan does not know "${name}"`);
    return decode(response.subarray(1));
  }

  return {
    request: (command, message = {}) => send(COMMAND, command, COMMAND_ANSWER, message),
    listen: async (event, hear) => {
      hearers.set(event, hear);
      await send(REGISTER, event, REGISTER_CONFIRMED, {});
    },
    close: () => socket.destroy(),
  };
}
