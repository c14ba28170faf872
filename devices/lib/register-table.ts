import type { InterfaceFile } from './interface-file.ts';
import { type Row, registerDocument, type Section } from './register-document.ts';

/**
 * The interface as a document for the PLC programmer. Goes as it is into
 * `config/interfaces/<id>-v<major>.md`.
 *
 * @returns Markdown; the first line says that it is generated, the last one ends with a newline
 */
export function registerTable(file: InterfaceFile): string {
  const { id, version } = file.meta;
  const { title, intro, sections } = registerDocument(file);
  const source = `${id}-v${version.major}.yaml`;
  return `${[
    `<!-- Generated from ${source} by \`npm run generate\`. Do not edit: change that file. -->`,
    `# ${title}`,
    intro.join('\n'),
    ...sections.flatMap(sectionText),
  ].join('\n\n')}\n`;
}

function sectionText({ title, paragraphs, steps = [], table }: Section): string[] {
  return [
    `## ${title}`,
    ...paragraphs,
    ...(steps.length === 0 ? [] : [steps.map((step, i) => `${i + 1}. ${step}`).join('\n')]),
    ...(table === undefined ? [] : [tableText(table.head, table.rows)]),
  ];
}

function tableText(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}
