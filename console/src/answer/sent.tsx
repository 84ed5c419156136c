import { type KeyboardEvent, useEffect, useState } from 'react';
import './answer.css';

interface SentProps {
  context: unknown;
  canSend: boolean;
  onSend(context: unknown): void;
}

/** The context as it went out, to be changed by hand and sent again. */
export function Sent({ context, canSend, onSend }: SentProps) {
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string>();
  useEffect(() => {
    setText(JSON.stringify(context, null, 2));
    setFault(undefined);
  }, [context]);

  const send = () => {
    try {
      onSend(JSON.parse(text));
      setFault(undefined);
    } catch (error) {
      setFault((error as Error).message);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && canSend) send();
  };

  return (
    <section className="card sent" aria-labelledby="sent">
      <header>
        <h2 id="sent">What was sent</h2>
        <code className="quiet">POST /context</code>
        <button type="button" onClick={send} disabled={!canSend} title="Ctrl+Enter">
          Send
        </button>
      </header>
      <textarea
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        aria-label="Context as JSON"
        aria-invalid={fault !== undefined}
        aria-describedby={fault && 'sent-fault'}
        spellCheck={false}
        rows={Math.min(22, Math.max(10, text.split('\n').length + 1))}
      />
      {fault && (
        <p id="sent-fault" className="fault" role="alert">
          Not JSON: {fault}
        </p>
      )}
    </section>
  );
}
