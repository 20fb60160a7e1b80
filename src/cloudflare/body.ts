import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";

/** What {@link decodeBody} understands, for `accept-encoding`. */
export const ACCEPTED_ENCODINGS = "gzip, deflate, br";

type Decoder = (body: Buffer, options: { maxOutputLength: number }) => Buffer;

const DECODERS = new Map<string, Decoder>([
  ["gzip", gunzipSync],
  ["deflate", inflateSync],
  ["br", brotliDecompressSync],
]);

/**
 * Undoes `content-encoding`.
 *
 * @param maxBytes - Bytes after decompression, so that a small answer cannot fill the memory.
 * @returns The text, or `undefined` where it cannot be had: an unknown encoding, broken data, too large.
 */
export function decodeBody(body: Buffer, encoding: string | undefined, maxBytes: number): string | undefined {
  if (encoding === undefined || encoding === "identity") return body.toString("utf8");
  const decode = DECODERS.get(encoding.toLowerCase());
  try {
    return decode?.(body, { maxOutputLength: maxBytes }).toString("utf8");
  } catch {
    return undefined;
  }
}
