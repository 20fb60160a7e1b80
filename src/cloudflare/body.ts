import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";

/** The encodings that requests accept, for `accept-encoding`. */
export const ACCEPTED_ENCODINGS = "gzip, deflate, br";

type Decoder = (body: Buffer, options: { maxOutputLength: number }) => Buffer;

const DECODERS = new Map<string, Decoder>([
  ["gzip", gunzipSync],
  ["x-gzip", gunzipSync],
  // By RFC 9110 in the zlib format, whose first byte ends in 8; some servers send it bare.
  ["deflate", (body, options) => (((body[0] ?? 0) & 0x0f) === 8 ? inflateSync : inflateRawSync)(body, options)],
  ["br", brotliDecompressSync],
]);

/** As many as curl decodes; decoding more would only cost time. */
const MAX_ENCODINGS = 5;

/**
 * Decodes `content-encoding`: every encoding of every header, the last one first, in upper or lower case.
 *
 * A body that is JSON is returned as it is, even if the headers name an encoding: some proxies decompress, and leave the header.
 *
 * @param maxBytes - Bytes after each decompression, so that a small response cannot fill the memory.
 * @returns The text, or `undefined` if it cannot be decoded: an unknown encoding, broken data, or too large.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-8.4
 */
export function decodeBody(
  body: Buffer,
  headers: string | readonly string[] | undefined,
  maxBytes: number,
): string | undefined {
  const encodings = encodingsIn(headers);
  const plain = encodings.length > MAX_ENCODINGS ? undefined : undo(encodings, body, maxBytes);
  const text = toText(plain ?? body);
  return plain !== undefined || text.startsWith("{") ? text : undefined;
}

function encodingsIn(headers: string | readonly string[] | undefined): string[] {
  const names = [headers ?? []].flat().join(",").toLowerCase().split(",");
  return names.map((name) => name.trim()).filter((name) => name !== "" && name !== "identity");
}

function undo(encodings: readonly string[], body: Buffer, maxBytes: number): Buffer | undefined {
  try {
    return encodings.reduceRight<Buffer | undefined>(
      (rest, encoding) => rest && DECODERS.get(encoding)?.(rest, { maxOutputLength: maxBytes }),
      body,
    );
  } catch {
    return undefined;
  }
}

// JSON is UTF-8. Some proxies add a byte order mark before it, which counts as white space, or a zero after it.
function toText(body: Buffer): string {
  let end = body.length;
  while (end > 0 && (body[end - 1] ?? 0) <= 0x20) end -= 1;
  return body.toString("utf8", 0, end).trimStart();
}
