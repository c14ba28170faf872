/** Text as HTML shows it, with `code` in backticks set as code. */
export const richText = (text: string): string =>
  escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>');

/** Text that no browser takes for markup, in content and in attributes. */
export const escaped = (text: string): string =>
  text.replace(
    /[&<>"']/g,
    (character) =>
      ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[character] ?? '',
  );

/** @param rows  cells as HTML */
export function htmlTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: 'th' | 'td') =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return [
    '<table>',
    `<thead>${line(head, 'th')}</thead>`,
    `<tbody>\n${rows.map((row) => line(row, 'td')).join('\n')}\n</tbody>`,
    '</table>',
  ].join('\n');
}

/**
 * One page that needs nothing beside itself: to be mailed, printed, signed and filed.
 *
 * @param body  HTML
 */
export const htmlPage = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`;

const style = `
:root { color-scheme: light; }
body { font: 14px/1.45 system-ui, sans-serif; color: #111; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2rem; break-after: avoid; }
table { border-collapse: collapse; width: 100%; font-size: 12px; margin: .75rem 0; }
th, td { border: 1px solid #bbb; padding: .2rem .4rem; text-align: left; vertical-align: top; }
th { background: #eee; } thead { display: table-header-group; } tr { break-inside: avoid; }
code { font-family: ui-monospace, monospace; font-size: .92em; }
li { margin: .25rem 0; } nav li { display: inline-block; margin: 0 1rem .2rem 0; } nav ul { padding: 0; }
.passed { color: #06612b; font-weight: 600; } .failed { color: #a40000; font-weight: 700; } .notRun { color: #6a5200; font-weight: 600; }
.bar { display: inline-block; height: .8em; background: #4a6fa5; } .sign { margin-top: 3rem; } .sign td { height: 3rem; width: 33%; }
@media print { body { margin: 0; max-width: none; font-size: 11px; } nav { display: none; } a { color: inherit; text-decoration: none; } @page { margin: 15mm; } }
`;
