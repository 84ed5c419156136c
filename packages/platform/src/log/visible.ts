/** Control characters, separators of lines and paragraphs, and what turns the direction of text. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;
const SHORT: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * A line of JSON, for people: authors' code can write line breaks, which would forge lines, and what terminals obey. Both are shown as escapes.
 * Stacks keep their lines: they are indented, so none of them begins like one of ours.
 */
export const visible = (line: string): string =>
  `${JSON.stringify(JSON.parse(line, (key, value) => (typeof value === 'string' ? escapeControls(value, key) : value)))}\n`;

const escapeControls = (text: string, key: string): string =>
  text.replaceAll(CONTROLS, (char) => (key === 'stack' && char === '\n' ? char : (SHORT[char] ?? escapeOf(char))));

const escapeOf = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
