/** One hostile file, or several that work together, and what must have come of them. Nobody else may have been hurt: that goes without saying. */
export interface Attack {
  /** finishes "an integration that ..."; its page is `attack/<name>` */
  name: string;
  /** by name; `OUTSIDE` in a text stands for a folder beside the integrations, `LOOPBACK` for a port of this machine */
  files: Record<string, string>;
  /** more than files: links, pipes, sizes. Called with the integrations folder before the files are written */
  prepare?: (folder: string, outside: string) => Promise<unknown>;
  /** what is asked, one after another, beside the page; one question by default */
  questions?: object[];
  /** `says <contents>`, `fails <code>`, `refused <message>` of the last question, or of the file */
  ends: RegExp;
}

export interface Family {
  name: string;
  attacks: Attack[];
}

export const slug = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

/** An integration in one file that answers its own page alone. `metadata` may go on with more fields. */
export const hostile = (name: string, body: string, ends: RegExp, metadata = '', before = ''): Attack => ({
  name,
  files: { [`${slug(name)}.integration.js`]: source(slug(name), body, metadata, before) },
  ends,
});

/** The same, with more files beside its own. */
export const withFiles = (attack: Attack, files: Attack['files']): Attack => ({
  ...attack,
  files: { ...attack.files, ...files },
});

export const source = (name: string, body: string, metadata = '', before = '', page = name): string => `
${before}
const say = (...all) => all.map((one) => ({ type: 'text', content: String(one) }));
module.exports = {
  metadata: { name: 'x${name}'.slice(0, 90), match: { contextType: 'github', context: { 'page.repository': { equals: 'attack/${page}' } } }, cache: 0, ${metadata} },
  run: async function (context, secrets, dataFiles) { ${body} },
};
`;
