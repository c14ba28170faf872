import type { Command } from 'commander';
import { print } from './output.ts';
import { registerCheck } from './plc-check.ts';

export function register(program: Command): void {
  const plc = program
    .command('plc')
    .description('interfaces of PLCs: documents, program stub, acceptance test');
  plc
    .command('docs <interface>')
    .description('registers and behavior for the programmer of the PLC, as Markdown')
    .option('--html', 'as one HTML page that can be printed')
    .action(async (name: string, { html = false }: { html?: boolean }) => {
      const { readInterface } = await import('./interface-files.ts');
      const { registerTable } = await import('../../devices/lib/register-table.ts');
      const { registerPage } = await import('../../devices/lib/register-page.ts');
      const file = readInterface(name);
      print((html ? registerPage(file) : registerTable(file)).trimEnd());
    });
  plc
    .command('stub <interface>')
    .description('Structured Text to begin the program of the PLC with')
    .action(async (name: string) => {
      const { readInterface } = await import('./interface-files.ts');
      const { stubText } = await import('./plc-stub.ts');
      print(stubText(readInterface(name)).trimEnd());
    });
  registerCheck(plc);
}
