import { escaped, htmlPage, htmlTable, richText } from './html.ts';
import type { InterfaceFile } from './interface-file.ts';
import { registerDocument, type Section } from './register-document.ts';

/**
 * The interface as one HTML page for screen and paper; loads nothing from anywhere.
 *
 * @returns the whole page
 */
export function registerPage(file: InterfaceFile): string {
  const { title, intro, sections } = registerDocument(file);
  const links = sections.map(
    (section) => `<li><a href="#${anchor(section)}">${richText(section.title)}</a></li>`,
  );
  const body = [
    `<h1>${escaped(title)}</h1>`,
    `<p>${richText(intro.join(' '))}</p>`,
    `<nav><ul>\n${links.join('\n')}\n</ul></nav>`,
    ...sections.map(sectionHtml),
  ].join('\n');
  return htmlPage(title, body);
}

const anchor = ({ title }: Section): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

function sectionHtml(section: Section): string {
  const { title, paragraphs, steps = [], table } = section;
  return [
    `<section id="${anchor(section)}">`,
    `<h2>${richText(title)}</h2>`,
    ...paragraphs.map((text) => `<p>${richText(text)}</p>`),
    ...(steps.length === 0
      ? []
      : [`<ol>\n${steps.map((step) => `<li>${richText(step)}</li>`).join('\n')}\n</ol>`]),
    ...(table === undefined
      ? []
      : [
          htmlTable(
            table.head.map(escaped),
            table.rows.map((row) => row.map(richText)),
          ),
        ]),
    '</section>',
  ].join('\n');
}
