import type { AckData } from '../contract/messages.ts';
import type { Timer } from '../domain/books.ts';
import type { DeviceId, HostId } from '../domain/ids.ts';
import type { ConveyorFact } from '../ports/conveyor.ts';
import type { CraneFact } from '../ports/crane.ts';
import type { IndicatorFact } from '../ports/indicator.ts';
import type { HostCommand, OperatorAct } from '../ports/intake.ts';
import type { PrinterFact } from '../ports/printer.ts';
import type { ScannerFact } from '../ports/scanner.ts';

export type DeviceFact = CraneFact | ConveyorFact | ScannerFact | PrinterFact | IndicatorFact;

/** A fact or a wish, as it comes in. */
export type Cause =
  | { readonly kind: 'fact'; readonly fact: DeviceFact }
  | { readonly kind: 'timer'; readonly timer: Timer }
  | { readonly kind: 'command'; readonly command: HostCommand }
  | { readonly kind: 'ack'; readonly host: HostId; readonly ack: AckData }
  | { readonly kind: 'act'; readonly act: OperatorAct };

/**
 * The id of a cause, which follows from what it says, so that hearing it twice counts once.
 *
 * @returns undefined for what is only true at the moment it is heard (offline, a reading, a
 *   timer, whose row says whether it counts, a command, which is kept under its own id)
 */
export function causeId(cause: Cause): string | undefined {
  switch (cause.kind) {
    case 'fact':
      return factId(cause.fact);
    case 'act':
      return `operator/${cause.act.operator}/${cause.act.key}`;
    case 'timer':
    case 'command':
    case 'ack':
      return undefined;
  }
}

function factId(fact: DeviceFact): string | undefined {
  switch (fact.type) {
    case 'crane.event':
      return `${fact.device}/event/${fact.event.eventSeq}`;
    case 'conveyor.scanned':
      return `${fact.device}/${fact.point}/${fact.era}/scan/${fact.scan.scanSeq}`;
    case 'conveyor.confirmed':
      return `${fact.device}/${fact.point}/${fact.era}/confirm/${fact.confirmation.confirmSeq}`;
    case 'scanner.read':
    case 'scanner.noRead':
      return `${fact.device}/read/${fact.readId}`;
    case 'printer.printed':
    case 'printer.notTaken':
    case 'printer.unknown':
      return `${fact.device}/label/${fact.jobId}/${fact.type.slice('printer.'.length)}`;
    default:
      return undefined;
  }
}

/**
 * Whether a reading of a device waits that is to be judged before it is told anything: its PLC may have begun anew, or obey
 * another controller. Once it is judged, the device is told.
 */
export function unjudgedIn(causes: readonly Cause[]): (device: DeviceId) => boolean {
  const devices = causes.map((cause) => {
    if (cause.kind !== 'fact') return undefined;
    const { fact } = cause;
    const isReading = fact.type === 'crane.snapshot' || fact.type === 'conveyor.snapshot';
    return isReading && fact.because !== 'held' ? fact.device : undefined;
  });
  const unjudged = new Set(devices);
  return (device) => unjudged.has(device);
}

/** Who or what is behind a cause, for the ledger: a device, a person, a host. */
export function sourceOf(cause: Cause): string {
  switch (cause.kind) {
    case 'fact':
      return cause.fact.device;
    case 'act':
      return `operator/${cause.act.operator}`;
    case 'timer':
      return 'timer';
    case 'command':
      return `host/${cause.command.host}`;
    case 'ack':
      return `host/${cause.host}`;
  }
}

/** What it is called where it has no id of its own. */
export function nameOf(cause: Cause): string {
  switch (cause.kind) {
    case 'fact':
      return `${cause.fact.device}/${cause.fact.type}`;
    case 'timer':
      return `${cause.timer.workflow}/timer/${cause.timer.timer}/${cause.timer.dueMs}`;
    case 'command':
      return `command/${cause.command.host}/${cause.command.id}`;
    case 'ack':
      return `ack/${cause.host}`;
    case 'act':
      return cause.act.key;
  }
}
