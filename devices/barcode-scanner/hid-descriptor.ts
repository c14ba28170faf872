/** Where the fields of a scan lie in an input report; offsets in bytes from its first byte, the id. */
export interface ScanLayout {
  readonly reportId: number;
  /** Of the whole report, with its id. */
  readonly reportBytes: number;
  readonly lengthAt: number;
  /** Three bytes: `]`, letter, modifier; undefined where the report has no such fields. */
  readonly aimAt: number | undefined;
  readonly dataAt: number;
  readonly dataBytes: number;
  /** Whether more reports of the same scan follow; undefined where each report is a scan. */
  readonly continued: { readonly at: number; readonly mask: number } | undefined;
}

/** As HID POS scanners mostly are. Source: USB HID Point of Sale Usage Tables 1.02; Access-IS LSR118 manual. */
const commonLayout: ScanLayout = {
  ...{ reportId: 2, reportBytes: 64, lengthAt: 1, aimAt: 2, dataAt: 5, dataBytes: 56 },
  continued: { at: 63, mask: 1 },
};
/** The same without the maker's two bytes. */
const shortLayout: ScanLayout = {
  ...commonLayout,
  reportBytes: 62,
  continued: { at: 61, mask: 1 },
};
/** Source: Omron Microscan, help of Mini Hawk: id 1, length, 62 bytes of data. */
const plainLayout: ScanLayout = {
  ...{ reportId: 1, reportBytes: 64, lengthAt: 1, aimAt: undefined, dataAt: 2, dataBytes: 62 },
  continued: undefined,
};
const fallbacks: readonly ScanLayout[] = [commonLayout, shortLayout, plainLayout];

/** The layout by id and length alone, where there is no descriptor to read. */
export const layoutByReport = (report: Uint8Array): ScanLayout | undefined =>
  fallbacks.find((row) => row.reportId === report[0] && row.reportBytes === report.length);

const usages = {
  byteCount: 0x0001_003b,
  aim: [0x008c_00fb, 0x008c_00fc, 0x008c_00fd],
  data: 0x008c_00fe,
  continued: 0x008c_00ff,
  initiateRead: 0x008c_0060,
} as const;

/** The bit of an output report by which a scanner is made to read: 1 begins, 0 ends. */
export interface TriggerField {
  readonly reportId: number;
  /** Of the whole report, with its id. */
  readonly reportBytes: number;
  readonly at: number;
  readonly mask: number;
}

/** One field of a report: so many items of `bits` each, from bit `at`, not counting the id. */
interface Field {
  readonly usage: number;
  readonly at: number;
  readonly bits: number;
  readonly count: number;
}

/** State that holds on from item to item (global) or up to the next field (local). */
interface State {
  page: number;
  bits: number;
  count: number;
  reportId: number;
  usages: number[];
  usageFirst: number;
}

/** More than any scanner has; a descriptor that asks for more is none. */
const reportBitsMax = 8 * 4096;
const stackMax = 16;
const usagesMax = 256;

/**
 * Finds the scan in a HID report descriptor, by its usages.
 *
 * @returns the layout of each input report that holds decoded data; none where the descriptor is
 *   cut off, or asks for more than a report may be
 *
 * Source: USB Device Class Definition for HID 1.11, section 6.2.2; HID Point of Sale Usage Tables 1.02, page 0x8C.
 */
export function parseReportDescriptor(descriptor: Uint8Array): readonly ScanLayout[] {
  const reports = fieldsOf(descriptor, mainItems.input);
  return [...(reports ?? [])].flatMap(([reportId, { fields, bits }]): ScanLayout[] => {
    const find = (usage: number) => fields.find((field) => field.usage === usage);
    const [length, data] = [find(usages.byteCount), find(usages.data)];
    const more = find(usages.continued);
    if (!isBytes(length) || !isBytes(data)) return [];
    const aim = usages.aim.map(find);
    const hasAim = aim.every(
      (field, i) => isBytes(field) && field.at === (aim[0]?.at ?? 0) + 8 * i,
    );
    return [
      {
        reportId,
        reportBytes: 1 + Math.ceil(bits / 8),
        lengthAt: byteAt(length),
        aimAt: hasAim && aim[0] !== undefined ? byteAt(aim[0]) : undefined,
        dataAt: byteAt(data),
        dataBytes: data.count,
        continued: more && { at: byteAt(more), mask: 1 << (more.at % 8) },
      },
    ];
  });
}

/**
 * Finds in a HID report descriptor the bit that makes the scanner read, by its usage (Initiate Barcode Read).
 *
 * @returns undefined where no output report offers it, or the descriptor is cut off
 *
 * Source: HID Point of Sale Usage Tables 1.02, page 0x8C, usage 0x60.
 */
export function parseTriggerField(descriptor: Uint8Array): TriggerField | undefined {
  for (const [reportId, { fields, bits }] of fieldsOf(descriptor, mainItems.output) ?? []) {
    const field = fields.find(({ usage }) => usage === usages.initiateRead);
    if (field?.bits !== 1) continue;
    const reportBytes = 1 + Math.ceil(bits / 8);
    return { reportId, reportBytes, at: byteAt(field), mask: 1 << (field.at % 8) };
  }
  return undefined;
}

const isBytes = (field: Field | undefined): field is Field =>
  field !== undefined && field.bits === 8 && field.at % 8 === 0;

const byteAt = ({ at }: Field): number => 1 + Math.floor(at / 8);

type Reports = Map<number, { readonly fields: Field[]; bits: number }>;

/** One item of a descriptor: a byte that says what it is, and its value. */
interface Item {
  readonly tag: number;
  readonly value: number;
  readonly size: number;
}

const longItem = 0xfe;

/** @returns undefined where it ends in the middle of an item */
function itemsOf(descriptor: Uint8Array): Item[] | undefined {
  const items: Item[] = [];
  for (let at = 0; at < descriptor.length; ) {
    const head = descriptor[at] ?? 0;
    const isLong = head === longItem;
    const size = isLong ? 2 + (descriptor[at + 1] ?? 0) : ([0, 1, 2, 4][head & 3] ?? 0);
    if (at + 1 + size > descriptor.length) return undefined;
    const value = unsigned(descriptor.subarray(at + 1, at + 1 + size));
    // Nobody has defined a long item yet.
    if (!isLong) items.push({ tag: head & 0xfc, value, size });
    at += 1 + size;
  }
  return items;
}

/** Items that put fields into a report. */
const mainItems = { input: 0x80, output: 0x90 } as const;

/** @param main  the kind of report that is wanted  @returns undefined where the descriptor is none */
function fieldsOf(descriptor: Uint8Array, main: number): Reports | undefined {
  const reports: Reports = new Map();
  const stack: State[] = [];
  let state: State = { page: 0, bits: 0, count: 0, reportId: 0, usages: [], usageFirst: 0 };
  for (const item of itemsOf(descriptor) ?? []) {
    if (item.tag === 0xa4) stack.push({ ...state, usages: [...state.usages] });
    if (stack.length > stackMax) return undefined;
    if (item.tag === 0xb4) state = stack.pop() ?? state;
    if (item.tag === main && !takeFields(reports, state, item.value)) return undefined;
    take(state, item);
  }
  return reports;
}

function take(state: State, { tag, value, size }: Item): void {
  switch (tag) {
    case 0x04:
      state.page = value;
      break;
    case 0x74:
      state.bits = value;
      break;
    case 0x94:
      state.count = value;
      break;
    case 0x84:
      state.reportId = value;
      break;
    case 0x08:
      state.usages.push(withPage(state, value, size));
      break;
    case 0x18:
      state.usageFirst = withPage(state, value, size);
      break;
    case 0x28: {
      const count = Math.min(withPage(state, value, size) - state.usageFirst + 1, usagesMax);
      for (let i = 0; i < count; i += 1) state.usages.push(state.usageFirst + i);
      break;
    }
    // Input, output, feature, collection and its end use up what was local.
    case 0x80:
    case 0x90:
    case 0xb0:
    case 0xa0:
    case 0xc0:
      state.usages = [];
      break;
  }
}

/** A usage of four bytes brings its page with it. */
const withPage = ({ page }: State, value: number, size: number): number =>
  size === 4 ? value : page * 0x1_0000 + value;

/** @returns false where the report would be larger than any */
function takeFields(
  reports: Reports,
  { bits, count, reportId, usages }: State,
  flags: number,
): boolean {
  if (bits === 0 || count === 0) return true;
  const report = reports.get(reportId) ?? { fields: [], bits: 0 };
  reports.set(reportId, report);
  const isBuffered = (flags & 0x100) !== 0 || (usages.length === 1 && count > 1 && bits === 8);
  if (isBuffered) {
    const [usage = 0] = usages;
    report.fields.push({ usage, at: report.bits, bits, count });
  } else {
    for (const [i, usage] of usages.slice(0, count).entries()) {
      report.fields.push({ usage, at: report.bits + i * bits, bits, count: 1 });
    }
  }
  report.bits += bits * count;
  return report.bits <= reportBitsMax;
}

const unsigned = (bytes: Uint8Array): number =>
  bytes.reduceRight((value, byte) => value * 0x100 + byte, 0);
