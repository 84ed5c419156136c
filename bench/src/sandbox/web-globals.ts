/** What an integration finds around it where nobody makes a platform for it: Node's own, and a `fetch` that asks the bench. */
export const webGlobals = (upstream: (request: Request) => Promise<Response>) => ({
  ...{ AbortController, AbortSignal, Blob, Headers, ReadableStream, Request, Response, TextDecoder, TextEncoder, URL },
  ...{ URLSearchParams, atob, btoa, clearTimeout, console, crypto, performance, setTimeout, structuredClone },
  fetch: (input: string | Request, init?: RequestInit) => upstream(new Request(input, init)),
});
