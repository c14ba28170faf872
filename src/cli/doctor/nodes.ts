import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bad, type Finding, type Machine, ok, warn } from './finding.ts';
import type { HidChoice, NodeNeed } from './needs.ts';

const namedMax = 10;

/** Device files of a site: are they there, and may this user use them? */
export function checkNode(need: NodeNeed, machine: Machine): Finding {
  if (need.kind === 'hid') return checkHid(need, machine);
  const { about, path } = need;
  const file = join(machine.root, path);
  if (!existsSync(file)) return missing(need, machine);
  if (!statSync(file).isCharacterDevice()) {
    return bad(about, `${path} is no device file`, 'name the port itself in the site file');
  }
  if (!machine.mayUse(file)) return forbidden(about, path, machine);
  const lasting = need.kind === 'serial' ? lastingNameOf(path, machine) : undefined;
  if (lasting === undefined) return ok(about, `${path} is there and may be used`);
  const text = `${path} may be another device after the next start`;
  return warn(about, text, `name it in the site file as ${lasting}`);
}

function missing(
  { about, path, kind }: { about: string; path: string; kind: 'serial' | 'usb' },
  machine: Machine,
): Finding {
  const there = kind === 'serial' ? serialPorts(machine) : usbPrinters(machine);
  const what = kind === 'serial' ? 'serial port' : 'USB printer';
  const fix =
    there.length === 0
      ? `no ${what} is there at all: check plug and power, and look at sudo dmesg`
      : `plug it in, or name what is there in the site file: ${there.slice(0, namedMax).join(', ')}`;
  return bad(about, `${path} is not there`, fix);
}

function forbidden(about: string, path: string, machine: Machine): Finding {
  const group = groupOf(join(machine.root, path), machine);
  const text = `${path} may not be read and written by ${machine.user}`;
  const fix =
    group === undefined || group === 'root'
      ? `a udev rule must give ${path} to a group of ${machine.user}, such as dialout`
      : `sudo usermod -aG ${group} ${machine.user}, then log in again`;
  return bad(about, text, fix);
}

/** The name below by-id of a port that the site file names otherwise; undefined where there is none. */
function lastingNameOf(path: string, machine: Machine): string | undefined {
  if (path.startsWith('/dev/serial/')) return undefined;
  const real = realpathSync(join(machine.root, path));
  return byId(machine).find((name) => realpathSync(join(machine.root, name)) === real);
}

const byId = ({ root }: Machine): string[] =>
  names(join(root, 'dev/serial/by-id')).map((name) => `/dev/serial/by-id/${name}`);

/** Ports with hardware behind them; by-id first, as these names survive replugging. */
function serialPorts(machine: Machine): string[] {
  const { root } = machine;
  const plain = names(join(root, 'sys/class/tty'))
    .filter((name) => existsSync(join(root, 'sys/class/tty', name, 'device')))
    .map((name) => `/dev/${name}`);
  return [...byId(machine), ...plain];
}

const usbPrinters = ({ root }: Machine): string[] =>
  names(join(root, 'dev/usb'))
    .filter((name) => name.startsWith('lp'))
    .map((name) => `/dev/usb/${name}`);

function checkHid(need: Extract<NodeNeed, { kind: 'hid' }>, machine: Machine): Finding {
  const { root, user } = machine;
  const { about } = need;
  const all = names(join(root, 'sys/class/hidraw')).map((node) => identityOf(node, root));
  const found = all.find((one) => isMeant(one, need));
  if (found === undefined) {
    const there = all.map(({ name, id, file }) => `${name} (${id}, ${file})`).slice(0, namedMax);
    const list = there.join(', ') || 'no HID device';
    const fix = `plug it in, or choose another one in the site file; there is: ${list}`;
    return bad(about, 'no HID device is there as the site file wants it', fix);
  }
  const { file, name, id } = found;
  if (machine.mayUse(join(root, file))) return ok(about, `${name} at ${file} may be used`);
  const [vendor, product] = id.split(':');
  const rule = `KERNEL=="hidraw*", ATTRS{idVendor}=="${vendor}", ATTRS{idProduct}=="${product}", MODE="0660", GROUP="dialout"`;
  const install = `echo '${rule}' | sudo tee /etc/udev/rules.d/60-craneway-${about}.rules`;
  const fix = `${install}, sudo usermod -aG dialout ${user}, then plug it in anew`;
  return bad(about, `${file} may not be read and written by ${user}`, fix);
}

const isMeant = (one: ReturnType<typeof identityOf>, choice: HidChoice): boolean =>
  (choice.vendorId ?? one.vendorId) === one.vendorId &&
  (choice.productId ?? one.productId) === one.productId &&
  (choice.path ?? one.file) === one.file;

const hex4 = (id: number): string => id.toString(16).padStart(4, '0');

/** As the kernel tells it: `HID_ID=0003:000005E0:00001701`. */
function identityOf(node: string, root: string) {
  const file = join(root, 'sys/class/hidraw', node, 'device/uevent');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const [, vendor = '0', product = '0'] =
    /^HID_ID=[^:]*:([0-9A-F]+):([0-9A-F]+)$/im.exec(text) ?? [];
  const [, name = node] = /^HID_NAME=(.*)$/m.exec(text) ?? [];
  const [vendorId, productId] = [Number.parseInt(vendor, 16), Number.parseInt(product, 16)];
  const id = `${hex4(vendorId)}:${hex4(productId)}`;
  return { vendorId, productId, name, id, file: `/dev/${node}` };
}

/** Name of the group that a file belongs to; undefined where this machine has none for its number. */
function groupOf(file: string, { root }: Machine): string | undefined {
  const groups = join(root, 'etc/group');
  if (!existsSync(groups)) return undefined;
  const { gid } = statSync(file);
  const line = readFileSync(groups, 'utf8')
    .split('\n')
    .find((row) => Number(row.split(':')[2]) === gid);
  return line?.split(':')[0];
}

function names(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
