import type { CraneEventSlot } from '../../devices/asrs-crane/fields.ts';
import { type Crane, type CranePlc, lhdNumbers, noPlace, type WirePlace } from './model.ts';

const slots = 5;
/** A mission needs room for picked, ended and a change of mode. */
const slotsFreeMin = 3;

export type EventType =
  | 'picked'
  | 'ended'
  | 'modeChanged'
  | 'loadAdded'
  | 'loadRemoved'
  | 'restarted';

/** Events that say that somebody else handled loads, or could have. */
const handled: ReadonlySet<EventType> = new Set(['modeChanged', 'loadAdded', 'loadRemoved']);

/** Places of the sensors in every word that holds them. Source: the crane block, version 1. */
export const sensorBits = {
  lhd1Loaded: 0,
  lhd2Loaded: 1,
  lhd1Centered: 2,
  lhd2Centered: 3,
  fromProbed: 4,
  fromOccupied: 5,
  toProbed: 6,
  toOccupied: 7,
  frontProbed: 8,
  frontOccupied: 9,
  loadShifted: 10,
} as const;

const sensorBit = (name: keyof typeof sensorBits): number => 1 << sensorBits[name];

/** The bits of a pair …Probed, …Occupied. */
export const probed = (what: 'from' | 'to' | 'front', isOccupied: boolean): number =>
  sensorBit(`${what}Probed`) | (isOccupied ? sensorBit(`${what}Occupied`) : 0);

/** What the sensors show now. */
export function sensorsOf({ setup, state, floor }: Crane): number {
  const { stroke, plc } = state;
  const moving = stroke === undefined ? undefined : plc.mission?.lhd;
  return lhdNumbers(setup).reduce((word, lhd) => {
    const loaded = floor.load(lhd) === undefined ? 0 : sensorBit(`lhd${lhd}Loaded`);
    const centered = lhd === moving ? 0 : sensorBit(`lhd${lhd}Centered`);
    return word | loaded | centered;
  }, plc.probes);
}

export const isEventBufferHigh = ({ eventHead, eventAcked }: CranePlc): boolean =>
  slots - (eventHead - eventAcked) < slotsFreeMin;

/** Writes the next event into the ring; a full ring loses its oldest one. */
export function emit(
  crane: Crane,
  type: EventType,
  { missionId = 0, code = 0, place = noPlace }: EventOf = {},
): void {
  const { plc } = crane.state;
  const eventSeq = plc.eventHead + 1;
  const slot: CraneEventSlot = {
    eventSeq,
    eventType: type,
    eventCode: code,
    eventMissionId: missionId,
    eventKind: place.kind,
    eventBay: place.bay,
    eventLevel: place.level,
    eventDepth: place.depth,
    eventSensors: sensorsOf(crane),
    eventDetail: plc.faultLatched ? plc.faultCode : 0,
  };
  if (eventSeq - slots > plc.eventAcked) plc.eventsLost = (plc.eventsLost + 1) & 0xffff;
  plc.events = [...plc.events.filter((old) => old.eventSeq > eventSeq - slots), slot];
  plc.eventHead = eventSeq;
  if (handled.has(type)) plc.handledHead = eventSeq;
}

interface EventOf {
  readonly missionId?: number;
  readonly code?: number;
  readonly place?: WirePlace;
}

/**
 * Ends the mission in hand, in the order of the contract: last…, then lastMissionId, the event,
 * activeMissionId at the end.
 *
 * @param place  where its load is, by sensor and stroke; none = not known
 */
export function endMission(crane: Crane, result: string, place: WirePlace): void {
  const { plc } = crane.state;
  const { mission } = plc;
  if (mission === undefined) return;
  plc.lastResult = result;
  plc.lastPlace = place;
  plc.lastSensors = sensorsOf(crane);
  plc.lastMissionId = mission.missionId;
  const code = crane.setup.resultCodes.get(result) ?? 199;
  emit(crane, 'ended', { missionId: mission.missionId, code, place });
  plc.mission = undefined;
  plc.phase = 'none';
  crane.state.waitingSinceMs = undefined;
}
