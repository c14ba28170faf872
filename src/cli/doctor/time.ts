import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { timeText } from '../../contract/time.ts';
import { bad, type Finding, type Machine, ok, warn } from './finding.ts';

/** 2026-01-01: this program is younger than that. */
const earliestMs = 1_767_225_600_000;
/** What says that a clock is kept right, and whether it says that it is. */
const keepers = [
  { file: 'run/systemd/timesync/synchronized', text: 'synchronized by systemd-timesyncd' },
  { file: 'run/chrony/chronyd.pid', text: 'chronyd runs; ask it with chronyc tracking' },
  { file: 'run/ntpd.pid', text: 'ntpd runs; ask it with ntpq -p' },
];

/** Times in orders, labels and the audit are this clock's. */
export function checkTime({ clock, root }: Machine): Finding {
  const nowMs = clock.nowMs();
  const now = timeText(nowMs);
  if (nowMs < earliestMs) {
    const fix = 'set the clock: sudo timedatectl set-ntp true, or sudo date -s "2026-01-31 12:00"';
    return bad('clock', `it says ${now}, which is past`, fix);
  }
  const keeper = keepers.find(({ file }) => existsSync(join(root, file)));
  if (keeper !== undefined) return ok('clock', `${now}, ${keeper.text}`);
  const text = `${now}; nothing that keeps it right was found`;
  return warn('clock', text, 'sudo timedatectl set-ntp true; in a container, on its host');
}
