interface Checksum {
  update(bytes: Uint8Array): void;
  digest(): Promise<Uint8Array>;
}

interface Options {
  base64Encoder?: (bytes: Uint8Array) => string;
  checksumAlgorithmFn?: new () => Checksum;
  checksumLocationName?: string;
}

const encoder = new TextEncoder();

/**
 * How S3 is sent a stream or a Blob with a checksum behind it: here in one chunk, since a call leaves the sandbox as a whole. The SDK's own
 * for browsers writes bytes as text, and reads a stream twice.
 */
export function getAwsChunkedEncodingStream(
  body: ReadableStream<Uint8Array> | Blob,
  options: Options,
): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async start(controller) {
      const bytes = await new Response(body).bytes();
      const trailer = await trailerOf(bytes, options);
      for (const part of [`${bytes.byteLength.toString(16)}\r\n`, bytes, `\r\n0\r\n${trailer}\r\n`])
        controller.enqueue(typeof part === 'string' ? encoder.encode(part) : part);
      controller.close();
    },
  });
}

async function trailerOf(bytes: Uint8Array, options: Options): Promise<string> {
  const { base64Encoder, checksumAlgorithmFn, checksumLocationName } = options;
  if (base64Encoder === undefined || checksumAlgorithmFn === undefined) return '';
  const checksum = new checksumAlgorithmFn();
  checksum.update(bytes);
  return `${checksumLocationName}:${base64Encoder(await checksum.digest())}\r\n`;
}
