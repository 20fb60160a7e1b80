import { only, type Reading } from "./reading";

const TYPES: Readonly<Record<string, Reading["identity"]["type"]>> = {
  FQDN: "fqdn",
  "User FQDN (e-mail)": "userFqdn",
  "Key ID": "keyId",
};

/**
 * CommonMark: a heading, a table, and a fenced block, which ends at the first line of a fence as long as the opening one.
 * The key is pasted into a field that trims white space and reads ASCII.
 * @see https://spec.commonmark.org/0.31.2/#fenced-code-blocks
 */
export function readMarkdown(text: string): Reading {
  const lines = text.split(/\r\n|[\n\r]/);
  const opening = lines.findIndex((line) => /^`{3,}$/.test(line));
  const fence = lines[opening] ?? "";
  const length = lines.slice(opening + 1).findIndex((line) => new RegExp(`^ {0,3}\`{${fence.length},} *$`).test(line));
  const psk = only(lines.slice(opening + 1, opening + 1 + length), "line of the key");
  if (!/^[ -~]*$/.test(psk)) throw new Error("Not printable ASCII");
  const cell = (field: string) => {
    const rows = lines.slice(0, opening).map((line) => line.split("|").map((part) => part.trim()));
    return only(
      rows.filter((row) => row[1] === field).map((row) => row[2] ?? ""),
      field,
    );
  };
  return {
    name: /^# ([\w-]+): /.exec(lines[0] ?? "")?.[1] ?? "",
    psk: psk.trim(),
    identity: { type: only([TYPES[cell("Local ID type")] ?? []].flat(), "type"), value: cell("Local ID") },
  };
}
