import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeviceKind } from '../../simulators/fault-board.ts';
import { tally } from '../../simulators/tally.ts';
import { booksOf, type Demo, finish, startDemo, stopDemo } from '../../src/cli/demo-site.ts';
import { machineClock as clock } from '../../src/machine/clock.ts';
import { pause } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';

const speed = 50;
const lookEveryMs = 25;
/** Far more than anything takes, so that a slow machine is not a failure. */
const limitMs = 45_000;
const testLimitMs = 150_000;

interface Said {
  readonly device: string;
  readonly text: string;
  readonly reason: string;
}

/** The demo site at work, with every word that its drivers say. */
export class FaultSite {
  readonly demo: Demo;
  readonly said: readonly Said[];
  readonly #folder: string;
  readonly #fatal: readonly unknown[];
  /** What was there when the fault was switched. */
  #mark = { questions: 0, said: 0, stored: 0 };

  private constructor(demo: Demo, folder: string, said: Said[], fatal: unknown[]) {
    this.demo = demo;
    this.#folder = folder;
    this.said = said;
    this.#fatal = fatal;
  }

  static async start(): Promise<FaultSite> {
    const folder = mkdtempSync(join(tmpdir(), 'fault-site-'));
    const said: Said[] = [];
    const fatal: unknown[] = [];
    const hear = (fields: object, text: string) => {
      const { device = '', reason = '' } = fields as { device?: string; reason?: string };
      said.push({ device: String(device), text, reason: String(reason) });
    };
    const log: Log = { debug() {}, info: hear, warn: hear, error: hear };
    const ports = { httpPort: 0, mqttPort: 0, controlPort: 0 };
    const life = { fatal: (error: unknown) => fatal.push(error) };
    const demo = await startDemo({ speed, seed: 3, ...ports }, folder, log, life);
    const site = new FaultSite(demo, folder, said, fatal);
    await demo.workload.start();
    await site.until('three totes are stored', () => site.stored >= 3);
    return site;
  }

  get board() {
    return this.demo.simulated.board;
  }

  get stored(): number {
    const { events } = booksOf(this.demo.craneway);
    return events.filter(({ data }) => (data as { kind?: string }).kind === 'putaway').length;
  }

  /** From here on counts what a fault has led to. */
  mark(): void {
    const questions = Math.max(0, ...this.#questions().map(({ discrepancy }) => discrepancy));
    this.#mark = { questions, said: this.said.length, stored: this.stored };
  }

  /** Asked since the mark. */
  asked(code: string, text: RegExp): boolean {
    return this.#questions().some(
      (question) =>
        question.discrepancy > this.#mark.questions &&
        question.code === code &&
        text.test(question.text),
    );
  }

  /** Said of a device since the mark. */
  heard(device: string, text: string, reason = /./s): boolean {
    return this.said
      .slice(this.#mark.said)
      .some((one) => one.device === device && one.text === text && reason.test(`${one.reason} `));
  }

  get storedSinceMark(): number {
    return this.stored - this.#mark.stored;
  }

  view(device: string) {
    return this.demo.craneway.reader.devices().find((one) => one.device === device);
  }

  async until(what: string, holds: () => boolean): Promise<void> {
    const startedMs = clock.monotonicMs();
    while (!holds()) {
      if (clock.monotonicMs() - startedMs > limitMs) throw new Error(`not in time: ${what}`);
      await pause(clock, lookEveryMs);
    }
  }

  /** Nothing was said twice: gone and back take turns. */
  turnsOf(device: string): string[] {
    const turns = this.said.filter(
      (one) => one.device === device && /^device (online|offline)$/.test(one.text),
    );
    return turns.map(({ text }) => text);
  }

  /** No more comes in, what is under way is finished, and the three witnesses are compared. */
  async rest() {
    this.demo.workload.close();
    this.board.clear();
    await finish(this.demo, { isEnding: () => false });
    const { craneway, simulated, host } = this.demo;
    const { findings, ok } = tally(simulated.plant, host, booksOf(craneway));
    const open = this.demo.craneway.reader.discrepancies('open').map(({ text }) => text);
    return { findings, ok, open, fatal: this.#fatal };
  }

  async stop(): Promise<void> {
    await stopDemo(this.demo);
    rmSync(this.#folder, { recursive: true });
  }

  #questions() {
    return this.demo.craneway.reader.discrepancies('all');
  }
}

/** Something to be seen of Craneway while a fault is on. */
export interface Look {
  readonly what: string;
  holds(site: FaultSite, device: string): boolean;
}

export const asks = (code: string, text = /./): Look => ({
  what: `a person is asked ${code}: ${text.source}`,
  holds: (site) => site.asked(code, text),
});
export const offline = (reason = /./): Look => ({
  what: `it is said to be offline: ${reason.source}`,
  holds: (site, device) => site.heard(device, 'device offline', reason),
});
export const online: Look = {
  what: 'it is said to be back',
  holds: (site, device) => site.heard(device, 'device online'),
};
/** @param totes  more than are between the fault and their cells already */
export const storesOn = (totes = 2): Look => ({
  what: `${totes} more totes are stored`,
  holds: (site) => site.storedSinceMark >= totes,
});
export const shows = (state: RegExp): Look => ({
  what: `its state shows ${state.source}`,
  holds: (site, device) => state.test(JSON.stringify(site.view(device) ?? {})),
});

export interface FaultCase {
  readonly device: string;
  readonly fault: string;
  readonly with?: Readonly<Record<string, number>>;
  /** In a sentence that the customer would sign, after the name of the fault. */
  readonly so: string;
  /** While it is on. */
  readonly looks: readonly Look[];
  /** When it is off again; by default, that work goes on. */
  readonly after?: readonly Look[];
}

/**
 * One test for each fault of a kind of device, on one site, one after the other; at the end all of
 * it is at rest and agrees. A fault of the catalogue without a case fails.
 */
export function faultTests(kind: DeviceKind, cases: readonly FaultCase[]): void {
  let site: FaultSite;
  beforeAll(async () => {
    site = await FaultSite.start();
  }, testLimitMs);
  afterAll(() => site?.stop(), testLimitMs);

  test('every fault of the catalogue has a case here, and no other', () => {
    const catalogue = site.board
      .list()
      .filter((device) => device.kind === kind)
      .flatMap(({ faults }) => faults.map(({ fault }) => fault));
    const named = cases.map(({ fault }) => fault);
    expect([...new Set(named)].sort()).toEqual([...new Set(catalogue)].sort());
  });

  for (const { device, fault, with: values = {}, so, looks, after = [storesOn(1)] } of cases) {
    const how = Object.entries(values).map(([name, value]) => ` ${name} ${value}`);
    test(
      `${device} ${fault}${how.join('')}: ${so}`,
      async () => {
        site.mark();
        site.board.set(device, fault, { on: true, values });
        try {
          for (const { what, holds } of looks) {
            await site.until(what, () => holds(site, device));
          }
        } finally {
          site.board.clear(device, fault);
        }
        if (looks.some(({ what }) => what.includes('offline'))) {
          await site.until(online.what, () => online.holds(site, device));
        }
        site.mark();
        for (const { what, holds } of after) {
          await site.until(what, () => holds(site, device));
        }
      },
      testLimitMs,
    );
  }

  test('that a device is gone or back is said once each time', () => {
    for (const device of new Set(cases.map((one) => one.device))) {
      const turns = site.turnsOf(device);
      expect(turns.filter((turn, at) => turn === turns[at - 1])).toEqual([]);
    }
  });

  test(
    'afterwards ledger, steel and host agree, and nobody is asked anything',
    async () => {
      expect(await site.rest()).toEqual({ findings: [], ok: true, open: [], fatal: [] });
    },
    testLimitMs,
  );
}
