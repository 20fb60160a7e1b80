import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { ApiResponse } from "./api";
import type { Exchange, Wrapping } from "./apply-fault";

const PIECE = 64 * 1024;
/** A larger body is streamed without a Content-Length, so that a client must count its bytes. */
const LARGEST_AT_ONCE = 1024 * 1024;

/** Writes a response to the socket, or as much of it as the ending allows. */
export function send(request: IncomingMessage, output: ServerResponse, { response, ending, wrapping }: Exchange): void {
  if (ending === "silence") return;
  if (ending === "reset") {
    request.socket.resetAndDestroy();
    return;
  }

  const { body, headers } =
    wrapping === undefined
      ? compress(response, request.headers["accept-encoding"]?.toString() ?? "")
      : wrap(response, wrapping);
  if (body.length > LARGEST_AT_ONCE) {
    output.writeHead(response.status, headers);
    Readable.from(pieces(body)).pipe(output);
    return;
  }

  output.writeHead(response.status, { ...headers, "content-length": body.length });
  if (ending === "whole") output.end(body);
  else output.write(body.subarray(0, Math.floor(body.length / 2)), () => request.socket.destroy());
}

interface Bytes {
  readonly body: Buffer;
  readonly headers: Record<string, string | string[]>;
}

function wrap(response: ApiResponse, { contentEncoding, wrap = (json) => json }: Wrapping): Bytes {
  const encoding = contentEncoding === undefined ? {} : { "content-encoding": [contentEncoding].flat() };
  return { body: wrap(Buffer.from(response.body)), headers: { ...response.headers, ...encoding } };
}

/** Compresses the body if the client accepts that, as Cloudflare does. */
function compress(response: ApiResponse, accepted: string): Bytes {
  const headers = { ...response.headers };
  const body = Buffer.from(response.body);
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
