import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What the tests need from the system, as Debian names it, and a file that shows that it is there. */
const needed = [
  { package: 'mosquitto', file: '/usr/sbin/mosquitto' },
  { package: 'mosquitto-clients', file: '/usr/bin/mosquitto_pub' },
  { package: 'socat', file: '/usr/bin/socat' },
  { package: 'mbpoll', file: '/usr/bin/mbpoll' },
  { package: 'python3-pymodbus', file: '/usr/lib/python3/dist-packages/pymodbus' },
  { package: 'gcc', file: '/usr/bin/gcc' },
  { package: 'libc6-dev', file: '/usr/include/stdio.h' },
  { package: 'python3-serial-asyncio', file: '/usr/lib/python3/dist-packages/serial_asyncio' },
] as const;

const missing = needed.filter(({ file }) => !existsSync(file)).map((row) => row.package);
if (missing.length > 0) {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync('/usr/bin/apt-get') || !install(missing)) {
    const command = `apt-get install ${missing.join(' ')}`;
    process.stderr.write(`The tests need ${missing.join(', ')}: run as root: ${command}\n`);
    process.exit(1);
  }
}

/** The services that Debian starts with a package are not wanted: each test starts its own. */
function install(packages: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const apt = (...args: string[]) =>
    spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  process.stderr.write(`Installing ${packages.join(', ')}\n`);
  return (
    apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', ...packages)
  );
}
