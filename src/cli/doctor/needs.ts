import type { Site, SiteDevice } from '../../domain/site.ts';

export interface HidChoice {
  readonly vendorId?: number | undefined;
  readonly productId?: number | undefined;
  readonly path?: string | undefined;
}

/** A device file. */
export type NodeNeed = { readonly about: string } & (
  | { readonly kind: 'serial' | 'usb'; readonly path: string }
  /** All that is given must fit. */
  | ({ readonly kind: 'hid' } & HidChoice)
);

/** Somebody to connect to, or a port of ours. */
export interface NetworkNeed {
  readonly about: string;
  readonly kind: 'address' | 'listen';
  readonly host: string;
  readonly port: number;
}

/** One thing of the machine or the network that a site needs; `variable`: of the environment. */
export type Need =
  | NodeNeed
  | NetworkNeed
  | { readonly about: string; readonly kind: 'variable'; readonly name: string };

/** What the settings of any device may hold of it. */
interface Wiring {
  readonly kind?: string;
  readonly path?: string;
  readonly host?: string;
  readonly port?: number;
  readonly vendorId?: number;
  readonly productId?: number;
  readonly serial?: { readonly path: string };
  readonly connection?: Wiring;
}

export function needsOf({ http, broker, devices }: Site): Need[] {
  const { host, port, passwordEnv } = broker;
  return [
    { about: 'api', kind: 'listen', ...http },
    { about: 'broker', kind: broker.embedded ? 'listen' : 'address', host, port },
    ...(passwordEnv === undefined
      ? []
      : [{ about: 'broker', kind: 'variable', name: passwordEnv } as const]),
    ...devices.flatMap(ofDevice),
  ];
}

function ofDevice({ device: about, settings }: SiteDevice): Need[] {
  const { serial, connection, ...own } = settings as Wiring;
  if (serial !== undefined) return [{ about, kind: 'serial', path: serial.path }];
  const { kind, path, host = '', port, vendorId, productId } = connection ?? own;
  if (kind?.startsWith('hid')) return [{ about, kind: 'hid', vendorId, productId, path }];
  if (path !== undefined) return [{ about, kind: kind === 'usb' ? 'usb' : 'serial', path }];
  if (port === undefined) return [];
  return [{ about, kind: kind === 'tcpListen' ? 'listen' : 'address', host, port }];
}
