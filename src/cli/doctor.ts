import type { Command } from 'commander';
import type { Finding } from './doctor/finding.ts';
import { exitCodes } from './failure.ts';
import { common, say, show, table } from './output.ts';

export function register(program: Command): void {
  program
    .command('doctor')
    .argument('[site]', 'name under config/sites, or path of a site file')
    .description('look at all that a site needs of this machine and its network')
    .option('--data <folder>', 'where its ledger is to lie (default: .craneway/<site>)')
    .addHelpText('after', '\nNothing is changed, and nothing is sent to a device.')
    .action(async (name: string | undefined, { data }: { data?: string }, command: Command) => {
      const options = common(command);
      const [{ examine }, { thisMachine }, { readSiteFiles }] = await Promise.all([
        import('./doctor/examine.ts'),
        import('./doctor/this-machine.ts'),
        import('./site-files.ts'),
      ]);
      const site = name === undefined ? undefined : readSiteFiles(name).site;
      const dataFolder = data ?? `.craneway/${site?.site ?? 'demo'}`;
      const findings = await examine(thisMachine(), { site, dataFolder });
      show(options, findings, text);
      const badly = findings.filter(({ level }) => level === 'bad').length;
      say(
        options,
        badly === 0 ? 'Nothing stands in the way.' : `${badly} of them must be seen to.`,
      );
      if (badly > 0) process.exitCode = exitCodes.findings;
    });
}

/** A line for each finding, and what to do on a line of its own, ready to be copied. */
function text(findings: readonly Finding[]): string {
  const list = table(findings, {
    level: (row) => row.level,
    about: (row) => row.about,
    found: (row) => row.text,
  });
  const fixes = findings.flatMap(({ about, fix }) =>
    fix === undefined ? [] : [`${about}: ${fix}`],
  );
  return fixes.length === 0 ? list : [list, '', 'What to do:', ...fixes].join('\n');
}
