import type { Dialect } from "../../../src/gateways";
import { connectCiscoIosXe, readCiscoIosXe } from "./cisco-ios-xe";
import { connectFortios, readFortios } from "./fortios";
import { connectJunos, readJunos } from "./junos";
import { connectMarkdown, readMarkdown } from "./markdown";
import { connectPanos, readPanos } from "./panos";
import type { Connection, Reading } from "./reading";
import { readStrongswan } from "./strongswan";
import { connectVyos, readVyos } from "./vyos";

/** A reader for every dialect: a new dialect does not compile without one. */
export const READERS: Readonly<Record<Dialect, (text: string) => Reading>> = {
  strongswan: readStrongswan,
  vyos: readVyos,
  ciscoIosXe: readCiscoIosXe,
  junos: readJunos,
  fortios: readFortios,
  panos: readPanos,
  markdown: readMarkdown,
};

/** For every dialect but strongSwan's own, which needs no translation: what the router would negotiate with. */
export const CONNECTION_READERS: Readonly<Record<Exclude<Dialect, "strongswan">, (text: string) => Connection>> = {
  vyos: connectVyos,
  ciscoIosXe: connectCiscoIosXe,
  junos: connectJunos,
  fortios: connectFortios,
  panos: connectPanos,
  markdown: connectMarkdown,
};
