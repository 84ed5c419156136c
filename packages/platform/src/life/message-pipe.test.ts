import { IsString } from 'class-validator';
import { MessagePipe } from './message-pipe.ts';

class Greeting {
  @IsString()
  text: string;
}

const pass = (json: string) => new MessagePipe().transform(JSON.parse(json), { type: 'body', metatype: Greeting });

describe('a message that enters', () => {
  it('keeps fields that are newer than its class', () => {
    expect(pass('{"text":"hello","tone":"warm"}')).toMatchObject({ text: 'hello', tone: 'warm' });
  });

  it.each([
    ['is of another type', '{"text":7}'],
    ['brings a constructor of its own', '{"text":7,"constructor":{}}'],
    ['brings a constructor that is nothing', '{"text":7,"constructor":null}'],
    ['has its fields in a prototype', '{"__proto__":{"text":"hello"}}'],
    ['is a list', '[{"text":"hello"}]'],
  ])('is refused where it %s', (_what, json) => {
    expect(() => pass(json)).toThrow(/^A message is not valid: text: /);
  });
});
