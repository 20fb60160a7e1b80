import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";

/** The encodings that requests accept, for `accept-encoding`. */
export const ACCEPTED_ENCODINGS = "gzip, deflate, br";

type Decoder = (body: Buffer, options: { maxOutputLength: number }) => Buffer;

const DECODERS = new Map<string, Decoder>([
  ["gzip", inflate],
  ["x-gzip", inflate],
  ["deflate", inflate],
  ["br", brotliDecompressSync],
]);

/** As many as curl decodes; decoding more would only cost time. */
const MAX_ENCODINGS = 5;

/**
 * Decodes `content-encoding`: every encoding of every header, the last one first, in upper or lower case.
 *
 * What the headers say counts less than the body: some proxies decompress and leave the header, or compress and set none. So
 * a body that is JSON is returned as it is, and one that is gzip is decompressed, if what the headers name does not give JSON.
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
  if (text.startsWith("{")) return text;
  const unlabeled = isGzip(body) ? toText(undo(["gzip"], body, maxBytes) ?? Buffer.alloc(0)) : "";
  if (unlabeled.startsWith("{")) return unlabeled;
  return plain === undefined ? undefined : text;
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

// "deflate" is by RFC 9110 in the zlib format, whose first byte ends in 8; some servers send it bare, and some mean gzip.
function inflate(body: Buffer, options: { maxOutputLength: number }): Buffer {
  if (isGzip(body)) return gunzipSync(withoutLineBreaks(body), options);
  return ((body[0] ?? 0) & 0x0f) === 8 ? inflateSync(body, options) : inflateRawSync(body, options);
}

function isGzip(body: Buffer): boolean {
  return body[0] === 0x1f && body[1] === 0x8b;
}

// Gzip ends in the length, whose last byte is 0 below 16 MB: a line break after it was added.
function withoutLineBreaks(body: Buffer): Buffer {
  let end = body.length;
  while (body[end - 1] === 0x0a || body[end - 1] === 0x0d) end -= 1;
  return body.subarray(0, end);
}

// JSON is UTF-8. Some proxies add a byte order mark before it, which counts as white space, or a zero after it.
function toText(body: Buffer): string {
  let end = body.length;
  while (end > 0 && (body[end - 1] ?? 0) <= 0x20) end -= 1;
  return body.toString("utf8", 0, end).trimStart();
}
