import {
  type ContextRead,
  Fault,
  type MatchedIntegration,
  type MatchReply,
  type MatchRequest,
  registrySubjects,
  type Viewer,
} from '@fingerpost/contracts';
import { askAgain, type Bus, type GrantsInForce } from '@fingerpost/platform';
import { LRUCache } from 'lru-cache';
import type { CatalogueNews } from '../news/news.ts';
import type { Question } from './question.ts';
import { fingerprint } from './results/read-set.ts';
import { SharedWork } from './shared-work.ts';

const ENTRIES = 10_000;
const TIMEOUT_MS = 4_000; // a replica that dies with the question is noticed in 2 s
const TRIES = 3;

/**
 * Which integrations fit a context, kept for as long as the catalogue stays the same, and for every context that no rule of it tells
 * apart: most new pages need no question. Lists come unsigned, so nothing is given out whose grant is not on the registry's signed list at
 * this moment: what was taken back ends, whoever swallows or forges what the bus carries. While the registry is silent, what it last said
 * goes on to count, for as long as the signed list does.
 */
export class MatchLists {
  private readonly lists = new LRUCache<string, MatchedIntegration[]>({ max: ENTRIES });
  /** by context type: what the rules look at */
  private readonly reads = new Map<string, ContextRead[]>();
  private readonly asking = new SharedWork<MatchedIntegration[]>();

  constructor(
    private readonly bus: Pick<Bus, 'request'>,
    private readonly news: CatalogueNews,
    private readonly grants: Pick<GrantsInForce, 'has' | 'hearOf' | 'ask'>,
  ) {
    news.onChange(() => {
      this.lists.clear();
      this.reads.clear();
    });
  }

  atHand(question: Question): MatchedIntegration[] | undefined {
    const key = keyOf(question);
    const list = this.lists.get(key) ?? this.likewise(question, key);
    return list !== undefined && this.isInForce(list) ? list : undefined;
  }

  private isInForce(list: readonly MatchedIntegration[]): boolean {
    return list.every(({ digest, grantRevision }) => this.grants.has(digest, grantRevision));
  }

  private likewise(question: Question, key: string): MatchedIntegration[] | undefined {
    const reads = this.reads.get(question.context.type);
    const list = reads && this.lists.get(likeKeyOf(question, reads));
    if (list !== undefined) this.lists.set(key, list);
    return list;
  }

  /** @throws Fault `bus.*` when the registry cannot be asked */
  async find(question: Question): Promise<MatchedIntegration[]> {
    const key = keyOf(question);
    return (
      this.atHand(question) ??
      (await this.asking.join(`${this.news.epoch} ${key}`, undefined, () => this.ask(question, key)))
    );
  }

  private async ask(question: Question, key: string): Promise<MatchedIntegration[]> {
    for (let tries = 0; tries < TRIES; tries++) {
      const { epoch, integrations, reads } = await this.request(question);
      // Something has changed while we asked, or somebody lies: the signed list tells.
      await this.grants.hearOf(epoch);
      if (!this.isInForce(integrations)) await this.grants.ask();
      if (epoch < (this.news.epoch ?? 0) || !this.isInForce(integrations)) continue;
      this.lists.set(key, integrations);
      if (reads !== undefined) {
        this.reads.set(question.context.type, reads);
        this.lists.set(likeKeyOf(question, reads), integrations);
      }
      return integrations;
    }
    throw new Fault('bus.timed_out', 'The registry’s signed word does not agree with which integrations fit.');
  }

  private request({ context, viewer }: Question): Promise<MatchReply> {
    const message: MatchRequest = { context, groups: viewer.groups, epoch: this.news.epoch };
    return askAgain(TIMEOUT_MS, (timeoutMs) =>
      this.bus.request<MatchReply>(registrySubjects.match, message, { timeoutMs }),
    );
  }
}

// Most viewers have no groups: their key is the context's alone.
const keyOf = ({ contextId, viewer }: Question): string =>
  viewer.groups.length === 0 ? contextId : `${contextId} ${groupsOf(viewer)}`;

const likeKeyOf = ({ context, viewer }: Question, reads: readonly ContextRead[]): string =>
  `like ${groupsOf(viewer)} ${fingerprint(context, reads)}`;

const groupsOf = ({ groups }: Viewer): string => JSON.stringify(groups.toSorted());
