import type { Framing } from '../../devices/barcode-scanner/fields.ts';
import { Framer } from '../../devices/barcode-scanner/framer.ts';
import { parseReportDescriptor } from '../../devices/barcode-scanner/hid-descriptor.ts';
import { HidKeyboardAssembler } from '../../devices/barcode-scanner/hid-keyboard.ts';
import { HidPosAssembler } from '../../devices/barcode-scanner/hid-pos.ts';
import { interpreter } from '../../devices/barcode-scanner/interpret.ts';
import { descriptor62, descriptor64, report64 } from '../vectors/hid-pos.ts';
import { type Draw, type FuzzTarget, must } from './target.ts';

/** Bytes that mean something to a framer are drawn often. */
const alphabet = 'AB7]C1\x02\x03\r\n\x1d\0\xff';
const codeAlphabet = 'AB7]C1\x1d\0\xff';

interface Counts {
  [what: string]: number;
}

/** Framing, HID reports and what is made of them. */
export function scannerFuzz(): FuzzTarget {
  const counts: Counts = { codes: 0, whole: 0, scans: 0, keys: 0, layouts: 0 };
  const hidParts = [fuzzHidScans, fuzzHidNoise, fuzzDescriptor];
  return {
    doc: 'codes out of bytes and out of HID reports; no code that was not sent whole',
    run(draw) {
      fuzzFramer(draw, counts);
      draw.oneOf(hidParts)(draw, counts);
    },
    counts: () => ({ ...counts }),
  };
}

const add = (counts: Counts, what: string, count: number): void => {
  counts[what] = (counts[what] ?? 0) + count;
};

const framingOf = (draw: Draw): Framing => {
  const end = draw.oneOf(['suffix', 'suffix', 'suffixes', 'length', 'silence']);
  const suffixes = { suffix: ['\x03'], suffixes: ['\r', '\r\n', '\x03'], length: [], silence: [] }[
    end
  ];
  return {
    prefix: draw.oneOf(['\x02', '\x02', '', 'A7']),
    suffixes: suffixes ?? [],
    ...(end === 'length' && { length: 1 + draw.below(8) }),
    lengthMax: draw.oneOf([8, 64]),
    gapMs: 100,
    gap: end === 'silence' ? 'end' : 'discard',
  };
};

/** What was sent without a pause or a new connection in it. */
type Burst = string;

/** Codes, halves of them and noise, in chunks and with pauses. Each code that comes out was framed in one burst. */
function fuzzFramer(draw: Draw, counts: Counts): void {
  const framing = framingOf(draw);
  const framer = new Framer(framing);
  const bursts: Burst[] = [];
  const codes: string[] = [];
  const whole: string[] = [];
  let atMs = 0;
  for (let n = 1 + draw.below(4); n > 0; n -= 1) {
    const burst = burstOf(draw, framing, whole);
    bursts.push(burst);
    for (let at = 0; at < burst.length; ) {
      const size = 1 + draw.below(draw.oneOf([2, 300]));
      codes.push(...framer.push(Buffer.from(burst.slice(at, at + size), 'latin1'), atMs));
      at += size;
      atMs += draw.below(3);
    }
    if (draw.once(2)) framer.reset();
    else atMs += 101;
  }
  codes.push(...framer.silence(atMs + 1_000));
  add(counts, 'codes', codes.length);
  add(counts, 'whole', whole.length);
  for (const code of codes) {
    must(code !== '' && code.length <= framing.lengthMax, () => `length ${code.length}`);
    must(
      wasSent(code, bursts, framing),
      () => `phantom ${JSON.stringify({ code, bursts, framing })}`,
    );
    interpretAny(code, draw);
  }
  // Behind a prefix of one byte and before a suffix, a code is read whatever came before.
  if (framing.prefix !== '\x02' || framing.suffixes.length !== 1) return;
  const left = [...codes];
  for (const code of whole) {
    const at = left.indexOf(code);
    must(at >= 0, () => `lost ${JSON.stringify({ code, bursts, framing })}`);
    left.splice(at, 1);
  }
}

function burstOf(
  draw: Draw,
  { prefix, suffixes, length, lengthMax }: Framing,
  whole: string[],
): Burst {
  let burst = '';
  for (let n = draw.below(5); n > 0; n -= 1) {
    const kind = draw.below(10);
    if (kind < 6) {
      const code = draw.text(codeAlphabet, length ?? 1 + draw.below(lengthMax));
      whole.push(code);
      burst += `${prefix}${code}${suffixes.length === 0 ? '' : draw.oneOf(suffixes)}`;
    } else if (kind < 8) burst += draw.text(alphabet, draw.below(30));
    else if (kind < 9) burst += prefix + draw.text(codeAlphabet, draw.below(12));
    else burst += draw.text('A7', 200 + draw.below(300));
  }
  return burst;
}

/** Whether some burst holds the code between its prefix and one of its ends. */
function wasSent(code: string, bursts: readonly Burst[], framing: Framing): boolean {
  const { prefix, suffixes, length, gap } = framing;
  return bursts.some((burst) => {
    for (let at = burst.indexOf(code); at >= 0; at = burst.indexOf(code, at + 1)) {
      const [before, behind] = [burst.slice(0, at), burst.slice(at + code.length)];
      const ends =
        suffixes.some((suffix) => behind.startsWith(suffix)) ||
        (length !== undefined && code.length === length) ||
        (gap === 'end' && behind === '');
      if (ends && begins(before, prefix, suffixes, length)) return true;
    }
    return false;
  });
}

const begins = (
  before: string,
  prefix: string,
  suffixes: readonly string[],
  length: number | undefined,
) =>
  prefix === ''
    ? before === '' ||
      length !== undefined ||
      suffixes.some(
        (suffix) => before.replace(/\n+$/, '').endsWith(suffix) || before.endsWith(suffix),
      ) ||
      /^\n+$/.test(before)
    : before.endsWith(prefix);

const readers = [false, true].map((aim) =>
  interpreter({
    ...{ noRead: ['A'], trigger: 'T', aim, gs: ['7', '\x1d'], strip: { first: 1, last: 1 } },
    expect: ['sscc', '[AB]+'],
  }),
);

function interpretAny(text: string, draw: Draw): void {
  const told = draw.oneOf(readers)({ text });
  if (told.kind === 'read') must(told.code.length <= text.length, () => 'a code grew');
}

/** Whole scans, cut ones, wrong lengths and foreign reports. Each scan that comes out was sent whole. */
function fuzzHidScans(draw: Draw, counts: Counts): void {
  const assembler = new HidPosAssembler(lengthMax);
  assembler.begin(draw.once(2) ? parseReportDescriptor(descriptor64) : []);
  const sent: string[] = [];
  const read: string[] = [];
  let atMs = 0;
  for (let n = 1 + draw.below(5); n > 0; n -= 1) {
    const { reports, code } = faultyScan(draw);
    if (code !== undefined) sent.push(code);
    for (const report of reports) {
      if (draw.once(5)) assembler.push(foreign(draw), atMs);
      read.push(...assembler.push(report, atMs).map(({ text }) => text));
      atMs += draw.below(10);
    }
    // Unplugged, or silent: two scans of one symbology within 200 ms have nothing that parts them.
    if (draw.once(2)) assembler.begin(parseReportDescriptor(descriptor64));
    else atMs += 201;
  }
  add(counts, 'scans', read.length);
  must(JSON.stringify(read) === JSON.stringify(sent), () => `${JSON.stringify({ sent, read })}`);
}

/** Of another report id: a device has one form of report for each id. */
function foreign(draw: Draw): Uint8Array {
  const report = draw.bytes(draw.oneOf([0, 8, 62, 64]));
  if (report.length > 0) report[0] = draw.oneOf([0, 3, 4, 0xfd]);
  return report;
}

const lengthMax = 300;

/** The reports of a scan, one of three with a fault; `code` is what must be read of it, if anything. */
function faultyScan(draw: Draw): { reports: Uint8Array[]; code: string | undefined } {
  const code = draw.text(codeAlphabet, 1 + draw.below(400));
  const reports = reportsOf(draw.oneOf([']C1', ']Q0', '\0\0\0']), code);
  const fault = draw.below(6);
  if (fault === 0) reports.length = draw.below(reports.length);
  const wrong = fault === 1 ? reports[draw.below(reports.length)] : undefined;
  if (wrong !== undefined) wrong[1] = 57 + draw.below(199);
  return { reports, code: fault > 1 && code.length <= lengthMax ? code : undefined };
}

function reportsOf(aim: string, code: string): Uint8Array[] {
  const parts = code.match(/[\s\S]{1,56}/g) ?? [];
  return parts.map((part, i) => report64(aim, part, i < parts.length - 1));
}

/** Anything at all, to both assemblers. */
function fuzzHidNoise(draw: Draw, counts: Counts): void {
  const pos = new HidPosAssembler(200);
  const keyboard = new HidKeyboardAssembler(20);
  let atMs = 0;
  for (let n = draw.below(12); n > 0; n -= 1) {
    const report = draw.bytes(draw.oneOf([62, 64, 64, 64]));
    report[0] = draw.oneOf([1, 2, 2, 3]);
    for (const { text } of pos.push(report, atMs)) must(text.length <= 200, () => 'too long');
    const keys = Uint8Array.from([
      draw.oneOf([0, 2, 4, draw.below(256)]),
      0,
      draw.below(110),
      0,
      0,
      0,
      0,
      0,
    ]);
    const typed = keyboard.push(
      draw.once(4) ? Uint8Array.of(0, 0, 0x28, 0, 0, 0, 0, 0) : keys,
      atMs,
    );
    for (const { text } of typed) must(text !== '' && text.length <= 20, () => 'too long');
    add(counts, 'keys', typed.length);
    atMs += draw.below(300);
  }
}

/** Descriptors with bytes changed, cut off or made up: what they say lies within their report. */
function fuzzDescriptor(draw: Draw, counts: Counts): void {
  const bytes = Uint8Array.from(
    draw.oneOf([descriptor64, descriptor62, draw.bytes(draw.below(120))]),
  );
  for (let n = draw.below(4); n > 0; n -= 1) bytes[draw.below(bytes.length || 1)] = draw.below(256);
  const layouts = parseReportDescriptor(
    bytes.subarray(0, draw.once(2) ? bytes.length : draw.below(bytes.length + 1)),
  );
  add(counts, 'layouts', layouts.length);
  for (const { reportBytes, lengthAt, aimAt = 0, dataAt, dataBytes, continued } of layouts) {
    const ends = [lengthAt + 1, aimAt + 3, dataAt + dataBytes, (continued?.at ?? 0) + 1];
    must(
      Math.max(...ends) <= Math.max(reportBytes, aimAt === 0 ? 3 : 0),
      () => 'a field outside of its report',
    );
  }
}
