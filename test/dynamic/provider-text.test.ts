import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROVIDER_TEXT } from "../../src/dynamic/provider-text";
import { type DynamicProviderHost, startDynamicProviderHost } from "../support/dynamic-provider-host";

// Written a second time on purpose: every state of every user contains this text, so it must never change.
const TEXT_IN_STATES = `exports.handler=()=>{try{return require("pulumi-cloudflare-ipsec-psk/provider")}catch(e){let f=async()=>{throw e};return{create:f,read:f,update:f,async delete(){}}}}`;

describe("PROVIDER_TEXT", () => {
  it("is, to the byte, the text in existing states", () => {
    expect(PROVIDER_TEXT).toBe(TEXT_IN_STATES);
  });

  it("has 165 bytes", () => {
    expect(Buffer.byteLength(PROVIDER_TEXT)).toBe(165);
  });
});

describe("PROVIDER_TEXT if the package is not installed", () => {
  let directory: string;
  let host: DynamicProviderHost;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "without-the-package-"));
    host = await startDynamicProviderHost({ cwd: directory });
  });

  afterAll(async () => {
    await host.close();
    await rm(directory, { recursive: true });
  });

  it.each([
    ["create", () => host.create({})],
    ["read", () => host.read("fake-id", {})],
    ["update", () => host.update({}, {})],
  ])("fails to %s with Node's own message", async (_verb, call) => {
    await expect(call()).rejects.toThrow("Cannot find module 'pulumi-cloudflare-ipsec-psk/provider'");
  });

  it("deletes nevertheless", async () => {
    await expect(host.delete("fake-id", {})).resolves.toBeUndefined();
  });
});
