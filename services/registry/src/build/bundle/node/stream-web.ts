export const { ReadableStream, WritableStream, TransformStream, TextDecoderStream, TextEncoderStream } = globalThis;
export default { ReadableStream, WritableStream, TransformStream, TextDecoderStream, TextEncoderStream };
