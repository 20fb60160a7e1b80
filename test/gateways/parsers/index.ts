import type { Dialect } from "../../../src/gateways";
import { readCiscoIosXe } from "./cisco-ios-xe";
import { readFortios } from "./fortios";
import { readJunos } from "./junos";
import { readMarkdown } from "./markdown";
import { readPanos } from "./panos";
import type { Reading } from "./reading";
import { readStrongswan } from "./strongswan";
import { readVyos } from "./vyos";

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
