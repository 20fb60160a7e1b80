import { only, type Reading } from "./reading";

/**
 * strongSwan's settings: sections in braces, `key = value`, `#` starts a comment, quotes with backslash escapes.
 * @see https://docs.strongswan.org/docs/latest/config/strongswanConf.html
 */
export function readStrongswan(text: string): Reading {
  const settings = settingsOf(text);
  const values = (path: RegExp) => settings.filter(([key]) => path.test(key)).map(([, value]) => value);
  const name = only(
    settings.map(([key]) => key).filter((key) => /^connections\.[^.]+\.version$/.test(key)),
    "connection",
  );
  const id = only(values(/^connections\.[^.]+\.local\.id$/), "local id");
  if (only(values(/^secrets\.[^.]+\.id-1$/), "id of the secret") !== id) throw new Error("The secret is of another id");
  return {
    name: name.split(".")[1] ?? "",
    psk: decodeSecret(only(values(/^secrets\.[^.]+\.secret$/), "secret")),
    identity: identityOf(id),
  };
}

/** Decodes a secret as strongSwan does: `0x` is hexadecimal and `0s` Base64, in either case; other text stays as it is. */
export function decodeSecret(secret: string): string {
  if (/^0x/i.test(secret)) return Buffer.from(secret.slice(2), "hex").toString();
  if (/^0s/i.test(secret)) return Buffer.from(secret.slice(2), "base64").toString();
  return secret;
}

/**
 * Finds the type of an identity in its text, as strongSwan does.
 * @see https://docs.strongswan.org/docs/latest/config/identityParsing.html
 */
export function identityOf(id: string): Reading["identity"] {
  if (/^[\d.]+(-[\d.]+)?$/.test(id)) throw new Error("Read as an IP address or a range");
  if (id.startsWith("keyid:")) return { type: "keyId", value: id.slice("keyid:".length) };
  return { type: id.includes("@") ? "userFqdn" : "fqdn", value: id };
}

/** Reads one value: quoted with escapes, or bare up to a space, a comment or the end of the section. */
export function valueOf(raw: string): string {
  const [, quoted] = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/s.exec(raw) ?? [];
  if (quoted !== undefined)
    return quoted.replace(/\\(.)/gs, (_, sign: string) => ({ n: "\n", t: "\t", r: "\r" })[sign] ?? sign);
  if (/["{}]/.test(raw)) throw new Error("Not a value that strongSwan reads as it is");
  return raw.replace(/#.*$/, "").trim();
}

function settingsOf(text: string): (readonly [key: string, value: string])[] {
  const path: string[] = [];
  return text.split("\n").flatMap((line) => {
    const setting = line.trim();
    if (setting === "" || setting.startsWith("#")) return [];
    if (/^include[ \t]+[^=]/.test(setting)) throw new Error("Read as the name of a file to include");
    const [, section] = /^([\w-]+) \{$/.exec(setting) ?? [];
    if (section !== undefined) path.push(section);
    else if (setting === "}") path.pop();
    else {
      const [, key = "", raw = ""] = /^([\w-]+) = (.*)$/.exec(setting) ?? [];
      if (key === "") throw new Error("Neither a section nor a setting");
      return [[[...path, key].join("."), valueOf(raw)] as const];
    }
    return [];
  });
}
