import { backUp } from '../../src/cli/backup-file.ts';
import { machineClock as clock } from '../../src/machine/clock.ts';

/** Makes a backup, in a process that can be watched or harmed: `node backer.ts <data folder> <target>`. */
const [, , dataFolder = '', target = ''] = process.argv;
await backUp({ dataFolder, target, clock, rest: () => {} });
