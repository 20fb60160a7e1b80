import type { DiagnosticEvent, PulumiFn, UpOptions } from "@pulumi/pulumi/automation";
import type { ProviderResource } from "@pulumi/pulumi";
import type { IpsecTunnelPskArgs } from "../../../src";
import { given } from "../../../src/given";
import type { ProviderSettings, Settings } from "../../../src/connection/settings";
import { type Operation, type Simulator, startSimulator } from "../../../src/simulator";
import { type Kind, openBackend, type Outcome, type State } from "../../support/engine";
import type { Leak } from "../../support/leaks";
import { FAULTS, type Fault, type Source, type Strike } from "./faults";
import { type Backend, type Front, startFront } from "./front";
import type { Row } from "./read-matrix";

/** What the state contains of a cell's resource. */
export interface Stored {
  readonly psk: string | undefined;
  readonly status: string | undefined;
  /** All outputs as one text, to tell whether anything changed. */
  readonly all: string;
}

/** One resource, with a Cloudflare of its own, and the fault that it meets. */
export interface Cell {
  readonly name: string;
  readonly row: Row;
  readonly fault: Fault;
  readonly simulator: Simulator;
  readonly backend: Backend;
  /** What the program asks for. */
  tunnelId: string;
  quarter: string;
  baseUrl: string;
  readonly usualBaseUrl: string;
  /** `undefined`: the default provider. */
  readonly providerName: string | undefined;
  strike?: Strike;
}

/** What a command did to one cell. */
export interface Seen {
  readonly failed: boolean;
  /** What the user reads under the resource. */
  readonly text: string;
  /** What the provider prints about the tunnel or its account, which belongs to no resource. */
  readonly announced: string;
  readonly stored: Stored | undefined;
}

/**
 * One stack on the real engine, with a resource for every cell.
 *
 * A command throws if it fails for a reason that belongs to no cell: then what it shows of the cells would mislead.
 */
export interface MatrixStack {
  readonly cells: readonly Cell[];
  /** Previews a program that has only some of the cells. */
  preview(cells: readonly Cell[]): Promise<(cell: Cell) => Seen>;
  up(options?: UpOptions): Promise<(cell: Cell) => Seen>;
  refresh(): Promise<(cell: Cell) => Seen>;
  destroy(): Promise<(cell: Cell) => Seen>;
  /** Reads the state without a command. */
  stored(): Promise<(cell: Cell) => Stored | undefined>;
  /** Sends the cell's requests to where its fault has them go. */
  readonly aim: (cell: Cell) => void;
  /** Lets the cell's fault hit the requests of an operation. */
  strike(cell: Cell, operations: readonly Operation[]): Promise<void>;
  lift(cell: Cell): Promise<void>;
  leaks(): readonly Leak[];
  close(): Promise<void>;
}

const SETTINGS: Partial<Settings> = {
  backoffMs: 20,
  lostResponseWaitMs: 100,
  lagWaitMs: 20,
  maxReads: 3,
  maxGenerations: 3,
  batchWaitMs: 100,
  maxPreviewValidations: 1_000,
  // A busy machine is not a fault: only the rows of timeouts may time out.
  previewTimeoutMs: 60_000,
};
const IMPATIENT: Partial<ProviderSettings> = { requestTimeoutMs: 2_000 };
const MANY = 64;
const GIVEN = "given";
/** The providers of which no cell's fault keeps a preview from the proof that it is harmless. */
export const HEALTHY: readonly (string | undefined)[] = [undefined, GIVEN];

export interface MatrixOptions {
  /** The endings of the names of each row's cells. */
  readonly variants: readonly string[];
  /** Whether each cell has a provider process of its own. */
  readonly alone: boolean;
}

export async function startMatrixStack(
  kind: Kind,
  rows: readonly Row[],
  { variants, alone }: MatrixOptions,
): Promise<MatrixStack> {
  const front = await startFront();
  const named = rows.flatMap((row, index) =>
    variants.map((variant) => {
      const rowName = `k${String(index + 1).padStart(2, "0")}`;
      return { row, rowName, name: `${rowName}${variant}` };
    }),
  );
  const cells = await Promise.all(named.map((cell, index) => startCell(front, cell, index, alone)));
  const backend = await openBackend();
  const stack = await backend.createStack("dev", {
    internal: SETTINGS,
    plugins: kind.plugins,
    config: {
      [`${kind.namespace}:apiToken`]: { value: cells[0]?.simulator.apiToken ?? "", secret: true },
      [`${kind.namespace}:baseUrl`]: front.url,
    },
  });

  const aim = (cell: Cell) => {
    cell.baseUrl = cell.fault.unreachable?.baseUrl(front) ?? cell.usualBaseUrl;
  };
  const programOf = (declared: readonly Cell[]): PulumiFn => {
    return () => {
      declare(kind, declared);
      return Promise.resolve();
    };
  };
  const stored = async () => {
    const state = await stack.state();
    return (cell: Cell) => storedIn(state, cell);
  };
  const look = async (command: string, outcome: Outcome) => {
    requireOwnFailures(command, outcome, cells);
    const inState = await stored();
    return (cell: Cell): Seen => ({ ...reportOf(outcome, cell), stored: inState(cell) });
  };

  return {
    cells,
    preview: async (some) => look("preview", await stack.preview(programOf(some))),
    up: async (options) =>
      look("up", await stack.up(programOf(cells), { continueOnError: true, parallel: MANY, ...options })),
    refresh: async () => look("refresh", await stack.refresh({ parallel: MANY })),
    destroy: async () => look("destroy", await stack.destroy({ parallel: MANY })),
    stored,
    aim,
    strike: async (cell, operations) => {
      const { fault, simulator, backend: behind, tunnelId, row } = cell;
      aim(cell);
      const times = row.howLong === "once" ? 1 : Infinity;
      cell.strike = await fault.strike({ simulator, backend: behind, tunnelId, operations, times });
      simulator.clearRequests();
    },
    lift: async (cell) => {
      await cell.strike?.lift();
      cell.baseUrl = cell.usualBaseUrl;
      cell.simulator.clearRequests();
    },
    leaks: () => backend.leaks(cells.flatMap(secretsOf)),
    close: async () => {
      await backend.remove();
      await front.close();
      await Promise.all(cells.map(({ simulator }) => simulator.close()));
    },
  };
}

interface NamedCell {
  readonly row: Row;
  readonly rowName: string;
  readonly name: string;
}

async function startCell(front: Front, named: NamedCell, index: number, alone: boolean): Promise<Cell> {
  const { row, rowName, name } = named;
  const fault = FAULTS[row.fault];
  if (fault === undefined) throw new RangeError(`Cannot start a cell: there is no fault "${row.fault}"`);
  const accountId = String(index + 1).padStart(32, "0");
  const { assumptions = {} } = fault;
  const simulator = await startSimulator({ accounts: [{ id: accountId }], assumptions });
  const backend: Backend = { url: simulator.url };
  front.add(accountId, backend);
  const tunnelId = simulator.addTunnel();
  // The proof that a preview is harmless needs a tunnel without a key, if the program gives the keys.
  if (row.source === "set") simulator.addTunnel();
  const usualBaseUrl = fault.ownBaseUrl === true ? simulator.url : front.url;
  const providerName = alone ? name : providerFor(fault, row.source, rowName, name);
  const baseUrl = usualBaseUrl;
  return { name, row, fault, simulator, backend, tunnelId, quarter: "Q3", baseUrl, usualBaseUrl, providerName };
}

/** Each provider is a process: cells share one unless their configuration differs. */
function providerFor(fault: Fault, source: Source, rowName: string, name: string): string | undefined {
  if (fault.ownBaseUrl === true) return name;
  if (fault.unreachable !== undefined) return rowName;
  if (fault.timesOut === true) return "impatient";
  // A process reads few tunnels that the list shows without a key: the rows of both tables together are more.
  return source === "set" ? GIVEN : undefined;
}

function declare({ Key, Provider }: Kind, cells: readonly Cell[]): void {
  const providers = new Map<string | undefined, ProviderResource>();
  for (const cell of cells) {
    const { name, fault, simulator, tunnelId, baseUrl, providerName } = cell;
    const { accountId, apiToken } = simulator;
    if (providerName !== undefined && !providers.has(providerName)) {
      const own = { apiToken, baseUrl, ...(fault.timesOut === true && IMPATIENT) };
      providers.set(providerName, new Provider(providerName, own));
    }
    const args = { accountId, ipsecTunnelId: tunnelId, ...askOf(cell), ...fault.args };
    new Key(name, args, given({ provider: providers.get(providerName) }));
  }
}

/** What asks for a new key in the next quarter: a trigger, or another key of the program. */
function askOf({ row, tunnelId, quarter }: Cell): Pick<IpsecTunnelPskArgs, "psk" | "rotationTriggers"> {
  return row.source === "set" ? { psk: givenPsk(tunnelId, quarter) } : { rotationTriggers: { quarter } };
}

function givenPsk(tunnelId: string, quarter: string): string {
  return `fake-key-of-the-program-${tunnelId}-${quarter}`;
}

function secretsOf({ simulator, tunnelId }: Cell): string[] {
  const given = ["Q3", "Q4"].map((quarter) => givenPsk(tunnelId, quarter));
  return [...simulator.issuedKeys(), simulator.apiToken, ...given];
}

/** Requires that a command has ended, and that it failed by nothing but the resources of cells. */
function requireOwnFailures(
  command: string,
  { succeeded, error, text, events }: Outcome,
  cells: readonly Cell[],
): void {
  const errors = events.flatMap(({ diagnosticEvent }) => diagnosticEvent ?? []).filter(isError);
  const ofProviders = errors.filter(({ urn }) => urn?.includes("::pulumi:providers:"));
  const hasEnded = events.some(({ summaryEvent }) => summaryEvent !== undefined);
  const isExplained = succeeded || cells.some((cell) => errors.some((event) => isOf(cell, event)));
  if (hasEnded && isExplained && ofProviders.length === 0) return;
  const why = ofProviders.length > 0 ? ofProviders.map(({ message }) => message).join("\n") : text.slice(-4_000);
  throw new Error(`Cannot play this column: pulumi ${command} failed, and not by the fault of a row:\n${why}`, {
    cause: error,
  });
}

function reportOf({ events }: Outcome, cell: Cell): Omit<Seen, "stored"> {
  const { tunnelId, simulator } = cell;
  const diagnostics = events.flatMap(({ diagnosticEvent }) => diagnosticEvent ?? []);
  const own = diagnostics.filter((event) => isOf(cell, event));
  const others = diagnostics.filter(
    ({ message }) => message.includes(tunnelId) || message.includes(simulator.accountId),
  );
  return {
    failed: own.some(isError),
    text: own.map(({ severity, message }) => `${severity}: ${message}`).join("\n"),
    announced: others.map(({ message }) => message).join("\n"),
  };
}

function isOf({ name }: Cell, { urn }: DiagnosticEvent): boolean {
  return urn?.includes("IpsecTunnelPsk::") === true && urn.endsWith(`::${name}`);
}

function isError({ severity }: DiagnosticEvent): boolean {
  return severity === "error";
}

function storedIn(state: State, { name }: Cell): Stored | undefined {
  const outputs = state.outputs(name);
  if (outputs === undefined) return undefined;
  return { psk: undefined, status: undefined, ...state.key(name), all: JSON.stringify(outputs) };
}
