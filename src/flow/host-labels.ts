import type { LabelPrintData } from '../contract/messages.ts';
import type { LoadUnit } from '../domain/books.ts';
import { ValueError } from '../domain/errors.ts';
import type { DeviceId, HostId } from '../domain/ids.ts';
import { type Answer, canonical, refuse } from './answers.ts';
import { newSscc, queueLabel, whyNotNow } from './labels.ts';
import { canonicalUnit } from './order-checks.ts';
import { contentFields } from './packing.ts';
import type { Work } from './work.ts';

/**
 * Prints a label that a host or a person asks for, each copy as a row of its own. The same label again is
 * printed only with a reason, and then bears the mark of a copy where its template has room for one.
 */
export function printForHost(work: Work, host: HostId, data: LabelPrintData): Answer {
  const { reprint, ...wish } = data;
  const content = canonical(wish);
  const known = work.warehouse.tables.labelWish.get(data.label);
  if (known !== undefined && (known.host !== host || known.content !== content)) {
    return refuse('CONFLICT', `${data.label} exists with other content; the first stands`);
  }
  if (known !== undefined && reprint === undefined) return { duplicate: true };
  if (known === undefined && reprint !== undefined) {
    return refuse('NOT_FOUND', `${data.label} was never printed here`);
  }
  const unknown = unknownNames(work, data);
  if (unknown.length > 0) {
    const count = unknown.length === 1 ? '1 name is' : `${unknown.length} names are`;
    return refuse('UNKNOWN_REFERENCE', `${count} not known here`, { errors: unknown });
  }
  const printer = printerOf(work, data) as DeviceId;
  const why = whyNotNow(work, printer);
  if (why !== undefined) return refuse('DEVICE_UNAVAILABLE', why, { retryAfterS: 60 });
  const refused = queueCopies(work, { host, data, printer, first: (known?.copies ?? 0) + 1 });
  if (refused !== undefined) return refused;
  const copies = (known?.copies ?? 0) + data.copies;
  work.warehouse.tables.labelWish.put({ label: data.label, host, content, copies });
  if (reprint !== undefined) work.explain(`Printed once more: ${reprint}.`, data.label);
  return {};
}

function queueCopies(
  work: Work,
  wish: { host: HostId; data: LabelPrintData; printer: DeviceId; first: number },
): Answer | undefined {
  const { host, data, printer, first } = wish;
  const { label: name, template, fields = {}, copies } = data;
  const unit = unitOf(work, data);
  const sscc = unit && (unit.sscc ?? earlierSscc(work, unit) ?? newSscc(work));
  const own = unit === undefined ? {} : { ...contentFields(work, unit), sscc: String(sscc) };
  const texts = Object.entries(fields).map(([field, value]) => [field, String(value)]);
  const given: Readonly<Record<string, string>> = { ...own, ...Object.fromEntries(texts) };
  try {
    const zpls = Array.from({ length: copies }, (_, i) => {
      const copy = first + i;
      const marked = data.reprint === undefined ? given : { ...given, reprint: `COPY ${copy}` };
      return { copy, zpl: work.parts.renderLabel(template, marked) };
    });
    for (const { copy, zpl } of zpls) {
      queueLabel(work, {
        printer,
        template,
        loadUnit: unit?.loadUnit,
        sscc,
        zpl,
        copy,
        name,
        host,
      });
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    const { message, context } = error;
    const more = Object.entries(context).map(([key, value]) => `${key} ${String(value)}`);
    return refuse('INVALID', [message, ...more].join('; '));
  }
}

/** A label that was printed and has not been seen by a scanner yet: one load unit gets one number. */
const earlierSscc = ({ warehouse }: Work, { loadUnit }: LoadUnit) =>
  [...warehouse.tables.label.values()].find((row) => row.loadUnit === loadUnit)?.sscc;

const unitOf = (work: Work, { loadUnit }: LabelPrintData): LoadUnit | undefined =>
  loadUnit === undefined ? undefined : work.warehouse.loadUnit(canonicalUnit(work, loadUnit));

function printerOf({ parts }: Work, { printer, station }: LabelPrintData): string | undefined {
  if (printer !== undefined) {
    const device = parts.topology.site.devices.find((one) => one.device === printer);
    return device?.type === 'zpl-printer' ? device.device : undefined;
  }
  const place = parts.topology.find(station ?? '');
  return place?.kind === 'station' ? place.station.printer : undefined;
}

function unknownNames(work: Work, data: LabelPrintData): { path: string; message: string }[] {
  const { template, loadUnit, printer, station } = data;
  const found: { path: string; message: string }[] = [];
  if (work.parts.templates?.has(template) === false) {
    const message = `${template} is not a template of this site: name it under labels`;
    found.push({ path: '/template', message });
  }
  if (printerOf(work, data) === undefined) {
    const [path, message] =
      printer === undefined
        ? ['/station', `${station} is not a station with a printer`]
        : ['/printer', `${printer} is not a printer of this site`];
    found.push({ path: path ?? '', message: message ?? '' });
  }
  if (loadUnit !== undefined && unitOf(work, data) === undefined) {
    found.push({ path: '/loadUnit', message: `${loadUnit} is not known` });
  }
  return found;
}
