import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { ApiResponse } from "./api";
import type { Exchange, Wrapping } from "./apply-fault";

const PIECE = 64 * 1024;
/** Beyond this a body is streamed without a Content-Length, so that a client has to count for itself. */
const LARGEST_AT_ONCE = 1024 * 1024;

/** Writes an answer to the socket, or as much of it as the ending lets through. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  { response: answer, ending, wrapping }: Exchange,
): void {
  if (ending === "silence") return;
  if (ending === "reset") {
    request.socket.resetAndDestroy();
    return;
  }

  const { body, headers } =
    wrapping === undefined
      ? compress(answer, request.headers["accept-encoding"]?.toString() ?? "")
      : wrap(answer, wrapping);
  if (body.length > LARGEST_AT_ONCE) {
    response.writeHead(answer.status, headers);
    Readable.from(pieces(body)).pipe(response);
    return;
  }

  response.writeHead(answer.status, { ...headers, "content-length": body.length });
  if (ending === "whole") response.end(body);
  else response.write(body.subarray(0, Math.floor(body.length / 2)), () => request.socket.destroy());
}

interface Bytes {
  readonly body: Buffer;
  readonly headers: Record<string, string | string[]>;
}

function wrap(answer: ApiResponse, { contentEncoding, wrap = (json) => json }: Wrapping): Bytes {
  const encoding = contentEncoding === undefined ? {} : { "content-encoding": [contentEncoding].flat() };
  return { body: wrap(Buffer.from(answer.body)), headers: { ...answer.headers, ...encoding } };
}

/** As Cloudflare does for any client that asks for it. */
function compress(answer: ApiResponse, accepted: string): Bytes {
  const headers = { ...answer.headers };
  const body = Buffer.from(answer.body);
  if (/\bbr\b/.test(accepted)) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 4 };
    return { body: brotliCompressSync(body, { params }), headers: { ...headers, "content-encoding": "br" } };
  }
  if (/\bgzip\b/.test(accepted)) {
    return { body: gzipSync(body), headers: { ...headers, "content-encoding": "gzip" } };
  }
  return { body, headers };
}

function* pieces(body: Buffer): Generator<Buffer> {
  for (let start = 0; start < body.length; start += PIECE) yield body.subarray(start, start + PIECE);
}
