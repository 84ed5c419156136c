import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';

/** Where something stands in a file that somebody wrote; both numbers from 1. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

/** The name under which sandboxes run bundled code. */
const BUNDLE_FILE = 'fingerpost:bundle';

const FRAME = new RegExp(`${BUNDLE_FILE}:(\\d+):(\\d+)`);
const OURS = /fingerpost:|<isolated-vm|\(<anonymous>\)/;

/**
 * A stack of bundled code as the author knows it: own files and places, without the frames of the platform.
 * `place`: the innermost one in the author's own files, not in a package's.
 */
export function readStack(stack: string, sourceMap: string): { stack: string; place?: Place } {
  const map = new TraceMap(sourceMap);
  let place: Place | undefined;
  const lines = stack.split('\n').flatMap((line, index) => {
    const [text, row, column] = FRAME.exec(line) ?? [];
    if (text === undefined) return index > 0 && OURS.test(line) && /^\s+at /.test(line) ? [] : [line];
    const at = originalPositionFor(map, { line: Number(row), column: Number(column) - 1 });
    if (at.source === null || at.source.startsWith('fingerpost:')) return [];
    const found = { file: at.source, line: at.line, column: at.column + 1 };
    if (!found.file.startsWith('node_modules/')) place ??= found;
    return [line.replace(text, `${found.file}:${found.line}:${found.column}`)];
  });
  return { stack: lines.join('\n'), place };
}
