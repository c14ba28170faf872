import { doubted, isSame, type Memory, type Reading, type StartBitWire } from './memory.ts';

/**
 * Why nobody can know what the crane has done since the last reading, or undefined. A PLC without numbers
 * tells nothing of the time in between, so that each of these counts as handled by hand.
 */
function whyUnknown(memory: Memory, reading: Reading, wire: StartBitWire): string | undefined {
  const { last } = memory;
  if (last === undefined) return 'nobody has watched it while this controller did not run';
  const gapMs = reading.nowMs - last.nowMs;
  if (gapMs > wire.lifeLostMs) return `nobody could read it for ${Math.round(gapMs / 1000)} s`;
  return (
    strangeRegisters(memory, reading, wire) ??
    strangeNumber(memory, reading) ??
    handled(memory, last.status, reading)
  );
}

function strangeRegisters(
  { mayHold }: Memory,
  { registers }: Reading,
  { isStart }: StartBitWire,
): string | undefined {
  if (mayHold === undefined || mayHold.some((words) => isSame(words, registers))) return undefined;
  if (registers.every((word) => word === 0)) {
    return 'its command registers are empty: its PLC has restarted, or somebody has cleared them';
  }
  const what = isStart(registers) ? 'a start' : 'a command';
  return `its command registers hold ${what} that this controller has not written`;
}

function strangeNumber({ last, spent }: Memory, { status }: Reading): string | undefined {
  const { seqAnswered } = status;
  if (seqAnswered === undefined) return undefined;
  if (seqAnswered < (last?.status.seqAnswered ?? 0)) {
    return 'its PLC has lost its memory: seqAnswered fell';
  }
  const isNew = seqAnswered !== last?.status.seqAnswered;
  return isNew && seqAnswered > spent
    ? `its PLC has taken command ${seqAnswered}, which this controller has not written`
    : undefined;
}

function handled(
  { job }: Memory,
  before: Reading['status'],
  { status: now }: Reading,
): string | undefined {
  if (now.mode !== before.mode) return `it was turned from ${before.mode} to ${now.mode}`;
  if (job !== undefined) return undefined;
  if (now.busy && !before.busy) return 'it has begun something that nobody here has told it';
  if (now.loaded === before.loaded) return undefined;
  return now.loaded ? 'a load was put onto its device' : 'a load was taken from its device';
}

/** The memory with that doubt in it, if there is one; its registers are taken as they are from then on. */
export function withDoubt(memory: Memory, reading: Reading, wire: StartBitWire): Memory {
  const why = whyUnknown(memory, reading, wire);
  if (why === undefined) return memory;
  const next = doubted(memory, why);
  const isOurs = next.mayHold?.some((words) => isSame(words, reading.registers)) === true;
  return isOurs ? next : { ...next, mayHold: [reading.registers], takeBack: undefined };
}

/** What a person has to see to before the crane can be released; undefined: nothing. */
export function toDoFirst(
  { mode, busy }: Reading['status'],
  isStartSet: boolean,
): string | undefined {
  if (mode !== 'autoRemote') return `It is in ${mode}: look, then turn it to automatic`;
  if (busy) return 'It is still busy: wait until it stands';
  return isStartSet
    ? 'Its command registers still hold a start: clear them at the PLC (start to 0)'
    : undefined;
}
