export interface Site {
  name: string;
  description: string;
  /** origins of its pages; `https://*.` stands for any one name in front */
  urls: string[];
}

/** As the extension is told of it. */
export interface SiteInService extends Site {
  enabled: boolean;
  /** parts of its pages that are not to be read, e.g. `github.actions`: for the day on which a site changes them */
  partsOff: string[];
}

const SITES: readonly Site[] = [
  { name: 'github', description: 'Repositories, pull requests and code on GitHub', urls: ['https://github.com'] },
  {
    name: 'aws',
    description: 'Resources in the AWS console',
    urls: ['https://console.aws.amazon.com', 'https://*.console.aws.amazon.com'],
  },
  { name: 'gitlab', description: 'Projects, merge requests and pipelines on GitLab', urls: ['https://gitlab.com'] },
  { name: 'generic', description: 'Any other page that an integration names by its address', urls: [] },
];

export const SITE_NAMES = SITES.map(({ name }) => name);

/** The sites whose pages may ask. */
export class Sites {
  constructor(
    readonly enabled: readonly string[],
    private readonly partsOff: readonly string[] = [],
  ) {}

  all(): SiteInService[] {
    return SITES.map((site) => ({
      ...site,
      enabled: this.enabled.includes(site.name),
      partsOff: this.partsOff.filter((part) => part.startsWith(`${site.name}.`)),
    }));
  }

  isEnabled(name: string): boolean {
    return this.enabled.includes(name);
  }

  /** Whether a page of this origin may read answers. */
  owns(origin: string): boolean {
    return SITES.some(({ name, urls }) => this.isEnabled(name) && urls.some((url) => fits(url, origin)));
  }
}

function fits(pattern: string, origin: string): boolean {
  const [scheme, rest] = pattern.split('*');
  if (rest === undefined) return origin === pattern;
  const name = origin.slice(scheme!.length, -rest.length);
  return origin.startsWith(scheme!) && origin.endsWith(rest) && /^[a-z0-9-]+$/.test(name);
}
