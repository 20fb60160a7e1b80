import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { ACCEPTED_ENCODINGS, decodeBody } from "../../src/cloudflare/body";

const text = '{"message":"Grüße, 鍵"}';
const plain = Buffer.from(text);
const encoders = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
const encodings = Object.entries(encoders);
const nested = (times: number) => Array.from({ length: times }).reduce<Buffer>((body) => gzipSync(body), plain);

describe("decodeBody()", () => {
  it.each([undefined, "", " ", ",", "identity", "Identity", " IDENTITY , identity", ["identity", ""]])(
    "leaves a body as it is with the encoding %j",
    (encoding) => {
      expect(decodeBody(plain, encoding, 1_000)).toBe(text);
    },
  );

  it.each(encodings)("undoes %s", (encoding, encode) => {
    expect(decodeBody(encode(text), encoding, 1_000)).toBe(text);
  });

  it.each([
    ["GZIP", gzipSync(text)],
    // Brotli has no mark that shows it without its name.
    ["BR", brotliCompressSync(text)],
    [" gzip ", gzipSync(text)],
    ["x-gzip", gzipSync(text)],
    ["X-GZip", gzipSync(text)],
    ["gzip, identity", gzipSync(text)],
    ["identity,gzip", gzipSync(text)],
    ["deflate", deflateRawSync(text)],
    ["gzip, br", brotliCompressSync(gzipSync(text))],
    ["br,, deflate", deflateSync(brotliCompressSync(text))],
    [["gzip", "br"], brotliCompressSync(gzipSync(text))],
  ])("undoes what RFC 9110 allows and what servers send: %j", (encoding, body) => {
    expect(decodeBody(body, encoding, 1_000)).toBe(text);
  });

  it.each(["gzip", "br", "deflate", "gzip, br", "zstd", "none", "utf-8", "constructor", "toString"])(
    "accepts JSON that a proxy has decompressed, even if the header says %s",
    (encoding) => {
      expect(decodeBody(plain, encoding, 1_000)).toBe(text);
    },
  );

  it.each([
    ["a byte order mark before it", Buffer.from(`\ufeff${text}`)],
    ["a byte order mark and a compressed body", gzipSync(`\ufeff${text}`)],
    ["a zero after it", Buffer.from(`${text}\0`)],
    ["zeros and line breaks after it", Buffer.from(`${text}\r\n\0\0\n`)],
    ["white space around it", Buffer.from(` \n${text} \t`)],
  ])("reads a body with %s", (_what, body) => {
    expect(decodeBody(body, body[0] === 0x1f ? "gzip" : undefined, 1_000)).toBe(text);
  });

  it.each([
    ["gzip, aws-chunked", gzipSync(text)],
    ["gzip, utf-8", gzipSync(text)],
    [undefined, gzipSync(text)],
    ["identity", gzipSync(text)],
    ["br", gzipSync(text)],
    ["deflate", gzipSync(text)],
    ["gzip", deflateSync(text)],
    ["gzip", Buffer.concat([gzipSync(text), Buffer.from("\r\n")])],
    ["gzip", Buffer.concat([gzipSync(text), Buffer.alloc(2)])],
  ])("believes a body more than its label: %j", (encoding, body) => {
    expect(decodeBody(body, encoding, 1_000)).toBe(text);
  });

  it("does not decompress without a label what is not JSON then", () => {
    expect(decodeBody(gzipSync("<html>"), undefined, 1_000)).not.toContain("<html>");
    expect(decodeBody(gzipSync("<html>"), "br", 1_000)).toBeUndefined();
  });

  it.each(encodings)("decompresses at most maxBytes: %s", (encoding, encode) => {
    const bomb = encode("0".repeat(100_000));

    expect(bomb.length).toBeLessThan(1_000);
    expect(decodeBody(bomb, encoding, 100_000)).toHaveLength(100_000);
    expect(decodeBody(bomb, encoding, 99_999)).toBeUndefined();
  });

  it("limits each layer of a stack, and their number", () => {
    const bomb = gzipSync(gzipSync("0".repeat(1_000_000)));

    expect(decodeBody(bomb, "gzip, gzip", 1_000_000)).toHaveLength(1_000_000);
    expect(decodeBody(bomb, "gzip, gzip", 999_999)).toBeUndefined();
    expect(decodeBody(nested(5), "gzip,".repeat(5), 1_000)).toBe(text);
    expect(decodeBody(nested(6), "gzip,".repeat(6), 1_000)).toBeUndefined();
  });

  it.each([...encodings, ["deflate", deflateRawSync] as const])(
    "returns `undefined` for broken data: %s",
    (encoding, encode: (text: string) => Buffer) => {
      expect(decodeBody(encode(text).subarray(0, -4), encoding, 1_000)).toBeUndefined();
      expect(decodeBody(Buffer.from("<html>"), encoding, 1_000)).toBeUndefined();
      expect(decodeBody(Buffer.from(""), encoding, 1_000)).toBeUndefined();
    },
  );

  it.each(["zstd", "compress", "gzip, zstd", "constructor", "toString"])(
    "returns `undefined` for an unknown encoding: %j",
    (encoding) => {
      expect(decodeBody(brotliCompressSync(text), encoding, 1_000)).toBeUndefined();
    },
  );
});

describe("ACCEPTED_ENCODINGS", () => {
  it("names the encodings that decodeBody() undoes", () => {
    expect(ACCEPTED_ENCODINGS.split(", ")).toEqual(Object.keys(encoders));
  });
});
