import { readPage, segmentsOf } from '@fingerpost/sites';
import { CloudConsole } from './drawn/cloud-console.tsx';
import { Document } from './drawn/document.tsx';
import { PullRequest } from './drawn/pull-request.tsx';
import { Repository } from './drawn/repository.tsx';
import './drawn/drawn.css';

/** A wireframe that hints at the page, so that one sees where the bar sits. Decoration: nothing in it can be pressed. */
export function DrawnPage({ address }: { address: URL }) {
  return (
    <div className="drawn" aria-hidden="true">
      {drawingOf(address)}
    </div>
  );
}

function drawingOf(address: URL) {
  const { type, page, service } = readPage({ url: address }).context as unknown as SeenContext;
  const title = segmentsOf(address).at(-1) ?? address.hostname;
  if (type === 'aws') return <CloudConsole service={service?.name ?? 'console'} resource={service?.resourceName} />;
  if (page?.section?.pull !== undefined)
    return <PullRequest repository={page.repository ?? ''} number={page.section.pull} />;
  if (page?.repository !== undefined) return <Repository repository={page.repository} section={page.section?.name} />;
  return <Document title={title} />;
}

interface SeenContext {
  type: string;
  page?: { repository?: string; section?: { name?: string; pull?: string } };
  service?: { name?: string; resourceName?: string };
}
