import { type CraneCommandBlock, craneFields } from '../../devices/asrs-crane/fields.ts';
import { bind, type Codec } from '../../devices/lib/codec.ts';
import type { Fields, InterfaceFile } from '../../devices/lib/interface-file.ts';
import { ignore, judgeHeader, type Moment, takeHeader } from '../lib/plc-link.ts';
import { judgeCommand } from './commands.ts';
import type { Crane } from './model.ts';

// Codes that the file does not list must not stop the PLC: they are refused, each in its own way.
const readable = {
  ...craneFields.command,
  command: 'open',
  fromKind: 'open',
  toKind: 'open',
} as const satisfies Fields;

/** The command block with names for its codes, `code-<n>` for one that the file does not list. */
export type Command = Omit<CraneCommandBlock, 'command' | 'fromKind' | 'toKind'> & {
  readonly command: string;
  readonly fromKind: string;
  readonly toKind: string;
};

export type CommandWire = Codec<typeof readable>;

export const commandWire = (file: InterfaceFile): CommandWire => bind(file, 'command', readable);

/**
 * The PLC looks at the registers after a write.
 *
 * @param words  the whole command block as it stands now
 */
export function takeWrite(
  crane: Crane,
  wire: CommandWire,
  words: readonly number[],
  now: Moment,
): void {
  const { state } = crane;
  const isSame = words.every((word, at) => word === state.command[at]);
  state.command = [...words];
  // A frame counts once, however often it is written.
  if (isSame) return;
  const command: Command = wire.decode(words);
  if (!wire.crcHolds(words) || command.commit !== command.life) {
    state.plc.incompleteSinceMs ??= now.realMs;
    return;
  }
  state.plc.incompleteSinceMs = undefined;
  takeCommand(crane, command, now);
}

/** A whole frame, however it has come. */
export function takeCommand(crane: Crane, command: Command, now: Moment): void {
  const { state, setup } = crane;
  const verdict = judgeHeader(state.plc, command, setup.rules);
  if (verdict === 'take') takeFrame(crane, command, now);
  else if (verdict !== 'known') ignore(state.plc, verdict);
}

/** A frame that is trusted: the levels first, then the command. */
function takeFrame(crane: Crane, command: Command, now: Moment): void {
  const { plc } = crane.state;
  takeHeader(plc, command, now);
  const { eventAck, enable, selfTest } = command;
  if (eventAck <= plc.eventHead) plc.eventAcked = Math.max(plc.eventAcked, eventAck);
  const isAutoRemote = plc.mode === 'autoRemote';
  plc.enabled = enable && isAutoRemote && plc.eventAcked >= plc.handledHead;
  plc.isSelfTest = selfTest && !isAutoRemote;
  if (command.command === 'none' || command.seq <= plc.seqAnswered) return;
  if (!plc.retentiveOk && command.command !== 'resync') {
    ignore(plc, 'notSynchronized');
    return;
  }
  judgeCommand(crane, command, now.simMs);
}
