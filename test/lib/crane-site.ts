import { afterEach } from 'vitest';
import { asrsCrane } from '../../devices/asrs-crane/index.ts';
import type { InterfaceFile } from '../../devices/lib/interface-file.ts';
import { startBitCrane } from '../../devices/start-bit-crane/index.ts';
import { ModbusServer } from '../../simulators/lib/modbus-server.ts';
import { PlantModel } from '../../simulators/plant-model.ts';
import type { LoadUnit } from '../../src/domain/books.ts';
import type { DeviceId, HostId, LocationId } from '../../src/domain/ids.ts';
import type { Site } from '../../src/domain/site.ts';
import { Slotting } from '../../src/domain/slotting.ts';
import { Topology } from '../../src/domain/topology.ts';
import { Equipment } from '../../src/flow/equipment.ts';
import { Flow } from '../../src/flow/flow.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { reactionsOf } from '../../src/main.ts';
import { pause } from '../../src/ports/clock.ts';
import type { Crane } from '../../src/ports/crane.ts';
import type { CommandName, OperatorAct } from '../../src/ports/intake.ts';
import { stockLedger } from '../bench/stock.ts';
import { at, id } from './demo.ts';
import { readCraneInterface } from './interfaces.ts';
import { FakeConveyor, type Without } from './plc-fakes.ts';
import { silent } from './silent-log.ts';
import { siteWith } from './sim-site.ts';
import { systemClock as clock } from './system-clock.ts';

const crane = 'crane-1' as DeviceId;
/** Machines move faster than real, communication does not. */
const speed = 60;
/** Real time of one step: no phase of a mission is shorter. */
const stepMs = 2;
const limitMs = 18_000;
const open: CraneSite[] = [];
afterEach(async () => {
  for (const site of open.splice(0)) await site.close();
});

/** What stands where at the beginning: in the books, and in steel unless it says `isMissing`. */
export interface Stored {
  readonly lpn: string;
  readonly place: LocationId;
  readonly unit?: Partial<LoadUnit>;
  /** What a reader reads on it in truth; null: nothing. */
  readonly reads?: string | null;
}

interface CraneSiteOptions {
  readonly site?: Site;
  readonly file?: InterfaceFile;
  readonly stored?: readonly Stored[];
  /** The site as the steel is, where the site file is wrong about it. */
  readonly simulated?: Site;
  /** The interface file that the PLC was programmed by. */
  readonly plcFile?: InterfaceFile;
  /** Changes the steel before anybody looks. */
  readonly prepare?: (model: PlantModel) => void;
}

/**
 * A simulated crane alone in its aisle behind a real Modbus TCP socket, its driver, and the flow on
 * a real ledger: what a mission does to the books, without the rest of a site.
 */
export class CraneSite {
  readonly model: PlantModel;
  readonly flow: Flow;
  readonly ledger: Ledger;
  readonly db = openLedger(':memory:');
  readonly conveyor = new FakeConveyor();
  readonly equipment = new Equipment();
  readonly fatal: unknown[] = [];
  readonly #server: ModbusServer;
  readonly #driver: Crane;
  #lastMs = clock.monotonicMs();
  #keys = 0;

  private constructor(
    site: Site,
    file: InterfaceFile,
    stored: readonly Stored[],
    port: number,
    server: ModbusServer,
    model: PlantModel,
  ) {
    const topology = new Topology(site);
    this.model = model;
    this.#server = server;
    this.ledger = new Ledger(this.db, topology, { nonce: 4711, nowMs: clock.nowMs() });
    stockLedger(this.ledger, topology, stored.map(unitOf));
    const onFatal = (error: unknown) => this.fatal.push(error);
    this.flow = new Flow({
      ...{ topology, store: this.ledger, clock, log: silent, equipment: this.equipment },
      slotting: new Slotting(topology),
      reactions: new Map([[crane, reactionsOf(file)]]),
      renderLabel: () => '',
      drivers: () => [this.#driver.status()],
      onFatal,
    });
    const driver = file.meta.device === 'startBitCrane' ? startBitCrane : asrsCrane;
    this.#driver = driver.open({
      ...{ id: crane, topology, file, clock, log: silent, onBug: onFatal },
      settings: { host: '127.0.0.1', port, unit: 1, interface: 'crane', deviceNumber: 1 },
      random: { u32: () => 7 },
      report: (fact) => this.flow.report(fact),
    });
    this.flow.start({
      cranes: new Map([[crane, this.#driver]]),
      conveyors: new Map([[this.conveyor.id, this.conveyor]]),
      ...{ printers: new Map(), indicators: new Map(), scanners: new Map() },
    });
    this.conveyor.connect((fact) => this.flow.report(fact));
    this.#driver.start();
  }

  static async open(options: CraneSiteOptions = {}): Promise<CraneSite> {
    const { site = siteWith(), file = readCraneInterface(), stored = [] } = options;
    const { simulated = site, plcFile = file } = options;
    const model = new PlantModel({
      ...{
        site: simulated,
        interfaces: { crane: plcFile, conveyor: plcFile },
        seed: 1,
        utcS: 1_700_000_000,
      },
      ...{ craneMemory: 'commissioned', alone: crane },
    });
    const device = model.devices.get(crane);
    if (device === undefined) throw new Error('the site has no crane');
    let self: CraneSite | undefined;
    const { registers: image, readable, writable } = device;
    const server = new ModbusServer({
      units: {
        1: {
          ...{ image, readable, writable },
          read(address, words) {
            self?.pass();
            model.prepare();
            model.show();
            return image.subarray(address, address + words);
          },
          onWrite(address, words) {
            self?.pass();
            device.written(address, words, model.now);
            model.settle();
          },
        },
      },
    });
    for (const { lpn, place, reads = lpn } of stored) {
      const tote = { lpn: reads ?? undefined, massKg: 10, heightMm: 300 };
      const handled = model.people.bring(tote, place, 0);
      if (!handled.done) throw new Error(handled.reason);
    }
    options.prepare?.(model);
    const port = await server.listen(0);
    self = new CraneSite(site, file, stored, port, server, model);
    open.push(self);
    return self;
  }

  async close(): Promise<void> {
    await this.#driver.stop();
    this.flow.stop();
    await this.#server.close();
    this.db.close();
  }

  /** The PLC's program stands still; only its communication goes on. */
  isHalted = false;
  /** Motion stands still, by magic, while the crane is in this phase; communication goes on. */
  freezeIn: string | undefined;

  /** Brings the plant up to now. */
  pass(): void {
    const nowMs = clock.monotonicMs();
    let leftMs = nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (this.isHalted) return;
    while (leftMs > 0) {
      const realMs = Math.min(leftMs, stepMs);
      const isFrozen = this.crane.state.plc.phase === this.freezeIn;
      this.model.advance({ realMs, simMs: isFrozen ? 0 : realMs * speed });
      leftMs -= realMs;
    }
  }

  /** The simulated crane. */
  get crane() {
    const found = this.model.cranes.get(crane);
    if (found === undefined) throw new Error('the site has no crane');
    return found;
  }

  get server(): ModbusServer {
    return this.#server;
  }

  async until(what: string, holds: () => boolean): Promise<void> {
    const startedMs = clock.monotonicMs();
    while (!holds()) {
      if (this.fatal.length > 0) throw this.fatal[0];
      if (clock.monotonicMs() - startedMs > limitMs) {
        throw new Error(`not in time: ${what}; ${this.missions.join('; ')}; asked ${this.asked}`);
      }
      await pause(clock, 5);
    }
  }

  async command(name: CommandName, data: object): Promise<void> {
    const reply = await this.flow.command({
      ...{ host: 'wms' as HostId, id: `c-${++this.#keys}`, name, data },
      ...{ expiresAtMs: undefined, retained: false },
    });
    if (reply.result === 'refused') throw new Error(JSON.stringify(reply));
  }

  /** An order that brings it to the workstation. */
  async order(lpn: string): Promise<void> {
    const order = `SO-${lpn}`;
    const content = { order, kind: 'retrieval', station: 'PICK-01', loadUnit: lpn };
    await this.command('order.create', content);
  }

  /** A tote comes by the infeed and stands before the crane. */
  async putAway(lpn: string): Promise<void> {
    await this.command('loadUnit.announce', {
      loadUnits: [{ lpn, loadUnitType: 'TOTE', lines: [] }],
    });
    const scanSeq = this.conveyor.arrive(1, { read: 'good', code: lpn });
    await this.until('it is sent to the crane', () => this.conveyor.answerTo(1, scanSeq) === 1);
    const lane = this.model.lanes.get(at('A01-PD-IN'));
    const spot = `A01-PD-IN#${(lane?.zones ?? 1) - 1}` as LocationId;
    const tote = { lpn, label: undefined, massKg: 10, heightMm: 300, isForeign: false };
    this.model.world.create({ ...tote, spot }, 0);
    this.conveyor.leave(1, scanSeq);
    this.conveyor.arrive(3);
  }

  async operator(act: Without<OperatorAct, 'operator' | 'key'>) {
    return this.flow.operator({
      operator: 'op-1',
      key: `k-${++this.#keys}`,
      ...act,
    } as OperatorAct);
  }

  /** Settles the one open question with this code. */
  async resolve(code: string, resolution: string, place?: LocationId) {
    const open = this.questions.filter((row) => row.code === code);
    if (open.length !== 1) throw new Error(`${open.length} questions ${code} are open`);
    const discrepancy = open[0]?.no ?? 0;
    return this.operator({ act: 'resolve', discrepancy, resolution, place });
  }

  get questions() {
    return [...this.flow.warehouse.openDiscrepancies()];
  }

  get asked(): readonly string[] {
    return this.questions.map(({ code }) => code).toSorted();
  }

  unit(lpn: string) {
    const unit = this.flow.warehouse.loadUnit(id(lpn));
    if (unit === undefined) throw new Error(`${lpn} is not in the books`);
    return unit;
  }

  get locked(): readonly string[] {
    return [...this.flow.warehouse.tables.lock.values()].map(({ location }) => location).toSorted();
  }

  /** Every command to the crane, and what became of it: `1 transfer done binFull`. */
  get missions(): readonly string[] {
    return this.db
      .prepare('SELECT seq, verdict, body FROM mission ORDER BY seq')
      .all()
      .map(({ seq, verdict, body }) => {
        const { command, result } = JSON.parse(String(body));
        return [seq, command.command, verdict ?? 'open', result].filter(Boolean).join(' ');
      });
  }

  /** Where a tote is in steel, by what can be read on it. */
  where(lpn: string): LocationId | undefined {
    return this.model.world.truth().totes.find(({ codes }) => codes.includes(lpn))?.location;
  }
}

const unitOf = ({ lpn, place, unit }: Stored, i: number): LoadUnit => ({
  ...{ loadUnit: id(lpn), handle: i + 1, lpn, type: 'TOTE', massKg: 10, heightMm: 300, lines: [] },
  ...{ status: 'present', place, toldPlace: place, confidence: 'sensed' },
  ...{ movedNo: i + 1, receivedNo: i + 1 },
  ...unit,
});
