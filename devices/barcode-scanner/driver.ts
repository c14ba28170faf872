import type { DeviceMode } from '../../src/domain/device-mode.ts';
import { isDeviceError } from '../../src/domain/errors.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { ScannerSettings } from '../../src/domain/scanner-settings.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { ProbeCheck } from '../../src/ports/device.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Random } from '../../src/ports/random.ts';
import type { Scanner, ScannerFact } from '../../src/ports/scanner.ts';
import { DeviceLink } from '../lib/device-link.ts';
import { LinkedDevice, type LinkLife } from '../lib/linked-device.ts';
import { type HidTransport, nodeHid } from '../transport/hid.ts';
import type { OpenLink } from '../transport/link.ts';
import type { MqttBroker } from '../transport/mqtt.ts';
import { attach } from './attach.ts';
import type { Attachment, Frame, FrameLink } from './frame-link.ts';
import { interpreter, type Told } from './interpret.ts';

/** A scanner that is told to stop may answer that it has read nothing, for as long. */
const releaseReplyMs = 1_000;
const probeLimitMs = 3_000;

export interface ScannerOptions {
  readonly id: DeviceId;
  readonly settings: ScannerSettings;
  /** Names this start of the controller, so that no read of another start has the same id. */
  readonly startId: string;
  /** Where its connection is one by MQTT. */
  readonly broker?: MqttBroker | undefined;
  readonly report: (fact: ScannerFact) => void;
  /** An error of ours, not of the wire: the process should stop. */
  readonly onBug: (error: unknown) => void;
  /** In place of the HID devices of this machine, for tests. */
  readonly hid?: HidTransport;
  /** In place of the network and the serial ports of this machine, for simulations. */
  readonly openLink?: OpenLink;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** For who looks at the wire. */
const words = { noRead: 'no-read', reply: 'answer to the trigger' } as const;

/** A fixed or handheld scanner, over whatever connection its settings name. */
export class BarcodeScanner extends LinkedDevice implements Scanner {
  readonly id: DeviceId;
  readonly #options: ScannerOptions;
  readonly #attachment: Attachment;
  readonly #tell: (frame: Frame) => Told;
  readonly #device: DeviceLink<FrameLink>;
  readonly #counters = {
    ...{ reads: 0, noReads: 0, replies: 0, notOurs: 0, duplicates: 0, repeats: 0 },
    ...{ connects: 0, triggersLost: 0 },
  };
  #link: FrameLink | undefined;
  /** Hears what a probe waits for. */
  #onTold: (decoded: string) => void = () => {};
  #isTriggering = false;
  #triggeredAtMs: number | undefined;
  /** Asked to read and not answered yet, on this connection. */
  #isReading = false;
  #releasedAtMs: number | undefined;
  #readNumber = 0;
  #last: { readonly code: string; readonly atMs: number } | undefined;

  constructor(options: ScannerOptions) {
    super();
    this.id = options.id;
    this.#options = options;
    this.#tell = interpreter(options.settings);
    const { id: device, clock, report } = options;
    this.#device = new DeviceLink<FrameLink>(options, {
      kind: 'scanner',
      connect: (signal) => this.#attachment.open(signal),
      serve: (link, signal, proved) => this.#serve(link, signal, proved),
      onOnline: () => {
        this.#device.say('waits for codes');
        report({ device, type: 'scanner.online' });
      },
      onOffline: (reason) => report({ device, type: 'scanner.offline', reason }),
      counters: () => ({ ...this.#counters, ...this.#attachment.counters }),
      retryMaxMs: () => this.#attachment.retryMaxMs,
      probe: (link, { trigger }) => this.#probe(link, trigger),
    });
    this.#attachment = attach(options.settings, {
      ...{ clock, traffic: this.#device.traffic, hid: options.hid ?? nodeHid() },
      broker: options.broker,
      openLink: options.openLink,
      whyNot: () => this.#device.writesNothing,
    });
  }

  override start(): void {
    const { settings, log } = this.#options;
    if (settings.connection.kind === 'hidKeyboard') {
      log.warn({ device: this.id }, 'a scanner as a keyboard is experimental: set it to HID POS');
    }
    super.start();
  }

  /** Off is off: nobody can dial in any more. */
  override setMode(mode: DeviceMode): void {
    super.setMode(mode);
    if (mode === 'off') this.#attachment.close().catch(this.#options.onBug);
  }

  override async stop(): Promise<void> {
    await super.stop();
    await this.#attachment.close();
  }

  trigger(): void {
    const { trigger } = this.#options.settings;
    if (trigger === undefined) return;
    // One that comes while another is on its way asks for the same read.
    if (this.#link === undefined || this.#isTriggering || this.#device.mode !== 'auto') {
      this.#counters.triggersLost += 1;
      return;
    }
    this.#isTriggering = true;
    this.#isReading = true;
    this.#triggeredAtMs = this.#options.clock.monotonicMs();
    this.#releasedAtMs = undefined;
    this.#command(this.#link, trigger, () => {
      this.#isTriggering = false;
    });
  }

  release(): void {
    const { triggerOff } = this.#options.settings;
    if (!this.#isReading) return;
    this.#isReading = false;
    if (triggerOff === undefined || this.#link === undefined) return;
    this.#releasedAtMs = this.#options.clock.monotonicMs();
    this.#command(this.#link, triggerOff, () => {});
  }

  protected override get link(): LinkLife {
    return this.#device;
  }

  async #serve(link: FrameLink, signal: AbortSignal, proved: () => void): Promise<void> {
    this.#counters.connects += 1;
    this.#link = link;
    this.#isReading = false;
    const stopped = Promise.withResolvers<void>();
    const onAbort = () => stopped.resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    link.onFrame((frame) => this.#received(frame));
    // A scanner says nothing of itself; that the line is open is all there is to know.
    proved();
    try {
      const reason = await Promise.race([link.closed, stopped.promise]);
      if (reason) throw reason;
    } finally {
      this.#link = undefined;
      signal.removeEventListener('abort', onAbort);
    }
  }

  #received(frame: Frame): void {
    if (this.#device.stopping.aborted) return;
    const { traffic } = this.#device;
    const told = this.#tell(frame);
    this.#answered();
    const decoded =
      told.kind === 'noRead' || told.kind === 'reply'
        ? words[told.kind]
        : `code ${(told.kind === 'read' && told.aim) || ''}${told.code}`;
    traffic.judge(told.kind === 'notOurs' ? 'discarded: notOurs' : 'ok', decoded);
    if (told.kind !== 'reply') this.#onTold(decoded);
    switch (told.kind) {
      case 'reply':
        this.#counters.replies += 1;
        return;
      case 'notOurs':
        this.#counters.notOurs += 1;
        return;
      case 'noRead':
        // That it has read nothing is the answer to being told to stop, and nothing of the next load.
        if (this.#wasReleased()) this.#counters.replies += 1;
        else this.#read(told, frame);
        return;
      case 'read':
        this.#read(told, frame);
    }
  }

  #read(told: Extract<Told, { kind: 'read' | 'noRead' }>, { isResent }: Frame): void {
    const { report, startId } = this.#options;
    this.#readNumber += 1;
    const fact = { device: this.id, readId: `${startId}-${this.#readNumber}` };
    this.release();
    if (told.kind === 'noRead') {
      this.#counters.noReads += 1;
      report({ ...fact, type: 'scanner.noRead' });
      return;
    }
    this.#counters.reads += 1;
    const { code, aim } = told;
    const repeat = this.#isRepeat(code, isResent === true) ? { repeat: true as const } : {};
    report({ ...fact, type: 'scanner.read', code, aim, ...repeat });
  }

  async #probe(link: FrameLink, isToTrigger: boolean): Promise<readonly ProbeCheck[]> {
    if (!isToTrigger) return [];
    const { trigger } = this.#options.settings;
    const cannot = (detail: string): ProbeCheck[] => [
      { check: 'trigger', verdict: 'unknown', detail },
    ];
    if (trigger === undefined) return cannot('the site file has no trigger for it');
    if (this.#device.mode !== 'manual') {
      return cannot(`it is in ${this.#device.mode}: set it to manual, so that nobody acts on it`);
    }
    const told = Promise.withResolvers<string | undefined>();
    this.#onTold = told.resolve;
    const cancel = this.#options.clock.after(probeLimitMs, () => told.resolve(undefined));
    try {
      await link.command(trigger, this.#device.stopping);
      this.#isReading = true;
      const read = await told.promise;
      const silence = `nothing came within ${probeLimitMs} ms`;
      return [{ check: 'trigger', verdict: read ? 'ok' : 'bad', detail: read ?? silence }];
    } finally {
      this.release();
      cancel();
      this.#onTold = () => {};
    }
  }

  #answered(): void {
    if (this.#triggeredAtMs === undefined) return;
    this.#device.traffic.answeredIn(this.#options.clock.monotonicMs() - this.#triggeredAtMs);
    this.#triggeredAtMs = undefined;
  }

  #isRepeat(code: string, isResent: boolean): boolean {
    const { clock, settings } = this.#options;
    const last = this.#last;
    const atMs = clock.monotonicMs();
    this.#last = { code, atMs };
    if (last?.code === code) this.#counters.duplicates += 1;
    const isSoon = last?.code === code && atMs - last.atMs < settings.repeatMs;
    const isRepeat = isSoon || isResent;
    if (isRepeat) this.#counters.repeats += 1;
    return isRepeat;
  }

  #wasReleased(): boolean {
    const atMs = this.#releasedAtMs;
    return atMs !== undefined && this.#options.clock.monotonicMs() - atMs < releaseReplyMs;
  }

  #command(link: FrameLink, text: string, settled: () => void): void {
    link
      .command(text, this.#device.stopping)
      .catch((error: unknown) => this.#commandFailed(error))
      .finally(settled)
      .catch(this.#options.onBug);
  }

  #commandFailed(error: unknown): void {
    if (!isDeviceError(error)) throw error;
    this.#counters.triggersLost += 1;
    this.#options.log.warn({ device: this.id, reason: error.message }, 'trigger not sent');
  }
}
