/**
 * Sends the same generated key in response to every request. It does not parse HTTP properly, because Node's own server would
 * be the bottleneck: every client would look alike.
 */
import { type AddressInfo, createServer } from "node:net";
import { reportResult } from "./child";
import { TUNNEL } from "./tunnel";

const BODY = JSON.stringify({
  success: true,
  errors: [],
  messages: [],
  result: {
    ipsec_id: `33145236_${TUNNEL.ipsecTunnelId}`,
    ipsec_tunnel_id: TUNNEL.ipsecTunnelId,
    psk: "a-fake-key-for-the-benchmark-only",
    psk_metadata: { last_generated_on: "2026-03-01T12:00:00.123456789Z" },
  },
});
const RESPONSE = Buffer.from(
  [
    "HTTP/1.1 200 OK",
    "content-type: application/json",
    `content-length: ${BODY.length}`,
    "cf-ray: 8e0000000000000a-FRA",
    'ratelimit: "default";r=1000000;t=300',
    'ratelimit-policy: "default";q=1000000;w=300',
    "",
    BODY,
  ].join("\r\n"),
);
const END_OF_HEAD = "\r\n\r\n";

reportResult(async () => {
  const server = createServer({ noDelay: true }, (socket) => {
    let pending = "";
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      pending += chunk.toString("latin1");
      for (let end = endOfRequest(pending); end !== undefined; end = endOfRequest(pending)) {
        pending = pending.slice(end);
        socket.write(RESPONSE);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  process.once("disconnect", () => process.exit());
  // Keeps the process waiting for its parent.
  process.on("message", () => undefined);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`;
});

function endOfRequest(text: string): number | undefined {
  const head = text.indexOf(END_OF_HEAD);
  if (head < 0) return undefined;
  const [, length = "0"] = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head)) ?? [];
  const end = head + END_OF_HEAD.length + Number(length);
  return end <= text.length ? end : undefined;
}
