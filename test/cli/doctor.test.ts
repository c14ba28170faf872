import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { examine } from '../../src/cli/doctor/examine.ts';
import type { Machine } from '../../src/cli/doctor/finding.ts';
import { thisMachine } from '../../src/cli/doctor/this-machine.ts';
import type { Site } from '../../src/domain/site.ts';
import { craneway } from '../lib/cli.ts';
import { smallSite } from '../lib/sim-site.ts';

let root: string;
const endings: (() => unknown)[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'craneway-doctor-'));
});
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
  rmSync(root, { recursive: true, force: true });
});

/** A machine with nothing wrong: its device files lie below `root`, all else is this machine's. */
const machine = (own: Partial<Machine> = {}): Machine => ({
  ...thisMachine(),
  ...{ root, user: 'anna', environment: {}, mayUse: () => true, load: async () => ({}) },
  statfs: () => ({ type: 0xef53, freeBytes: 50 * 2 ** 30 }),
  fsyncsMs: () => [0.2, 0.3, 0.4],
  ...own,
});

const planted = (file: string, text = '') => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
};
/** A device file: a link to one that every Linux has. */
const plantedNode = (file: string, to = '/dev/null') => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  symlinkSync(to, join(root, file));
};

/** Somebody who listens on a port of this machine. */
async function listening(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => heard.push('bytes'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as { port: number }).port;
}
const heard: string[] = [];

/** A site with these devices, whose ports are free. */
const siteWith = (own: Partial<Site>, ...devices: object[]): Site => ({
  ...smallSite,
  broker: { ...smallSite.broker, embedded: true },
  devices: devices as Site['devices'],
  ...own,
});
const scanner = (connection: object) => ({
  ...{ device: 'scan-1', type: 'barcode-scanner', settings: { connection } },
});
const serial = scanner({ kind: 'serial', path: '/dev/ttyUSB7', baudRate: 9600 });
const usb = {
  device: 'printer-1',
  settings: { connection: { kind: 'usb', path: '/dev/usb/lp3' } },
};
const hid = scanner({ kind: 'hidPos', vendorId: 0x05e0, productId: 0x1701 });
const printer = (port: number) => ({ device: 'printer-1', settings: { host: '127.0.0.1', port } });

async function findings(site: Site | undefined, own: Partial<Machine> = {}, folder = root) {
  const all = await examine(machine(own), { site, dataFolder: join(folder, 'data') });
  const one = (about: string, level: string) =>
    all.find((found) => found.about === about && found.level === level);
  return { all, one, levels: [...new Set(all.map(({ level }) => level))].sort() };
}

test('on a good machine all is said to be so, and nothing is left behind', async () => {
  planted('run/systemd/timesync/synchronized');
  plantedNode('dev/serial/by-id/usb-Acme-if00');
  const path = '/dev/serial/by-id/usb-Acme-if00';
  const port = await listening();
  const site = siteWith({}, scanner({ kind: 'serial', path, baudRate: 9600 }), printer(port));
  const { all, levels } = await findings(site);
  expect(all.filter(({ level }) => level !== 'ok')).toEqual([]);
  expect(levels).toEqual(['ok']);
  expect(all.map(({ about }) => about)).toEqual([
    ...['node', 'sqlite', 'disk', 'fsync', 'clock', 'serialport', 'scan-1'],
    ...['api', 'broker', 'printer-1'],
  ]);
  expect(readdirSync(root).sort()).toEqual(['dev', 'run']);
  expect(heard).toEqual([]);
});

test.each([
  ['node', 'bad', { nodeVersion: '22.1.0' }, /24 or newer/, /npm ci/],
  ['disk', 'bad', { statfs: () => ({ type: 0x6969, freeBytes: 2 ** 40 }) }, /NFS/, /local disk/],
  ['disk', 'bad', { statfs: () => ({ type: 0x01021994, freeBytes: 2 ** 40 }) }, /tmpfs/, /--data/],
  [
    'disk',
    'bad',
    { statfs: () => ({ type: 0xef53, freeBytes: 2 ** 20 }) },
    /0\.0 GiB free/,
    /free/,
  ],
  ['disk', 'warn', { statfs: () => ({ type: 0xef53, freeBytes: 2 ** 29 }) }, /0\.5 GiB/, /free/],
  ['fsync', 'warn', { fsyncsMs: () => [5, 25, 400] }, /25\.0 ms, at the worst 400\.0/, /SSD/],
  ['clock', 'bad', { clock: { ...thisMachine().clock, nowMs: () => 0 } }, /1970/, /timedatectl/],
  ['clock', 'warn', {}, /nothing that keeps it right/, /set-ntp/],
] as [string, string, Partial<Machine>, RegExp, RegExp][])(
  '%s is found %s with %j',
  async (about, level, own, text, fix) => {
    const { one } = await findings(undefined, own);
    expect(one(about, level)?.text).toMatch(text);
    expect(one(about, level)?.fix).toMatch(fix);
  },
);

test('a data folder where nothing can be written is found, with the command that makes it', async () => {
  const { one } = await findings(undefined, {}, '/proc');
  expect(one('disk', 'bad')?.text).toContain('nothing can be written in /proc');
  expect(one('disk', 'bad')?.fix).toBe('sudo install -d -o anna /proc/data');
});

test('a disk is really written to, and how long that takes is told', async () => {
  const { fsyncsMs } = thisMachine();
  const { all } = await findings(undefined, { fsyncsMs });
  expect(all.find(({ about }) => about === 'fsync')?.text).toMatch(/after \d+\.\d ms/);
  expect(existsSync(join(root, 'data'))).toBe(false);
});

test('without a site the demo is looked after: socat is missing', async () => {
  const { one } = await findings(undefined, { path: '/nowhere' });
  expect(one('socat', 'warn')?.fix).toBe('sudo apt-get install socat');
  planted('bin/socat');
  expect(
    (await findings(undefined, { path: `/nowhere:${root}/bin` })).one('socat', 'ok'),
  ).toBeDefined();
});

test('a serial port that is not there is found, and those that are there are named', async () => {
  const { one } = await findings(siteWith({}, serial));
  expect(one('scan-1', 'bad')?.text).toBe('/dev/ttyUSB7 is not there');
  expect(one('scan-1', 'bad')?.fix).toContain('no serial port is there at all');
  plantedNode('dev/serial/by-id/usb-Acme-if00');
  planted('sys/class/tty/ttyACM0/device/x');
  planted('sys/class/tty/tty1/x');
  const second = await findings(siteWith({}, serial));
  expect(second.one('scan-1', 'bad')?.fix).toMatch(
    /file: \/dev\/serial\/by-id\/usb-Acme-if00, \/dev\/ttyACM0$/,
  );
});

test('a port that may not be used is found, with the command that lets this user', async () => {
  plantedNode('dev/ttyUSB7');
  planted('etc/group', 'root:x:4711:\ndialout:x:0:ben\n');
  const { one } = await findings(siteWith({}, serial), { mayUse: () => false });
  expect(one('scan-1', 'bad')?.text).toBe('/dev/ttyUSB7 may not be read and written by anna');
  expect(one('scan-1', 'bad')?.fix).toBe('sudo usermod -aG dialout anna, then log in again');
  planted('etc/group', 'root:x:0:\n');
  const second = await findings(siteWith({}, serial), { mayUse: () => false });
  expect(second.one('scan-1', 'bad')?.fix).toContain('udev rule');
});

test('a name that may mean another port after the next start is warned of, with the lasting one', async () => {
  plantedNode('dev/ttyUSB7', '/dev/zero');
  plantedNode('dev/serial/by-id/usb-Acme-if00', '/dev/zero');
  const { one } = await findings(siteWith({}, serial));
  expect(one('scan-1', 'warn')?.fix).toBe(
    'name it in the site file as /dev/serial/by-id/usb-Acme-if00',
  );
});

test('a path that is no device is found', async () => {
  planted('dev/ttyUSB7', 'a file');
  const { one } = await findings(siteWith({}, serial));
  expect(one('scan-1', 'bad')?.text).toBe('/dev/ttyUSB7 is no device file');
});

test('a USB printer that is not there is found, and another one that is, is named', async () => {
  planted('dev/usb/lp0');
  planted('dev/usb/hiddev0');
  const { one } = await findings(siteWith({}, usb));
  expect(one('printer-1', 'bad')?.fix).toMatch(/file: \/dev\/usb\/lp0$/);
});

test('a HID scanner is known by its ids; one that may not be used gets its udev rule', async () => {
  const missing = await findings(siteWith({}, hid));
  expect(missing.one('scan-1', 'bad')?.text).toContain('no HID device is there');
  const uevent = 'HID_ID=0003:000005E0:00001701\nHID_NAME=Symbol Scanner\n';
  planted('sys/class/hidraw/hidraw2/device/uevent', uevent);
  expect((await findings(siteWith({}, hid))).one('scan-1', 'ok')?.text).toContain('/dev/hidraw2');
  const other = scanner({ kind: 'hidPos', path: '/dev/hidraw0' });
  const wrong = await findings(siteWith({}, other));
  expect(wrong.one('scan-1', 'bad')?.fix).toContain('Symbol Scanner (05e0:1701, /dev/hidraw2)');
  const forbidden = await findings(siteWith({}, hid), { mayUse: () => false });
  expect(forbidden.one('scan-1', 'bad')?.fix).toContain(
    `KERNEL=="hidraw*", ATTRS{idVendor}=="05e0", ATTRS{idProduct}=="1701", MODE="0660", GROUP="dialout"`,
  );
});

test('a library that is missing is found, and only where the site needs it', async () => {
  const load = (name: string) => Promise.reject(new Error(`${name}: libusb-1.0.so.0 is missing`));
  const { one } = await findings(siteWith({}, hid), { load });
  expect(one('node-hid', 'bad')?.text).toContain('libusb-1.0.so.0 is missing');
  expect(one('node-hid', 'bad')?.fix).toContain('apt-get install libudev1 libusb-1.0-0');
  expect(one('serialport', 'bad')).toBeUndefined();
  const { levels } = await findings(siteWith({}, printer(await listening())), { load });
  expect(levels).not.toContain('bad');
});

test('a port that somebody else has is found before the start', async () => {
  const http = { host: '127.0.0.1', port: await listening() };
  const { one } = await findings(siteWith({ http }));
  expect(one('api', 'bad')?.text).toMatch(/cannot be listened on: EADDRINUSE$/);
  expect(one('api', 'bad')?.fix).toContain(`ss -ltnp 'sport = :${http.port}'`);
});

test('an interface that this machine does not have is found', async () => {
  const { one } = await findings(siteWith({ http: { host: '192.0.2.1', port: 8080 } }));
  expect(one('api', 'bad')?.fix).toContain('is no address of this machine');
});

test('a device and a broker that nobody answers for are found', async () => {
  const port = await listening();
  await endings.shift()?.();
  const broker = { ...smallSite.broker, port };
  const { one } = await findings(siteWith({ broker }, printer(port)));
  expect(one('printer-1', 'bad')?.text).toContain('ECONNREFUSED');
  expect(one('printer-1', 'bad')?.fix).toContain('check the port');
  expect(one('broker', 'bad')?.fix).toContain('does not listen');
});

test('a password that is not in the environment is missed before the broker misses it', async () => {
  const broker = { ...smallSite.broker, embedded: true, passwordEnv: 'MQTT_PASSWORD' };
  const { one } = await findings(siteWith({ broker }));
  expect(one('broker', 'bad')?.text).toContain('MQTT_PASSWORD');
  const environment = { MQTT_PASSWORD: 'open sesame' };
  const { all } = await findings(siteWith({ broker }), { environment });
  expect(all.filter(({ level }) => level === 'bad')).toEqual([]);
  expect(JSON.stringify(all)).not.toContain('sesame');
});

test('the verb prints findings and fixes, and ends with 6 where something is bad', async () => {
  const good = await craneway(['doctor', '--data', join(root, 'data'), '--json']);
  const told = JSON.parse(good.out) as { about: string; level: string }[];
  expect(told).toContainEqual(expect.objectContaining({ about: 'sqlite', level: 'ok' }));
  // What else there is, is this machine's: its disk may be full.
  expect(good.code).toBe(told.some(({ level }) => level === 'bad') ? 6 : 0);
  const ill = await craneway(['doctor', '--data', '/proc/data']);
  expect(ill.code).toBe(6);
  expect(ill.out).toMatch(/^LEVEL +ABOUT +FOUND\n/);
  expect(ill.out).toMatch(/\nWhat to do:\n(.*\n)*disk: sudo install -d -o /);
}, 30_000);
