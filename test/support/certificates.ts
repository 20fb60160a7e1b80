import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** A certificate and its key in PEM, as a TLS server takes them. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Creates a certificate for 127.0.0.1 that signs itself, and may sign others. */
export function createAuthority(name: string): Certificate {
  return create(name);
}

/** Creates a certificate for 127.0.0.1 that an authority signs. */
export function createCertificate(authority: Certificate, authorityName: string): Certificate {
  return create("127.0.0.1", { key: authority.key, name: authorityName });
}

// RFC 5280 in DER, because Node.js reads certificates but writes none, and not every machine has the command `openssl`.
function create(subject: string, issuer?: { readonly key: string; readonly name: string }): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const start = Date.now() - MINUTE_MS;
  const body = sequence(
    der(0xa0, VERSION_3),
    der(0x02, Buffer.from([1]), randomBytes(8)), // its serial number
    ECDSA_WITH_SHA256,
    commonName(issuer?.name ?? subject),
    sequence(time(start), time(start + MONTH_MS)),
    commonName(subject),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...(issuer === undefined ? [IS_AUTHORITY] : []), FOR_LOOPBACK)),
  );
  const signature = der(0x03, Buffer.from([0]), sign("sha256", body, issuer?.key ?? key));
  return { key, cert: pem(sequence(body, ECDSA_WITH_SHA256, signature)) };
}

const MINUTE_MS = 60_000;
const MONTH_MS = 30 * 24 * 60 * MINUTE_MS;

const VERSION_3 = der(0x02, Buffer.from([2]));
const ECDSA_WITH_SHA256 = sequence(Buffer.from("06082a8648ce3d040302", "hex"));
const COMMON_NAME = Buffer.from("0603550403", "hex");
const BASIC_CONSTRAINTS = Buffer.from("0603551d13", "hex");
const ALTERNATIVE_NAME = Buffer.from("0603551d11", "hex");
const TRUE = Buffer.from("0101ff", "hex");
const IS_AUTHORITY = sequence(BASIC_CONSTRAINTS, TRUE, der(0x04, sequence(TRUE)));
const FOR_LOOPBACK = sequence(ALTERNATIVE_NAME, der(0x04, sequence(der(0x87, Buffer.from([127, 0, 0, 1])))));

function commonName(name: string): Buffer {
  return sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(name)))));
}

/** A time in UTC, to the second: "20261201120000Z". */
function time(ms: number): Buffer {
  return der(0x18, Buffer.from(`${new Date(ms).toISOString().slice(0, 19).replace(/\D/g, "")}Z`));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const long = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...(length < 0x80 ? [length] : long)]), content]);
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
