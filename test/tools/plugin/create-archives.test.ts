import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { checkArchive } from "../../../tools/plugin/check-archive";
import { createArchives, PLATFORMS, archiveName } from "../../../tools/plugin/create-archives";
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

describe("createArchives()", () => {
  it("makes an archive for each platform, which unpacks to a plugin that starts", async () => {
    const archives = createArchives(join(ROOT, "plugin"), ROOT, folder);

    expect(archives.map((path) => basename(path))).toEqual(PLATFORMS.map(archiveName));
    expect(basename(archives[0] ?? "")).toMatch(
      /^pulumi-resource-cloudflare-ipsec-psk-v\d+\.\d+\.\d+-linux-amd64\.tar\.gz$/,
    );
    for (const archive of archives) await expect(checkArchive(archive)).resolves.toBeUndefined();
  });
});

describe("checkArchive()", () => {
  it("refuses an archive with something else in it, and names it", async () => {
    const archive = join(folder, "fake-linux-amd64.tar.gz");
    writeFileSync(archive, packTarGz([{ name: "odd.txt", content: Buffer.from("odd"), isExecutable: false }]));

    await expect(checkArchive(archive)).rejects.toThrow("Cannot release fake-linux-amd64.tar.gz: it contains odd.txt");
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
