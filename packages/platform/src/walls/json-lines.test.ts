import { PassThrough } from 'node:stream';
import { JsonLines } from './json-lines.ts';

function linesOf(...chunks: string[]): unknown[] {
  const socket = new PassThrough();
  const heard: unknown[] = [];
  new JsonLines(socket, 20).onLine = (message) => heard.push(message);
  for (const chunk of chunks) socket.emit('data', Buffer.from(chunk));
  return heard;
}

describe('what a child says', () => {
  it('is heard line by line, wherever it is cut', () => {
    expect(linesOf('{"a":1}\n[2]\n"3')).toEqual([{ a: 1 }, [2]]);
    expect(linesOf(...'{"a":"ä"}\n[2]\n')).toEqual([{ a: 'ä' }, [2]]);
  });

  it('is nothing where it is no JSON', () => {
    expect(linesOf('x\n\n1\n')).toEqual([undefined, undefined, 1]);
  });

  it('ends with a line that has no end', () => {
    expect(linesOf('1\n', '"123456789', '0123456789', '"\n2\n')).toEqual([1, undefined]);
    expect(linesOf(`1\n"${'x'.repeat(30)}"\n2\n`)).toEqual([1, undefined]);
  });
});
