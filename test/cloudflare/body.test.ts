import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { ACCEPTED_ENCODINGS, decodeBody } from "../../src/cloudflare/body";

const text = '{"message":"Grüße, 鍵"}';
const encoders = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
const encodings = Object.entries(encoders);

describe("decodeBody()", () => {
  it.each([undefined, "identity"])("leaves a body alone: %j", (encoding) => {
    expect(decodeBody(Buffer.from(text), encoding, 1_000)).toBe(text);
  });

  it.each(encodings)("undoes %s", (encoding, encode) => {
    expect(decodeBody(encode(text), encoding, 1_000)).toBe(text);
  });

  it("does not mind upper case", () => {
    expect(decodeBody(gzipSync(text), "GZIP", 1_000)).toBe(text);
  });

  it.each(encodings)("decompresses up to the cap and not a byte more: %s", (encoding, encode) => {
    const bomb = encode("0".repeat(100_000));

    expect(bomb.length).toBeLessThan(1_000);
    expect(decodeBody(bomb, encoding, 100_000)).toHaveLength(100_000);
    expect(decodeBody(bomb, encoding, 99_999)).toBeUndefined();
  });

  it.each(encodings)("gives up on broken data: %s", (encoding, encode) => {
    expect(decodeBody(encode(text).subarray(0, -4), encoding, 1_000)).toBeUndefined();
    expect(decodeBody(Buffer.from(text), encoding, 1_000)).toBeUndefined();
  });

  it.each(["zstd", "gzip, br", "", "constructor", "toString"])("gives up on an unknown encoding: %j", (encoding) => {
    expect(decodeBody(Buffer.from(text), encoding, 1_000)).toBeUndefined();
  });
});

describe("ACCEPTED_ENCODINGS", () => {
  it("names those that are understood", () => {
    expect(ACCEPTED_ENCODINGS.split(", ")).toEqual(Object.keys(encoders));
  });
});
