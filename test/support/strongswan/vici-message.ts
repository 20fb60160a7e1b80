/** A message to strongSwan: a section of values, lists and further sections. */
export interface ViciMessage {
  readonly [key: string]: string | Buffer | readonly string[] | ViciMessage;
}

/** A message from strongSwan, in which every value is text. */
export interface ViciResponse {
  [key: string]: string | string[] | ViciResponse;
}

/** Returns one value of a response; "" if there is none. */
export function textOf(response: ViciResponse, key: string): string {
  const value = response[key];
  return typeof value === "string" ? value : "";
}

const SECTION = 1;
const SECTION_END = 2;
const VALUE = 3;
const LIST = 4;
const LIST_ITEM = 5;
const LIST_END = 6;

/** @see https://github.com/strongswan/strongswan/blob/master/src/libcharon/plugins/vici/README.md#message-format */
export function encode(message: ViciMessage): Buffer {
  return Buffer.concat(Object.entries(message).map(([key, value]) => encodeElement(key, value)));
}

function encodeElement(key: string, value: ViciMessage[string]): Buffer {
  const element = (type: number, ...rest: Buffer[]) => Buffer.concat([Buffer.from([type]), nameBytes(key), ...rest]);
  if (typeof value === "string" || Buffer.isBuffer(value)) return element(VALUE, valueBytes(value));
  if (!isList(value)) return element(SECTION, encode(value), Buffer.from([SECTION_END]));
  const items = value.flatMap((item) => [Buffer.from([LIST_ITEM]), valueBytes(item)]);
  return element(LIST, ...items, Buffer.from([LIST_END]));
}

/** Encodes a name after the one byte of its length. */
export function nameBytes(name: string): Buffer {
  return Buffer.concat([Buffer.from([Buffer.byteLength(name)]), Buffer.from(name)]);
}

function valueBytes(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function isList(value: readonly string[] | ViciMessage): value is readonly string[] {
  return Array.isArray(value);
}

export function decode(bytes: Buffer): ViciResponse {
  const root: ViciResponse = {};
  const open = [root];
  let list: string[] = [];
  let at = 0;
  const take = (length: number) => bytes.toString("utf8", at, (at += length));
  const name = () => take(bytes.readUInt8(at++));
  const value = () => {
    const length = bytes.readUInt16BE(at);
    at += 2;
    return take(length);
  };
  while (at < bytes.length) {
    const type = bytes.readUInt8(at++);
    const section = open.at(-1) ?? root;
    if (type === SECTION) open.push((section[name()] = {}));
    else if (type === SECTION_END) open.pop();
    else if (type === VALUE) section[name()] = value();
    else if (type === LIST) list = section[name()] = [];
    else if (type === LIST_ITEM) list.push(value());
    else if (type !== LIST_END) throw new Error(`Cannot read a vici message: it has an element of type ${type}`);
  }
  return root;
}
