import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../../src/ports/clock.ts';
import {
  advance,
  cancelAll,
  newPrinter,
  type PrintedLabel,
  type PrinterFaults,
  type PrinterModel,
  receive,
} from './model.ts';
import { createRenderer, type Renderer } from './render.ts';

const tickMs = 50;
const clientsMax = 8;
/** A6, on which the shipped template fits. */
const labelMm = { widthMm: 105, heightMm: 148 };

export interface PrinterSimulatorOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly dotsPerMm: number;
  readonly clock: Clock;
  /** As kept by `state()`; absent: a new printer with a full roll. */
  readonly restored?: PrinterModel;
  readonly onLabel?: (label: PrintedLabel) => void;
}

/** Where the next job is cut: before its end, so that nothing is printed; or after it, so that a label comes out. */
export type Cut = 'beforeEnd' | 'afterEnd';

/** A ZPL printer on TCP that answers `~HS` and remembers every label. */
export interface PrinterSimulator {
  readonly port: number;
  setFaults(faults: Partial<PrinterFaults>): void;
  /** Labels left on the roll; 0 is paper out. */
  setLabelsLeft(labels: number): void;
  /** The connection breaks in the midst of the next job. */
  cutInNextJob(at: Cut): void;
  /** Breaks the connection now. */
  cut(): void;
  /** All that waits is thrown away, half a format too: the cancel button. */
  cancelAll(): void;
  /** The newest labels, oldest first. */
  labels(): readonly PrintedLabel[];
  /** @returns PNG; undefined when no such label is kept. @throws when it cannot be drawn */
  labelPng(number: number): Promise<Uint8Array | undefined>;
  /** JSON, for `restored`. */
  state(): PrinterModel;
  close(): Promise<void>;
}

/** @throws when the port is taken */
export async function startPrinterSimulator(
  options: PrinterSimulatorOptions,
): Promise<PrinterSimulator> {
  const device = new SimulatedPrinter(options);
  const port = await device.listen();
  return {
    port,
    setFaults: (faults) =>
      device.change((printer) => ({ ...printer, faults: { ...printer.faults, ...faults } })),
    setLabelsLeft: (labelsLeft) => device.change((printer) => ({ ...printer, labelsLeft })),
    cutInNextJob: (at) => device.cutInNextJob(at),
    cut: () => device.cut(),
    cancelAll: () => device.change(cancelAll),
    labels: () => device.printer.kept,
    labelPng: (number) => device.labelPng(number),
    state: () => device.printer,
    close: () => device.close(),
  };
}

class SimulatedPrinter {
  printer: PrinterModel;
  readonly #options: PrinterSimulatorOptions;
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  readonly #renderer: Renderer;
  #cutAt: Cut | undefined;
  #lastMs: number;
  #cancelTick: () => void = () => {};

  constructor(options: PrinterSimulatorOptions) {
    this.#options = options;
    this.printer = options.restored ?? newPrinter;
    this.#lastMs = options.clock.monotonicMs();
    this.#renderer = createRenderer({ ...labelMm, dotsPerMm: options.dotsPerMm });
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  async listen(): Promise<number> {
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port }, resolve);
    });
    this.#tick();
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  change(to: (printer: PrinterModel) => PrinterModel): void {
    this.#catchUp();
    this.printer = to(this.printer);
  }

  cutInNextJob(at: Cut): void {
    this.#cutAt = at;
  }

  cut(): void {
    for (const socket of this.#clients) socket.resetAndDestroy();
  }

  async labelPng(number: number): Promise<Uint8Array | undefined> {
    const label = this.printer.kept.find((kept) => kept.number === number);
    return label && (await this.#renderer.render(label.zpl));
  }

  async close(): Promise<void> {
    this.#cancelTick();
    this.cut();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    await this.#renderer.close();
  }

  #accept(socket: Socket): void {
    if (this.#clients.size >= clientsMax) {
      socket.destroy();
      return;
    }
    this.#clients.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#clients.delete(socket));
    socket.on('data', (bytes: Buffer) => this.#received(socket, bytes));
  }

  #received(socket: Socket, bytes: Buffer): void {
    this.#catchUp();
    const end = bytes.indexOf('^XZ');
    const cutAt = end < 0 ? undefined : this.#cutAt;
    const heard = cutAt === 'beforeEnd' ? bytes.subarray(0, end) : bytes;
    const { printer, answers } = receive(this.printer, heard);
    this.printer = printer;
    if (cutAt !== undefined) {
      this.#cutAt = undefined;
      socket.resetAndDestroy();
      return;
    }
    for (const answer of answers) socket.write(answer, 'latin1');
  }

  #tick(): void {
    this.#catchUp();
    this.#cancelTick = this.#options.clock.after(tickMs, () => this.#tick());
  }

  #catchUp(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const { printer, labels } = advance(this.printer, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    this.printer = printer;
    for (const label of labels) this.#options.onLabel?.(label);
  }
}
