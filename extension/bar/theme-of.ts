/** Whether a page is dark, by what it is painted on: pages have switches of their own, and many know of no dark at all. */
export function themeOf(document: Document): 'auto' | 'light' | 'dark' {
  for (const element of [document.body, document.documentElement]) {
    const lightness = element && lightnessOf(getComputedStyle(element).backgroundColor);
    if (lightness !== undefined && lightness !== null) return lightness < 0.45 ? 'dark' : 'light';
  }
  const { colorScheme } = getComputedStyle(document.documentElement);
  if (colorScheme === 'dark') return 'dark';
  return colorScheme.includes('dark') ? 'auto' : 'light';
}

/** From 0 to 1; nothing for what one can see through, or cannot read. */
export function lightnessOf(color: string): number | undefined {
  const [red, green, blue, alpha = 1] = (/^rgba?\(([^)]+)\)$/.exec(color)?.[1] ?? '').split(/[\s,/]+/).map(Number);
  if (red === undefined || green === undefined || blue === undefined || !(alpha > 0.5)) return undefined;
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}
