import type { PulumiFn, UpOptions } from "@pulumi/pulumi/automation";
import { IpsecTunnelPsk, Provider } from "../../../src";
import type { Settings } from "../../../src/provider/settings";
import { type Operation, type Simulator, startSimulator } from "../../../src/simulator";
import { openBackend, type Outcome, type State } from "../../support/engine";
import type { Leak } from "../../support/leaks";
import { FAULTS, type Fault, type Strike } from "./faults";
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

/** One stack on the real engine, with a resource for every cell. */
export interface MatrixStack {
  readonly cells: readonly Cell[];
  preview(): Promise<(cell: Cell) => Seen>;
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

// Long enough for a busy machine, short enough for a row of timeouts.
const SETTINGS: Partial<Settings> = {
  requestTimeoutMs: 2_000,
  backoffMs: 20,
  lostResponseWaitMs: 100,
  lagWaitMs: 20,
  maxReads: 3,
  maxGenerations: 3,
  batchWaitMs: 100,
  maxPreviewValidations: 1_000,
};
const MANY = 256;

export async function startMatrixStack(rows: readonly Row[], variants: readonly string[] = [""]): Promise<MatrixStack> {
  const front = await startFront();
  const named = rows.flatMap((row, index) =>
    variants.map((variant) => ({ row, name: `k${String(index + 1).padStart(2, "0")}${variant}` })),
  );
  const cells = await Promise.all(named.map(({ row, name }, index) => startCell(front, row, name, index)));
  const backend = await openBackend();
  const stack = await backend.createStack("dev", {
    internal: SETTINGS,
    config: {
      "cloudflare:apiToken": { value: cells[0]?.simulator.apiToken ?? "", secret: true },
      "cloudflare:baseUrl": front.url,
    },
  });

  const aim = (cell: Cell) => {
    cell.baseUrl = cell.fault.unreachable?.baseUrl(front) ?? cell.usualBaseUrl;
  };
  const program: PulumiFn = () => {
    cells.forEach(declare);
    return Promise.resolve();
  };
  const stored = async () => {
    const state = await stack.state();
    return (cell: Cell) => storedIn(state, cell);
  };
  const look = async (outcome: Outcome) => {
    const inState = await stored();
    return (cell: Cell): Seen => ({ ...reportOf(outcome, cell), stored: inState(cell) });
  };

  return {
    cells,
    preview: async () => look(await stack.preview(program)),
    up: async (options) => look(await stack.up(program, { continueOnError: true, parallel: MANY, ...options })),
    refresh: async () => look(await stack.refresh({ parallel: MANY })),
    destroy: async () => look(await stack.destroy({ parallel: MANY })),
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
    leaks: () => backend.leaks(cells.flatMap(({ simulator }) => [...simulator.issuedKeys(), simulator.apiToken])),
    close: async () => {
      await backend.remove();
      await front.close();
      await Promise.all(cells.map(({ simulator }) => simulator.close()));
    },
  };
}

async function startCell(front: Front, row: Row, name: string, index: number): Promise<Cell> {
  const fault = FAULTS[row.fault];
  if (fault === undefined) throw new RangeError(`Cannot start a cell: there is no fault "${row.fault}"`);
  const accountId = String(index + 1).padStart(32, "0");
  const { assumptions = {} } = fault;
  const simulator = await startSimulator({ accounts: [{ id: accountId }], assumptions });
  const backend: Backend = { url: simulator.url };
  front.add(accountId, backend);
  const tunnelId = simulator.addTunnel();
  const usualBaseUrl = fault.ownBaseUrl === true ? simulator.url : front.url;
  return { name, row, fault, simulator, backend, tunnelId, quarter: "Q3", baseUrl: usualBaseUrl, usualBaseUrl };
}

function declare({ name, fault, simulator, tunnelId, quarter, baseUrl }: Cell): void {
  const { accountId, apiToken } = simulator;
  const args = { accountId, ipsecTunnelId: tunnelId, rotationTriggers: { quarter }, ...fault.args };
  // Each provider is a process: only a resource that needs its own base URL has one.
  const isShared = fault.unreachable === undefined && fault.ownBaseUrl !== true;
  const options = isShared ? {} : { provider: new Provider(name, { apiToken, baseUrl }) };
  new IpsecTunnelPsk(name, args, options);
}

function reportOf({ events }: Outcome, { name, tunnelId, simulator }: Cell): Omit<Seen, "stored"> {
  const diagnostics = events.flatMap(({ diagnosticEvent }) => diagnosticEvent ?? []);
  const own = diagnostics.filter(({ urn }) => urn?.includes("IpsecTunnelPsk::") === true && urn.endsWith(`::${name}`));
  const others = diagnostics.filter(
    ({ message }) => message.includes(tunnelId) || message.includes(simulator.accountId),
  );
  return {
    failed: own.some(({ severity }) => severity === "error"),
    text: own.map(({ severity, message }) => `${severity}: ${message}`).join("\n"),
    announced: others.map(({ message }) => message).join("\n"),
  };
}

function storedIn(state: State, { name }: Cell): Stored | undefined {
  const outputs = state.outputs(name);
  if (outputs === undefined) return undefined;
  return { psk: undefined, status: undefined, ...state.key(name), all: JSON.stringify(outputs) };
}
