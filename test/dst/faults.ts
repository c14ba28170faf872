import type { FaultEvent } from '../../simulators/dst/schedule.ts';
import { codesOf } from '../../simulators/world/world.ts';
import type { LoadUnit } from '../../src/domain/books.ts';
import type { DeviceMode } from '../../src/domain/device-mode.ts';
import { type DeviceId, type LocationId, OUTSIDE } from '../../src/domain/ids.ts';
import { stepAt } from '../../src/flow/station-steps.ts';
import type { Controller } from './controller.ts';
import { makeRoom, storeDeeds } from './faults-store.ts';
import { type Deed, uplineDeeds } from './faults-upline.ts';
import { peel } from './people.ts';
import { phasesOf } from './phases.ts';
import type { SimulatedSite } from './simulated-site.ts';

const modes: readonly DeviceMode[] = ['auto', 'manual', 'observe', 'off'];
/** A second controller is found out when it commits; where it never does, a person ends it. */
const secondMaxMs = 60_000;

/** Nobody can know of what is taken out of a rack before the next one looks into the cell: that is `binEmpty`. */
const inRack = /^A0[12]-[LR]-/;
const beforeCrane = /^A0[12]-PD-IN$/;
const offRacks = /^A0[12]-(PD|LHD)/;
const workstation = 'PICK-01' as LocationId;

const wireOf = ({ plant }: SimulatedSite, target: string) => plant.wires.get(target as DeviceId);
const lineOf = ({ lines }: SimulatedSite, target: string) => lines.wires.get(target as DeviceId);

/** How each kind that is not a simulator's own is brought about. */
const deeds: Readonly<Record<string, Deed>> = {
  ...storeDeeds,
  ...uplineDeeds,
  'controller.crash': (site, { downMs = 0, lingerMs = 0 }) =>
    site.crash(site.controller, downMs, lingerMs),
  'controller.crashAtCall': ({ deathAt }, { calls = 1, isAfter, downMs = 0, lingerMs = 0 }) => {
    deathAt.push({ calls, isAfter: isAfter === 1, downMs, lingerMs });
  },
  'controller.second': (site) => {
    const old = site.controller;
    if (old === undefined) return;
    site.start();
    site.kernel.after(secondMaxMs, () => site.crash(old, 0, 0));
  },
  'controller.stall': ({ controller }, { forMs = 0 }) => controller?.loop.stall(forMs),
  'clock.jump': ({ wall }, { byMs = 0 }) => {
    wall.offsetMs += byMs;
  },
  'wire.cut': (site, { forMs = 0 }, target) => ill(site, target, 'cut', forMs),
  'wire.halfOpen': (site, { forMs = 0 }, target) => ill(site, target, 'halfOpen', forMs),
  'wire.reset': (site, _, target) => wireOf(site, target)?.reset(),
  'wire.lostAnswers': (site, { times = 1 }, target) => {
    const wire = wireOf(site, target);
    if (wire !== undefined) wire.illness.lostAnswers += times;
  },
  'wire.spoiltAnswers': (site, { times = 1 }, target) => {
    const wire = wireOf(site, target);
    if (wire !== undefined) wire.illness.spoiltAnswers += times;
  },
  'wire.late': (site, { ms = 0, forMs = 0 }, target) => {
    const wire = wireOf(site, target);
    if (wire === undefined) return;
    wire.illness.lateMs = ms;
    site.kernel.after(forMs, () => {
      wire.illness.lateMs = 0;
    });
  },
  'line.cut': (site, { forMs = 0 }, target) => illLine(site, target, 'cut', forMs),
  'line.halfOpen': (site, { forMs = 0 }, target) => illLine(site, target, 'halfOpen', forMs),
  'line.reset': (site, _, target) => lineOf(site, target)?.reset(),
  'line.late': (site, { ms = 0, forMs = 0 }, target) => {
    const wire = lineOf(site, target);
    if (wire === undefined) return;
    wire.illness.lateMs = ms;
    site.kernel.after(forMs, () => {
      wire.illness.lateMs = 0;
    });
  },
  'line.dribbles': (site, { times = 1 }, target) => {
    const wire = lineOf(site, target);
    if (wire !== undefined) wire.illness.dribbles += times;
  },
  'scanner.stray': ({ plant, lines }, { pick = 0 }, target) => {
    const stored = plant.model.world.truth().totes.filter(({ location }) => inRack.test(location));
    const code = stored[pick % Math.max(1, stored.length)]?.codes[0];
    if (code !== undefined) lines.show(target as DeviceId, code);
  },
  'people.take': ({ plant }, { pick = 0 }) => {
    const inside = plant.model.world
      .truth()
      .totes.filter(({ location }) => offRacks.test(location));
    const tote = inside[pick % Math.max(1, inside.length)];
    if (tote === undefined) return;
    plant.handle((people, simMs) => people.carry(tote.id, OUTSIDE, simMs));
  },
  'people.mode': (site, { mode = 0, forMs = 0 }, target) => {
    setMode(site, target, modes[mode % modes.length] as DeviceMode);
    site.kernel.after(forMs, () => setMode(site, target, 'auto'));
  },
};

function setMode(site: SimulatedSite, device: string, mode: DeviceMode): void {
  const { pages, kernel, controller } = site;
  // Nobody turns a switch to where it stands.
  if (controller?.flow.warehouse.modeOf(device as DeviceId) === mode) return;
  const key = `mode-${device}-${mode}-${kernel.monotonicMs()}`;
  pages
    .operator({ operator: 'op-2', key, act: 'mode', device: device as DeviceId, mode })
    .catch(() => {});
}

function illLine(site: SimulatedSite, target: string, how: 'cut' | 'halfOpen', forMs: number) {
  const wire = lineOf(site, target);
  wire?.set(how);
  site.kernel.after(forMs, () => wire?.set('whole'));
}

function ill(site: SimulatedSite, target: string, how: 'cut' | 'halfOpen', forMs: number): void {
  const wire = wireOf(site, target);
  wire?.set(how);
  site.kernel.after(forMs, () => wire?.set('whole'));
}

/** Brings about what a schedule says, now. */
export function happen(site: SimulatedSite, { kind, target, args }: FaultEvent): void {
  const { witness, controller } = site;
  const during =
    controller === undefined ? ['no controller runs'] : phasesOf(controller.flow.warehouse);
  witness.tell('fault', args);
  witness.note('faults', controller?.generation ?? 0, { kind, target, during });
  const deed = deeds[kind];
  if (deed !== undefined) return deed(site, args, target);
  const { forMs, ...values } = args;
  const switched = { on: true, forMs, values };
  // Where a device cannot fail like this at that place, nothing happens.
  if (site.board.problemOf(target, kind, switched) === undefined)
    site.board.set(target, kind, switched);
}

/** Takes away everything that is still wrong. */
export function heal(site: SimulatedSite): void {
  site.deathAt.length = 0;
  for (const wire of site.plant.wires.values()) wire.heal();
  site.board.clear();
  site.board.close();
  site.host.away().set(false, {});
  site.host.mute().set(false, {});
  site.host.doubles = false;
  site.broker.heal();
  makeRoom(site.db);
  for (const controller of site.processes) {
    controller.loop.wake();
    controller.nextCommitFails = undefined;
  }
  for (const wire of site.lines.wires.values()) wire.heal();
}

/**
 * What people do by and by without being asked: switch devices on again, read once more what is asked of them, give a
 * new plate to what has lost its own, take away what stands in the way and is nobody's, and say of what they have taken
 * out of the building that it is gone.
 */
export function tidyUp(site: SimulatedSite): void {
  if (site.controller === undefined) return;
  for (const { device } of site.files.site.devices) setMode(site, device, 'auto');
  // Also of what a device refused to do for longer than anybody tried.
  for (const { no } of site.controller.flow.warehouse.openDiscrepancies()) site.people.asked(no);
  replate(site, site.controller);
  for (const open of site.controller.flow.warehouse.openDiscrepancies()) {
    if (open.code === 'PLACE_CONFLICT') peel(site, open);
  }
  clearLanes(site, site.controller);
  sayGone(site, site.controller);
  sayTaken(site, site.controller);
}

function replate({ plant }: SimulatedSite, { flow }: Controller): void {
  const totes = plant.model.people.contentsOf(workstation);
  const inside = plant.model.world.truth().totes.filter(({ location }) => location !== OUTSIDE);
  const units = [...flow.warehouse.tables.loadUnit.values()].filter(
    ({ lpn, place }) => lpn !== undefined && place !== OUTSIDE,
  );
  // One that has gone on before the books know of it has its plate still.
  const missed = units.find(
    ({ lpn, place }) =>
      place === workstation &&
      lpn !== undefined &&
      !inside.some(({ codes }) => codes.includes(lpn)),
  );
  const nameless = totes.find((tote) => !units.some(({ lpn }) => lpn === tote.lpn));
  if (nameless === undefined) return;
  // In a cell nobody sees a plate, nor that one is missing.
  const isBorne = ({ lpn, place }: LoadUnit) =>
    inRack.test(place) || inside.some(({ codes }) => lpn !== undefined && codes.includes(lpn));
  plant.act(({ simMs }) => {
    if (missed !== undefined) nameless.lpn = missed.lpn;
    // Nobody misses it, and nobody will: whatever the books know bears its plate.
    else if (units.every(isBorne)) {
      plant.model.people.takeAway(workstation, nameless.id, simMs);
    }
  });
}

const strangeBefore = new WeakMap<SimulatedSite, ReadonlySet<string>>();

/**
 * A tote before a crane that is none of those which the books have there, each of which stands in the lane: no crane
 * will ever take it, and nobody is asked about it. Whoever sees it there a second time takes it away.
 */
function clearLanes(site: SimulatedSite, { flow }: Controller): void {
  const { plant } = site;
  const units = [...flow.warehouse.tables.loadUnit.values()];
  const strange = [...plant.model.lanes.keys()].flatMap((lane) => {
    if (!beforeCrane.test(lane)) return [];
    const totes = plant.model.people.contentsOf(lane);
    const bears = ({ lpn, sscc }: LoadUnit, codes: readonly string[]) =>
      codes.some((code) => code === lpn || code === `00${sscc}`);
    const booked = units.filter(({ place }) => place === lane);
    const isComplete = booked.every((unit) => totes.some((tote) => bears(unit, codesOf(tote))));
    const [first] = totes;
    if (first === undefined || !isComplete) return [];
    return booked.some((unit) => bears(unit, codesOf(first))) ? [] : [{ id: first.id, lane }];
  });
  const before = strangeBefore.get(site);
  strangeBefore.set(site, new Set(strange.map(({ id }) => id)));
  for (const { id, lane } of strange) {
    if (before?.has(id)) plant.handle((people, simMs) => people.takeAway(lane, id, simMs));
  }
}

function sayGone(site: SimulatedSite, { flow }: Controller): void {
  const { plant, pages, kernel } = site;
  const { totes } = plant.model.world.truth();
  const inside = totes.filter(({ location }) => location !== OUTSIDE);
  for (const { no, loadUnit, resolutions } of flow.warehouse.openDiscrepancies()) {
    const offered = resolutions.map(({ resolution }) => resolution);
    const unit = loadUnit === undefined ? undefined : flow.warehouse.loadUnit(loadUnit);
    const resolution = ['removed', 'placed'].find((name) => offered.includes(name));
    if (unit === undefined || resolution === undefined) continue;
    const codes = [unit.lpn, unit.sscc && `00${unit.sscc}`].filter((code) => code !== undefined);
    // Whatever has the name by now, in an empty reject lane it does not lie.
    const isNamed = codes.length > 0 && !isRejectLane(site, unit.place);
    const isThere = isNamed
      ? inside.some((tote) => tote.codes.some((code) => codes.includes(code)))
      : inside.some(({ location }) => location === unit.place);
    if (isThere) continue;
    const act = { act: 'resolve', operator: 'op-1', discrepancy: no } as const;
    const key = `gone-${no}-${kernel.monotonicMs()}`;
    const place = resolution === 'placed' ? OUTSIDE : undefined;
    pages.operator({ ...act, key, resolution, place }).catch(() => {});
  }
}

const isRejectLane = ({ files }: SimulatedSite, place: LocationId): boolean =>
  files.site.stations.some(({ kind, location }) => kind === 'rejectLane' && location === place);

/** The screen waits for a load unit that does not stand there, nor on its way: somebody says so. */
function sayTaken({ plant, pages, kernel }: SimulatedSite, { flow }: Controller): void {
  const { loadUnit, no } = stepAt(flow.warehouse, workstation);
  const unit = loadUnit === undefined ? undefined : flow.warehouse.loadUnit(loadUnit);
  if (unit === undefined || no !== undefined) return;
  const codes = [unit.lpn, unit.sscc && `00${unit.sscc}`];
  const isThere = plant.model.people
    .contentsOf(workstation)
    .some(({ lpn, label }) => [lpn, label].some((code) => code && codes.includes(code)));
  if (isThere) return;
  const key = `taken-${unit.loadUnit}-${kernel.monotonicMs()}`;
  const act = { act: 'answer', operator: 'op-1', key, choice: 'gone' } as const;
  pages.operator({ ...act, station: workstation }).catch(() => {});
}
