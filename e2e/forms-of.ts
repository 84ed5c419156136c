/** A value as it may stand somewhere: as it is, and in each way that one writes it when it must not be seen. */
export const formsOf = (value: string): string[] => [
  ...[value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)],
  ...[[...value].reverse().join(''), Buffer.from(value).toString('hex')],
  // without what depends on its neighbours
  ...['', 'x', 'xx'].flatMap((before) => {
    const inner = Buffer.from(before + value)
      .toString('base64')
      .replace(/=+$/, '')
      .slice(4, -2);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  }),
];
