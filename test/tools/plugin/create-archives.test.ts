import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { checkArchive } from "../../../tools/plugin/check-archive";
import { checksumsOf, createScriptArchive } from "../../../tools/plugin/create-archives";
import { packTarGz } from "../../../tools/plugin/tar";
import { requireBuild, ROOT } from "../../support/build";

let folder: string;

beforeAll(requireBuild);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ipsec-psk-releases-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const create = () => createScriptArchive({ plugin: join(ROOT, "plugin"), root: ROOT, output: folder });

describe("createScriptArchive()", () => {
  it("makes one archive for all platforms, which unpacks to a plugin that starts", async () => {
    const archive = create();

    expect(basename(archive.path)).toMatch(/^pulumi-resource-cloudflare-ipsec-psk-v\d+\.\d+\.\d+-needs-node\.tar\.gz$/);
    await expect(checkArchive(archive)).resolves.toBeUndefined();
  });

  it("makes the same archive twice", () => {
    const first = readFileSync(create().path);

    expect(readFileSync(create().path).equals(first)).toBe(true);
  });
});

describe("checksumsOf()", () => {
  it("writes a line for each archive, as sha256sum does", () => {
    const path = join(folder, "one.tar.gz");
    writeFileSync(path, "abc");

    expect(checksumsOf([{ path, executable: "one" }])).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  one.tar.gz\n",
    );
  });
});

describe("checkArchive()", () => {
  it("refuses an archive with something else in it, and names it", async () => {
    const path = join(folder, "fake.tar.gz");
    writeFileSync(path, packTarGz([{ name: "odd.txt", content: Buffer.from("odd"), isExecutable: false }]));

    await expect(checkArchive({ path, executable: "one" })).rejects.toThrow(
      "Cannot release fake.tar.gz: it contains odd.txt",
    );
  });
});

describe("packTarGz()", () => {
  it("packs the same files to the same bytes, without a time", () => {
    const files = [{ name: "one.txt", content: Buffer.from("one"), isExecutable: true }];

    expect(packTarGz(files)).toEqual(packTarGz(files));
    expect(gunzipSync(packTarGz(files)).subarray(100, 107).toString()).toBe("0000755");
  });

  it("refuses a name that its format cannot hold", () => {
    const file = { name: "x".repeat(101), content: Buffer.alloc(0), isExecutable: false };

    expect(() => packTarGz([file])).toThrow(RangeError);
  });
});
