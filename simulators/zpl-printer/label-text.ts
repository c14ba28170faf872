/**
 * The SSCC that a label's bar code would be read as; undefined where it has none.
 *
 * Looks at fields of GS1-128 alone (`^BC` in mode D, identifiers in parentheses), as a scanner sees
 * the bars and not the text beside them.
 */
export function ssccOf(zpl: string): string | undefined {
  for (const field of zpl.split('^FS')) {
    if (!/\^BC[^^]*,D(?:[^A-Z]|$)/.test(field)) continue;
    const data = /\^FD([^^]*)/.exec(field)?.[1];
    if (data === undefined) continue;
    const read = withoutEscapes(data, /\^FH(.?)/.exec(field));
    const sscc = /^\(00\)([0-9]{18})(?:\(|$)/.exec(read.replaceAll(' ', ''))?.[1];
    if (sscc !== undefined) return sscc;
  }
  return undefined;
}

/** Hexadecimal escapes, where the field has them switched on. */
function withoutEscapes(data: string, escapes: RegExpExecArray | null): string {
  if (escapes === null) return data;
  const sign = escapes[1] && escapes[1] !== '^' ? escapes[1] : '_';
  return data
    .split(sign)
    .map((part, index) =>
      index > 0 && /^[0-9A-Fa-f]{2}/.test(part)
        ? String.fromCharCode(Number.parseInt(part.slice(0, 2), 16)) + part.slice(2)
        : `${index > 0 ? sign : ''}${part}`,
    )
    .join('');
}
