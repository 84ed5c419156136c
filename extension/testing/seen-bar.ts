/**
 * The bar as a person meets it. Its shadow root is closed, so that not even a test's locators see into it: this one goes by what the
 * browser tells screen readers, and presses where things are.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';

export interface SeenNode {
  role: string;
  name: string;
  description?: string;
  backendId: number;
  isExpanded?: boolean;
}

export class SeenBar {
  private readonly page: Page;
  private readonly session: CDPSession;

  // Spelt out, because pictures are taken by a program that Node runs as it stands.
  private constructor(page: Page, session: CDPSession) {
    this.page = page;
    this.session = session;
  }

  static async on(page: Page): Promise<SeenBar> {
    return new SeenBar(page, await page.context().newCDPSession(page));
  }

  /** Everything in the accessibility tree, in the order of reading. */
  async nodes(): Promise<SeenNode[]> {
    const { nodes } = await this.session.send('Accessibility.getFullAXTree');
    const byId = new Map(nodes.map((node) => [node.nodeId, node]));
    const read = (id: string): typeof nodes => {
      const node = byId.get(id);
      return node === undefined ? [] : [node, ...(node.childIds ?? []).flatMap(read)];
    };
    return read(nodes[0]?.nodeId ?? '')
      .filter(({ ignored, role }) => !ignored && role?.value !== 'InlineTextBox')
      .map((node) => ({
        role: String(node.role?.value ?? ''),
        name: String(node.name?.value ?? ''),
        description: node.description?.value as string | undefined,
        backendId: node.backendDOMNodeId ?? 0,
        isExpanded: node.properties?.find(({ name }) => name === 'expanded')?.value.value as boolean | undefined,
      }));
  }

  /** The toolbar as it is read out: a line for each thing that has a name, with what describes it. */
  async told(): Promise<string[]> {
    const nodes = await this.nodes();
    const toolbar = nodes.findIndex(({ role, name }) => role === 'toolbar' && /known about this page/.test(name));
    const end = nodes.findIndex(({ role }, at) => at > toolbar && role === 'status');
    return nodes
      .slice(toolbar, end)
      .filter(({ role, name }) => role !== 'StaticText' && name !== '')
      .map(({ role, name, description }) => `${role} "${name}"${description ? ` (${description})` : ''}`);
  }

  async find(role: string, name: string | RegExp, withinMs = 6_000): Promise<SeenNode> {
    const fits = (node: SeenNode) =>
      node.role === role && (typeof name === 'string' ? node.name === name : name.test(node.name));
    const deadline = performance.now() + withinMs;
    for (;;) {
      const nodes = await this.nodes();
      const found = nodes.find(fits);
      if (found !== undefined) return found;
      if (performance.now() > deadline) throw new Error(`no ${role} "${name}"; the bar has ${inBar(nodes)}`);
      await sleep(50);
    }
  }

  async isThere(role: string, name: string | RegExp): Promise<boolean> {
    return this.find(role, name, 0).then(
      () => true,
      () => false,
    );
  }

  async gone(role: string, name: string | RegExp, withinMs = 6_000): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (await this.isThere(role, name)) {
      if (performance.now() > deadline) throw new Error(`${role} "${name}" is still there`);
      await sleep(50);
    }
  }

  async box(node: SeenNode): Promise<{ x: number; y: number; width: number; height: number }> {
    const { model } = await this.session.send('DOM.getBoxModel', { backendNodeId: node.backendId });
    const [x = 0, y = 0] = model.border;
    return { x, y, width: model.width, height: model.height };
  }

  async press(role: string, name: string | RegExp): Promise<void> {
    const { x, y, width, height } = await this.box(await this.find(role, name));
    await this.page.mouse.click(x + width / 2, y + height / 2);
  }

  async focus(role: string, name: string | RegExp): Promise<void> {
    const { backendId } = await this.find(role, name);
    await this.session.send('DOM.focus', { backendNodeId: backendId });
  }

  /** What has the focus, wherever it is. */
  async focused(): Promise<string> {
    const { nodes } = await this.session.send('Accessibility.getFullAXTree');
    const focused = nodes.filter(({ properties }) =>
      properties?.some(({ name, value }) => name === 'focused' && value.value),
    );
    return String(focused.at(-1)?.name?.value ?? '');
  }
}

const inBar = (nodes: SeenNode[]) =>
  nodes
    .filter(({ role }) => role !== 'generic')
    .slice(-40)
    .map(({ role, name }) => `${role} "${name.slice(0, 60)}"`)
    .join(', ');
