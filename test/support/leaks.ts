import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** One place where a secret was found. The secret itself is not repeated. */
export interface Leak {
  readonly where: string;
  readonly encoding: string;
}

const ENCODINGS: Readonly<Record<string, (secret: string) => string>> = {
  raw: (secret) => secret,
  json: (secret) => JSON.stringify(secret).slice(1, -1),
  url: (secret) => encodeURIComponent(secret),
  hex: (secret) => Buffer.from(secret).toString("hex"),
  base64: (secret) => Buffer.from(secret).toString("base64").replace(/=+$/, ""),
  base64url: (secret) => Buffer.from(secret).toString("base64url"),
};

/** Looks for secrets, as they are and encoded, in named texts. */
export function findLeaks(texts: ReadonlyMap<string, string>, secrets: readonly string[]): Leak[] {
  return [...texts].flatMap(([where, text]) => {
    const lowerCase = text.toLowerCase();
    return Object.entries(ENCODINGS)
      .filter(([encoding, encode]) =>
        secrets.some((secret) => (encoding === "hex" ? lowerCase : text).includes(encode(secret))),
      )
      .map(([encoding]) => ({ where, encoding }));
  });
}

/** Every file below a folder, by its path, as text; compressed ones unpacked. */
export function readFilesBelow(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(files.map(({ parentPath, name }) => [join(parentPath, name), readText(join(parentPath, name))]));
}

function readText(path: string): string {
  const content = readFileSync(path);
  return (path.endsWith(".gz") ? gunzipSync(content) : content).toString("utf8");
}
