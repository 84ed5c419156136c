import { auditSubjects } from '@fingerpost/contracts';
import { type Bus, watchGauge } from '@fingerpost/platform';

const LOOK_MS = 5_000;
const HELP = 'Audit events that are kept by the bus and not yet in the trail.';

/** How far the audit trail is behind; nothing is told while the bus cannot say. @returns how to stop */
export function watchBacklog(bus: Bus): () => void {
  let backlog: number | undefined;
  const look = async () => {
    backlog = await bus.backlog(auditSubjects.anyEvent, 'registry').catch(() => undefined);
  };
  const timer = setInterval(look, LOOK_MS).unref();
  void look();
  const unwatch = watchGauge('fingerpost_registry_audit_backlog_events', HELP, () => backlog);
  return () => {
    clearInterval(timer);
    unwatch();
  };
}
