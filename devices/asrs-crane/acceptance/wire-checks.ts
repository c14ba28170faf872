import { bind } from '../../lib/codec.ts';
import { crc16 } from '../../lib/crc16.ts';
import { contractOf } from '../../lib/interface-file.ts';
import { headFields } from '../../lib/plc.ts';
import { type Check, type Context, harmless } from './context.ts';
import type { Session } from './session.ts';

const hex = (n: number, digits: number) =>
  `0x${n.toString(16).toUpperCase().padStart(digits, '0')}`;

/** What makes every write wrong. @returns whether writing makes sense at all */
export async function checkHead(context: Context): Promise<boolean> {
  const { session } = context;
  const { wordOrder } = session.file.meta;
  const contract = contractOf(session.file);
  const head = bind(session.file, 'status', headFields);
  const words = await session.words();
  const { wordOrderTest, mapVersion, deviceNumber } = head.decode(words);
  context.note(
    `wordOrderTest ${hex(wordOrderTest, 8)}, mapVersion ${hex(mapVersion, 4)}, deviceNumber ${deviceNumber}`,
  );
  if (wordOrderTest !== contract.wordOrderTest) {
    const swapped = (wordOrderTest >>> 16) + (wordOrderTest & 0xffff) * 0x1_0000;
    const isSwapped = swapped === contract.wordOrderTest;
    context.fail(
      'WORD_ORDER',
      isSwapped
        ? `The PLC shows 32-bit fields with their words the other way round: the interface file says ${wordOrder}. Change the PLC, or wordOrder in the interface file.`
        : `wordOrderTest reads ${hex(wordOrderTest, 8)} instead of ${hex(contract.wordOrderTest, 8)}: check base address, unit and that the block is published.`,
    );
    return false;
  }
  if (mapVersion >> 8 !== contract.mapVersion >> 8) {
    context.fail(
      'MAP_VERSION',
      `The PLC shows mapVersion ${hex(mapVersion, 4)}, the interface file is ${hex(contract.mapVersion, 4)}: one of the two is of another contract.`,
    );
    return false;
  }
  if (deviceNumber === 0) context.fail('DEVICE_NUMBER', 'deviceNumber is 0: numbers begin at 1.');
  return true;
}

/** The claim is the first write: it also proves word order and CRC in the direction to the PLC. */
export async function checkClaim(context: Context): Promise<boolean> {
  const { session } = context;
  const before = await session.status();
  if (before.activeMissionId !== 0) {
    context.fail('CLAIM_NOT_TAKEN', 'A mission is in hand: nothing was written. End it first.');
    return false;
  }
  const status = await session.claim();
  if (status !== undefined) {
    const { epochAccepted, nonceAccepted } = status;
    context.note(`Claim ${epochAccepted}, ${hex(nonceAccepted, 8)} taken and shown.`);
    return true;
  }
  const { ignoredCount, ignoredReason, life } = await session.status();
  if (ignoredReason === 'crc' && ignoredCount !== before.ignoredCount) {
    await findCrc(context);
  } else if (ignoredReason === 'wordOrder' && ignoredCount !== before.ignoredCount) {
    const message = 'The PLC shows the right word order but takes frames in the other one.';
    context.fail('WORD_ORDER', message);
  } else if (life === before.life) {
    context.fail('LIFE_FROZEN', 'Neither life nor lifeEcho moves: the control task does not run.');
  } else {
    const message = `A frame with a higher epoch is not taken; ignoredReason ${ignoredReason}.`;
    context.fail('CLAIM_NOT_TAKEN', message);
  }
  return false;
}

const bytesOf = (words: readonly number[]) => words.flatMap((word) => [word >> 8, word & 0xff]);
const swap = (word: number) => ((word & 0xff) << 8) | (word >> 8);
const ccitt = (bytes: readonly number[], start: number) =>
  bytes.reduce((crc, byte) => {
    let next = crc ^ (byte << 8);
    for (let bit = 0; bit < 8; bit++) {
      next = (next & 0x8000) === 0 ? (next << 1) & 0xffff : ((next << 1) ^ 0x1021) & 0xffff;
    }
    return next;
  }, start);

/** Mistakes that programs really make with a CRC, by what they would take for right. */
const crcMistakes: readonly [string, (covered: readonly number[]) => number][] = [
  ['with its two bytes swapped', (words) => swap(crc16(bytesOf(words)))],
  ['over the low byte of each register first', (words) => crc16(bytesOf(words.map(swap)))],
  ['over one register less', (words) => crc16(bytesOf(words.slice(0, -1)))],
  ['as CRC-16/CCITT-FALSE', (words) => ccitt(bytesOf(words), 0xffff)],
  ['as CRC-16/XMODEM', (words) => ccitt(bytesOf(words), 0)],
];

async function findCrc(context: Context): Promise<void> {
  const { session } = context;
  for (const [mistake, crcOf] of crcMistakes) {
    const words = session.command.encode(session.frame());
    const covered = words.slice(0, crcAt(session));
    await session.put(words.with(crcAt(session), crcOf(covered)));
    const { tookMs } = await session.until(
      ({ lifeEcho }) => lifeEcho === session.life,
      session.patienceMs,
    );
    if (tookMs !== undefined) {
      context.fail('CRC_WRONG', `The PLC refuses the right CRC and takes one computed ${mistake}.`);
      return;
    }
  }
  context.fail(
    'CRC_WRONG',
    'The PLC refuses the right CRC, and takes none of the usual mistakes either: test it with the text "123456789", which gives 0x4B37.',
  );
}

function crcAt({ file }: Session): number {
  const block = file.blocks.find(({ name }) => name === 'command');
  return block?.fields.find(({ type }) => type === 'crc16')?.offset ?? 0;
}

export const wireChecks: readonly Check[] = [
  {
    point: 1,
    title: 'a frame with a wrong CRC is not taken, and counted once',
    async run({ session, fail }) {
      const before = await session.status();
      const words = session.command.encode(
        session.frame({ ...harmless, seq: before.seqAnswered + 1 }),
      );
      await session.put(words.with(crcAt(session), (words[crcAt(session)] ?? 0) ^ 1));
      const { status } = await session.until(
        (now) => now.ignoredCount !== before.ignoredCount || now.lifeEcho !== before.lifeEcho,
        session.patienceMs,
      );
      if (status.lifeEcho !== before.lifeEcho || status.seqAnswered !== before.seqAnswered) {
        fail('CRC_UNCHECKED', 'A frame whose CRC is wrong by one bit was taken.');
      } else if (status.ignoredCount === before.ignoredCount) {
        fail('IGNORED_NOT_COUNTED', 'A frame with a wrong CRC does not count in ignoredCount.');
      } else if (status.ignoredReason !== 'crc') {
        fail('IGNORED_REASON_WRONG', `Wrong CRC shows as ${status.ignoredReason}, not as crc.`);
      }
    },
  },
  ...[26, 50].map(
    (split): Check => ({
      point: 3,
      title: `a frame in two writes, cut before register ${split}, is acted on only when it is whole`,
      async run({ session, fail }) {
        await session.send();
        const before = await session.status();
        const old = session.written;
        const seq = before.seqAnswered + 1;
        const words = session.command.encode(session.frame({ ...harmless, seq }));
        await session.put([...words.slice(0, split), ...old.slice(split)]);
        const { status: half } = await session.until(
          (now) => now.seqAnswered !== before.seqAnswered || now.lifeEcho === session.life,
          session.limit('crcPatienceMs') / 2,
        );
        if (half.seqAnswered !== before.seqAnswered || half.lifeEcho === session.life) {
          fail('HALF_FRAME_TAKEN', `The first ${split} registers of a frame were acted on.`);
        }
        await session.put(words);
        const { tookMs } = await session.until(
          ({ seqAnswered }) => seqAnswered === seq,
          session.patienceMs,
        );
        if (tookMs === undefined) {
          fail('FRAME_IGNORED', 'The frame was not taken when its second part had come.');
        }
      },
    }),
  ),
];
