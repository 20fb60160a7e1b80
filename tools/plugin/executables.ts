import { createHash } from "node:crypto";

/**
 * Returns an ELF executable without symbols and debug information, which nothing loads: what is after the last segment, and the
 * table of sections that names it.
 *
 * @see https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.pheader.html
 */
export function withoutSymbols(elf: Buffer): Buffer {
  if (elf.readUInt32BE(0) !== 0x7f454c46) throw new Error("Cannot remove symbols: this is not an ELF executable");
  const [first, size, count] = [Number(elf.readBigUInt64LE(32)), elf.readUInt16LE(54), elf.readUInt16LE(56)];
  const ends = Array.from({ length: count }, (_, index) => {
    const segment = first + index * size;
    return Number(elf.readBigUInt64LE(segment + 8) + elf.readBigUInt64LE(segment + 32));
  });
  const loaded = Buffer.from(elf.subarray(0, Math.max(...ends)));
  loaded.writeBigUInt64LE(0n, 40);
  loaded.writeUInt32LE(0, 60);
  return loaded;
}

const PAGE = 4096;
const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;

/**
 * Returns an unsigned Mach-O executable with an ad-hoc signature, as Go's linker writes it: checksums of its pages, and no
 * certificate. macOS runs nothing on arm64 without one.
 *
 * @see https://github.com/golang/go/blob/master/src/cmd/internal/codesign/codesign.go
 */
export function adHocSigned(unsigned: Buffer, identifier: string): Buffer {
  if (unsigned.readUInt32LE(0) !== 0xfeedfacf) throw new Error("Cannot sign: this is not a Mach-O executable");
  const signatureAt = Math.ceil(unsigned.length / 16) * 16;
  const pages = Math.ceil(signatureAt / PAGE);
  const head = 20 + 88 + identifier.length + 1;
  const signatureSize = head + pages * 32;
  const signed = Buffer.alloc(signatureAt + signatureSize);
  unsigned.copy(signed);

  const text = segmentNamed(signed, "__TEXT");
  announce(signed, signatureAt, signatureSize);
  const signature = signed.subarray(signatureAt);
  // A list of one entry, the directory of checksums, which follows it immediately.
  writeWords(signature, 0, [0xfade0cc0, signatureSize, 1, 0, 20]);
  const [textAt, textSize] = [signed.readBigUInt64LE(text + 40), signed.readBigUInt64LE(text + 48)];
  const directory = [
    [0xfade0c02, signatureSize - 20, 0x20400],
    // Ad hoc, by a linker.
    [0x20002],
    // Where the checksums and the identifier are; no special checksums; how many checksums of how many bytes.
    [head - 20, 88, 0, pages, signatureAt],
    // SHA-256, of 32 bytes; the page's size is 2^12 bytes.
    [0x20_02_00_0c],
    [0, 0, 0, 0, 0, 0],
    // The first segment, and that this is a main executable.
    [...halves(textAt), ...halves(textSize), 0, 1],
  ];
  writeWords(signature, 20, directory.flat());
  signature.write(identifier, 20 + 88, "latin1");
  for (let page = 0; page < pages; page += 1) {
    const content = signed.subarray(page * PAGE, Math.min((page + 1) * PAGE, signatureAt));
    createHash("sha256")
      .update(content)
      .digest()
      .copy(signature, head + page * 32);
  }
  return signed;
}

/** Adds the command that names the signature, and lets the last segment contain it. */
function announce(macho: Buffer, signatureAt: number, signatureSize: number): void {
  const commandsEnd = 32 + macho.readUInt32LE(20);
  if (commandAt(macho, (kind) => kind === LC_CODE_SIGNATURE) !== undefined) {
    throw new Error("Cannot sign: the executable is signed");
  }
  if (macho.subarray(commandsEnd, commandsEnd + 16).some((byte) => byte !== 0)) {
    throw new Error("Cannot sign: there is no room for another load command");
  }
  [LC_CODE_SIGNATURE, 16, signatureAt, signatureSize].forEach((word, index) => {
    macho.writeUInt32LE(word, commandsEnd + index * 4);
  });
  macho.writeUInt32LE(macho.readUInt32LE(16) + 1, 16);
  macho.writeUInt32LE(macho.readUInt32LE(20) + 16, 20);
  const last = segmentNamed(macho, "__LINKEDIT");
  const size = BigInt(macho.length) - macho.readBigUInt64LE(last + 40);
  if (size > macho.readBigUInt64LE(last + 32)) macho.writeBigUInt64LE(size, last + 32);
  macho.writeBigUInt64LE(size, last + 48);
}

function segmentNamed(macho: Buffer, name: string): number {
  const isNamed = (kind: number, at: number) =>
    kind === LC_SEGMENT_64 && macho.toString("latin1", at + 8, at + 24).replace(/\0+$/, "") === name;
  const found = commandAt(macho, isNamed);
  if (found === undefined) throw new Error(`Cannot sign: the executable has no segment ${name}`);
  return found;
}

/** Returns where the first load command is that a test accepts. */
function commandAt(macho: Buffer, accepts: (kind: number, at: number) => boolean): number | undefined {
  const count = macho.readUInt32LE(16);
  for (let at = 32, index = 0; index < count; index += 1) {
    if (accepts(macho.readUInt32LE(at), at)) return at;
    at += macho.readUInt32LE(at + 4);
  }
  return undefined;
}

function writeWords(buffer: Buffer, at: number, words: readonly number[]): void {
  words.forEach((word, index) => buffer.writeUInt32BE(word, at + index * 4));
}

function halves(value: bigint): [number, number] {
  return [Number(value >> 32n), Number(value & 0xffffffffn)];
}
