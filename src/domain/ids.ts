import { ValueError } from './errors.ts';

declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** LPN of a load unit, or its SSCC where it has none; `UNKNOWN-{n}` until identified. 1 to 20 characters. */
export type LoadUnitId = Branded<string, 'LoadUnitId'>;
/** Our code of one place: `A01-L-012-05-1`, `PICK-01`, `A01-LHD`. 1 to 24 characters. Hosts may call it otherwise: `HostCodes`. */
export type LocationId = Branded<string, 'LocationId'>;
/** Code of a device in the site file: `crane-1`, `scan-in-1`. */
export type DeviceId = Branded<string, 'DeviceId'>;
/** Chosen by the host, or `local-{n}` for what was made on site. 1 to 40 characters. */
export type OrderId = Branded<string, 'OrderId'>;
/** Name of a host in the site file; `local` for people on site. */
export type HostId = Branded<string, 'HostId'>;
export type Sku = Branded<string, 'Sku'>;
/** 18 digits with a check digit that holds. Made by `parseSscc` only. */
export type Sscc = Branded<string, 'Sscc'>;
/** Key of a workflow: `putaway/PA-12`, `induct/conveyor-1/1/17/204`. */
export type WorkflowId = Branded<string, 'WorkflowId'>;

/** Places that are not in the building, or that nobody can point at. They hold any number of load units. */
export const OUTSIDE = 'OUTSIDE' as LocationId;
export const MISSING = 'MISSING' as LocationId;
export const CLARIFICATION = 'CLARIFICATION' as LocationId;

const forms = {
  loadUnit: /^[A-Za-z0-9._:/-]{1,20}$/,
  location: /^[A-Z0-9][A-Z0-9._-]{0,23}$/,
  device: /^[a-z0-9][a-z0-9._-]{0,31}$/,
} as const;

/** @throws {ValueError} when `text` is no location code: 1 to 24 capitals, digits, `._-` */
export const parseLocationId = (text: string): LocationId => parse('location', text) as LocationId;
/** @throws {ValueError} when `text` is no device code: 1 to 32 small letters, digits, `._-` */
export const parseDeviceId = (text: string): DeviceId => parse('device', text) as DeviceId;

export const isLoadUnitId = (text: string): text is LoadUnitId => forms.loadUnit.test(text);

function parse(form: keyof typeof forms, text: string): string {
  if (!forms[form].test(text)) {
    throw new ValueError(`Not a ${form} code`, { context: { text: text.slice(0, 60) } });
  }
  return text;
}
