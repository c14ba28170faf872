import type { Clock } from '../../src/ports/clock.ts';
import { isEvent, type PrinterEvent, type PrinterFaultName } from './conditions.ts';
import {
  advance,
  cancelAll,
  labelDueMs,
  newPrinter,
  type PrintedLabel,
  type PrinterModel,
  restart,
  withFaults,
} from './model.ts';
import { receive } from './receive.ts';
import { createRenderer, type Renderer } from './render.ts';
import type { Channel } from './wire.ts';

/** Bytes of a channel that has to wait for another one. */
const waitingBytesMax = 65_536;
/** A6, on which the shipped template fits. */
const labelMm = { widthMm: 105, heightMm: 148 };

export interface SimulatedPrinterOptions {
  readonly dotsPerMm: number;
  readonly clock: Clock;
  /** As kept by `state()`; absent: a new printer with a full roll. */
  readonly restored?: PrinterModel;
  readonly onLabel?: (label: PrintedLabel) => void;
  /** How late its answers are when it is slow. Default 3 s. */
  readonly slowMs?: number;
  /** A second channel is served when the first one has been silent for so long. Default 1 s. */
  readonly channelSilenceMs?: number;
}

interface Client {
  readonly channel: Channel;
  bytes: Buffer;
}

/** A printer that remembers every label, over whatever channels there are. */
export class SimulatedPrinter {
  printer: PrinterModel;
  readonly renderer: Renderer;
  readonly #options: SimulatedPrinterOptions;
  #clients: Client[] = [];
  /** The one whose bytes are read; all others wait until it is silent or gone. */
  #served: Client | undefined;
  #servedAtMs = 0;
  #lastMs: number;
  #isRunning = true;

  constructor(options: SimulatedPrinterOptions) {
    this.#options = options;
    this.printer = options.restored ?? newPrinter;
    this.#lastMs = options.clock.monotonicMs();
    this.renderer = createRenderer({ ...labelMm, dotsPerMm: options.dotsPerMm });
  }

  accept(channel: Channel): (bytes: Uint8Array) => void {
    const client = { channel, bytes: Buffer.alloc(0) };
    this.#clients.push(client);
    if (this.printer.faults.windowClosed) channel.hold(true);
    return (bytes) => {
      client.bytes = Buffer.concat([client.bytes, bytes]).subarray(0, waitingBytesMax);
      this.#serve();
    };
  }

  fault(name: PrinterFaultName, isOn: boolean): void {
    this.#catchUp();
    if (isEvent(name)) {
      if (isOn) this.#happens(name);
      return;
    }
    const wasClosed = this.printer.faults.windowClosed;
    this.printer = withFaults(this.printer, { [name]: isOn });
    if (name === 'windowClosed' && isOn !== wasClosed) {
      for (const { channel } of this.#openClients()) channel.hold(isOn);
    }
    this.#serve();
  }

  setLabelsLeft(labelsLeft: number): void {
    this.#catchUp();
    this.printer = { ...this.printer, labelsLeft };
  }

  async labelPng(number: number): Promise<Uint8Array | undefined> {
    const label = this.printer.kept.find((kept) => kept.number === number);
    return label && (await this.renderer.render(label.zpl));
  }

  /** Lets the time that has passed have passed: labels come out, and who waits is served. */
  pass(): void {
    this.#serve();
  }

  /** After so long something happens by itself, in milliseconds; infinite where nothing will. */
  dueMs(): number {
    const labelMs = labelDueMs(this.printer);
    const { foreignChannel, windowClosed } = this.printer.faults;
    const isWaited = !foreignChannel && !windowClosed;
    const waits = this.#clients.some(({ bytes }) => bytes.length > 0);
    if (!isWaited || !waits) return labelMs;
    const { clock, channelSilenceMs = 1_000 } = this.#options;
    return Math.min(labelMs, this.#servedAtMs + channelSilenceMs - clock.monotonicMs());
  }

  stop(): void {
    this.#isRunning = false;
  }

  #happens(event: PrinterEvent): void {
    if (event === 'cancelAll') this.printer = cancelAll(this.printer);
    else this.#cut();
    if (event === 'restart') this.printer = restart(this.printer);
  }

  #cut(): void {
    for (const client of this.#clients) {
      client.bytes = Buffer.alloc(0);
      client.channel.drop();
    }
    this.#served = undefined;
  }

  #openClients(): readonly Client[] {
    this.#clients = this.#clients.filter(
      ({ channel, bytes }) => channel.isOpen || bytes.length > 0,
    );
    return this.#clients;
  }

  #serve(): void {
    this.#catchUp();
    const { foreignChannel, windowClosed } = this.printer.faults;
    if (foreignChannel || windowClosed) return;
    for (;;) {
      const client = this.#next();
      if (client === undefined) return;
      const { bytes } = client;
      client.bytes = Buffer.alloc(0);
      this.#received(client.channel, bytes);
    }
  }

  /** Who is read now, if there is anything to read. */
  #next(): Client | undefined {
    const { clock, channelSilenceMs = 1_000 } = this.#options;
    const nowMs = clock.monotonicMs();
    const isHeld =
      this.#served?.channel.isOpen && nowMs - this.#servedAtMs < channelSilenceMs && this.#served;
    const next = isHeld || this.#openClients().find(({ bytes }) => bytes.length > 0);
    if (next === undefined || next.bytes.length === 0) return undefined;
    this.#served = next;
    this.#servedAtMs = nowMs;
    return next;
  }

  #received(channel: Channel, bytes: Buffer): void {
    const { dotsPerMm, clock, slowMs = 3_000 } = this.#options;
    const { cutBeforeEnd, cutAfterEnd, slow } = this.printer.faults;
    const end = bytes.indexOf('^XZ');
    const isCut = end >= 0 && (cutBeforeEnd || cutAfterEnd);
    const heard = isCut && cutBeforeEnd ? bytes.subarray(0, end) : bytes;
    const { printer, answers } = receive(this.printer, heard, dotsPerMm);
    this.printer = printer;
    if (isCut) {
      this.printer = withFaults(printer, { cutBeforeEnd: false, cutAfterEnd: false });
      channel.drop();
      return;
    }
    for (const answer of answers) {
      if (slow) clock.after(slowMs, () => this.#isRunning && channel.send(answer));
      else channel.send(answer);
    }
  }

  #catchUp(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const { printer, labels } = advance(this.printer, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    this.printer = printer;
    for (const label of labels) this.#options.onLabel?.(label);
  }
}
