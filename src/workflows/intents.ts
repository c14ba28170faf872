import type { DeviceId, LoadUnitId, LocationId, OrderId, Sscc, WorkflowId } from '../domain/ids.ts';
import type { LabelProof } from '../domain/label.ts';
import type { StepKind, StepSubject, Pick as StockPick } from '../domain/station-step.ts';
import type { Goods } from '../domain/stock-lines.ts';

/** What a person is asked, and the answers that the workflow understands. */
export type TaskCode =
  | 'CLARIFY'
  | 'CONVEYOR_LATE'
  | 'COUNT_DISPUTED'
  | 'DIVERTED'
  | 'LABEL_UNKNOWN'
  | 'MISSION_LATE'
  | 'NO_LOCATION'
  | 'PLACE_UNKNOWN'
  | 'REFUSED'
  | 'REJECTED'
  | 'STATION_FULL'
  | 'TRACKING_LOST'
  | 'WRONG_ARTICLE'
  | 'WRONG_AT_STATION';

export interface Task {
  readonly code: TaskCode;
  readonly text: string;
  readonly loadUnit?: LoadUnitId;
  readonly location?: LocationId;
}

interface Carry {
  readonly loadUnit: LoadUnitId;
  readonly from: LocationId;
  readonly to: LocationId;
}

/**
 * All that a workflow can want. These are intents, not effects: the flow gets
 * them as data and carries them out in the same commit. The bodies stay empty.
 */
export const intents = {
  /** Wants to know who this is; `unit.identified` or `unit.refused` follows. */
  identify: (_: unknown, _read: { code: string | undefined; aim: string | undefined }) => {},
  /**
   * Wants an aisle that can be reached from where it stands, with room kept in it; `location.chosen`
   * with its P&D station follows, `location.none`, or `lane.full` while those that could take it do not.
   * `unit.wanted`: an order gets it instead.
   */
  chooseAisle: (_: unknown, _for: { loadUnit: LoadUnitId; isRepeated: boolean }) => {},
  /** Wants a storage location of its aisle, reserved; `location.chosen` or `location.none` follows. */
  chooseLocation: (_: unknown, _for: { loadUnit: LoadUnitId; except: readonly LocationId[] }) => {},
  /** Gives back every location that is reserved for it. */
  freeLocation: (_: unknown, _of: { loadUnit: LoadUnitId }) => {},
  /** Sends the load at the decision point to the exit that leads to `to`. */
  answerPoint: (
    _: unknown,
    _answer: { device: DeviceId; point: number; scanSeq: number; to: LocationId },
  ) => {},
  triggerScanner: (_: unknown, _at: { device: DeviceId; point: number }) => {},
  /** An SSCC is allocated and its label printed; `label.printed`, `label.notTaken` or `label.unknown` follows. */
  printLabel: (_: unknown, _for: { loadUnit: LoadUnitId; device: DeviceId; point: number }) => {},
  withdrawLabel: (_: unknown, _label: { label: string }) => {},
  /** Proved as far as the point asks for. */
  labelVerified: (
    _: unknown,
    _label: { label: string; loadUnit: LoadUnitId; sscc: Sscc; proof: LabelProof },
  ) => {},
  /** The load unit goes into storage once the conveyor has brought it to `pd`. */
  startPutaway: (
    _: unknown,
    _putaway: { loadUnit: LoadUnitId; pd: LocationId; location: LocationId },
  ) => {},
  /** Asks for the crane; `mission.sent` follows when its turn has come. */
  requestCrane: (_: unknown, _carry: Carry & { mayChoose: boolean }) => {},
  /** Wants the crane to look into a cell; `mission.sent` follows when its turn has come. */
  requestCheck: (_: unknown, _cell: { location: LocationId }) => {},
  /** The crane has looked: the books are compared with it. */
  compareCell: (_: unknown, _found: { location: LocationId; isOccupied: boolean }) => {},
  /** Nobody has looked: only a person opens it. */
  leaveClosed: (_: unknown, _cell: { location: LocationId; why: string }) => {},
  dropRequest: (_: unknown, _none: object) => {},
  cancelMission: (_: unknown, _mission: { seq: number }) => {},
  /** Another destination for a mission that has been sent; how it ends is the crane's word. */
  redirectMission: (_: unknown, _mission: { seq: number; to: LocationId }) => {},
  /** It was tried often enough: the crane stops until a person has looked. */
  stopCrane: (_: unknown, _for: { loadUnit: LoadUnitId; to: LocationId; why: string }) => {},
  /** It cannot go where it was to go: out of the aisle, where a person settles it. */
  bringOut: (
    _: unknown,
    _unit: { loadUnit: LoadUnitId; from: LocationId | undefined; why: string },
  ) => {},
  /** Begins to carry; `carry.done` or another `carry.*` follows. */
  startCarry: (_: unknown, _carry: Carry) => {},
  redirectCarry: (_: unknown, _to: { to: LocationId }) => {},
  cancelCarry: (_: unknown, _none: object) => {},
  tellParent: (_: unknown, _tell: { parent: WorkflowId; event: { type: string } }) => {},
  /** In our books, for what no device tells: a person's word, or a scan. */
  postMove: (_: unknown, _move: { loadUnit: LoadUnitId; to: LocationId }) => {},
  /** To the hosts: from where they believe it to be; they are not told of what is in between. */
  reportMovement: (
    _: unknown,
    _movement: {
      kind: 'putaway' | 'retrieved' | 'relocated' | 'shipped';
      loadUnit: LoadUnitId;
      order: OrderId | undefined;
    },
  ) => {},
  /** It stands where a person is to settle it. */
  sendToClarification: (_: unknown, _unit: { loadUnit: LoadUnitId }) => {},
  /** The order has got this load unit at its station. */
  deliver: (_: unknown, _delivery: { order: OrderId; loadUnit: LoadUnitId }) => {},
  /** The order does not get this load unit, and no other one that takes from it does. */
  giveUp: (
    _: unknown,
    _loss: {
      order: OrderId;
      loadUnit: LoadUnitId;
      because: 'missing' | 'diverted' | 'canceled' | 'clarification';
    },
  ) => {},
  /** Asks a person at a station for one step; a scan or an answer of it follows. */
  askStep: (_: unknown, _step: { station: LocationId; kind: StepKind } & StepSubject) => {},
  /** The step is no longer asked for. */
  clearStep: (_: unknown, _none: object) => {},
  /** Wants to know what to take from a load unit next; `pick.next`, `order.next` or `pick.none` follows. */
  choosePick: (_: unknown, _for: { order: OrderId; loadUnit: LoadUnitId }) => {},
  /** What takes the articles of the order from now on. */
  takeTarget: (_: unknown, _for: { order: OrderId; target: LoadUnitId }) => {},
  /** A person has taken them out of one load unit and put them into another one. @param qty ≥ 0 */
  bookPick: (
    _: unknown,
    _pick: {
      order: OrderId;
      loadUnit: LoadUnitId;
      target: LoadUnitId;
      pick: StockPick;
      qty: number;
    },
  ) => {},
  /** A person has counted goods in a load unit: the books follow. */
  bookCount: (
    _: unknown,
    _count: {
      order?: OrderId | undefined;
      loadUnit: LoadUnitId;
      goods: Goods;
      counted: number;
    },
  ) => {},
  /** What is left of these goods may not be used. */
  blockGoods: (_: unknown, _of: { loadUnit: LoadUnitId; goods: Goods; why: string }) => {},
  /** The order has taken from this load unit all that it takes; the next one that does is its order then. */
  endPick: (_: unknown, _of: { order: OrderId; loadUnit: LoadUnitId }) => {},
  /** Wants to know what to count next; `count.next`, `count.none` or `order.cancel` follows. */
  chooseCount: (
    _: unknown,
    _for: { order?: OrderId | undefined; loadUnit: LoadUnitId; done: readonly Goods[] },
  ) => {},
  /** All of this load unit has been counted, or as much as the order wants. */
  endCount: (_: unknown, _of: { order: OrderId; loadUnit: LoadUnitId }) => {},
  /** Nobody else may take the load unit that takes what is packed. */
  holdTarget: (_: unknown, _for: { order: OrderId; target: LoadUnitId }) => {},
  /** All that is in a load unit has gone into another one. */
  bookPack: (_: unknown, _pack: { order: OrderId; loadUnit: LoadUnitId; target: LoadUnitId }) => {},
  /** A label at the printer of a station; `label.queued` and its verdict follow, or `label.notTaken`. */
  printAtStation: (
    _: unknown,
    _for: { station: LocationId; order: OrderId; loadUnit: LoadUnitId },
  ) => {},
  /** Whatever this workflow holds is free for others. */
  letGoAll: (_: unknown, _of: { order: OrderId }) => {},
  endPack: (_: unknown, _of: { order: OrderId; isPacked: boolean }) => {},
  /** It belongs to no workflow any more. */
  letGo: (_: unknown, _unit: { loadUnit: LoadUnitId }) => {},
  /** A person carries it to the infeed; asked for where it does not come. */
  expectBack: (_: unknown, _unit: { loadUnit: LoadUnitId }) => {},
  /** Wants to know whether the books have it at the station; `unit.isHere`, and then it is held, or `unit.isElsewhere`. */
  lookAt: (_: unknown, _unit: { loadUnit: LoadUnitId; station: LocationId }) => {},
  /** A person has it at hand: the books follow, and `unit.isHere`; or `unit.refused`. */
  takeHere: (
    _: unknown,
    _unit: { loadUnit: LoadUnitId; station: LocationId; sscc: Sscc | undefined },
  ) => {},
  /** What bears no name gets one of ours, and is held; `unit.named` follows. */
  nameUnknown: (_: unknown, _at: { station: LocationId }) => {},
  /** What had a name of ours bears one of its own: ours ends. */
  dropUnknown: (_: unknown, _unit: { loadUnit: LoadUnitId; isNow: LoadUnitId }) => {},
  /** Nothing that lies in it may be used. */
  blockUnit: (_: unknown, _unit: { loadUnit: LoadUnitId }) => {},
  /** Nothing lies in it. */
  emptyUnit: (_: unknown, _unit: { loadUnit: LoadUnitId }) => {},
  /** It leaves the warehouse, with what lies in it. */
  discardUnit: (_: unknown, _unit: { loadUnit: LoadUnitId; why: string }) => {},
  /** A person has seen to it: it may be used again. */
  settleUnit: (_: unknown, _unit: { loadUnit: LoadUnitId }) => {},
  /** A person sees it at a place; `place.full` or `place.hasRoom` follows. */
  bookSeen: (
    _: unknown,
    _seen: { location: LocationId; loadUnit: LoadUnitId; sscc: Sscc | undefined },
  ) => {},
  /** Something without a code stands there: what the books have there, or a stranger. The same follows. */
  bookUncoded: (_: unknown, _at: { location: LocationId; found: readonly LoadUnitId[] }) => {},
  /** Nothing else stands there; `place.empty` follows, with what the books had there. */
  bookRest: (_: unknown, _at: { location: LocationId; found: readonly LoadUnitId[] }) => {},
  /** Nobody could look there. */
  leaveUnseen: (_: unknown, _at: { location: LocationId }) => {},
  /** All has been looked at: what was not seen is missing, and the crane goes on; `release.done` or `release.refused`. */
  releaseInspected: (_: unknown, _of: { crane: DeviceId; lost: readonly LoadUnitId[] }) => {},
  raiseTask: (_: unknown, _task: Task) => {},
  /** The question has answered itself. */
  settleTask: (_: unknown, _task: { code: TaskCode }) => {},
};

type Intents = typeof intents;
export type Intent = {
  [T in keyof Intents]: { readonly type: T; readonly params: Parameters<Intents[T]>[1] };
}[keyof Intents];
