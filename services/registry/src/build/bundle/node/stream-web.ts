export const { ReadableStream, WritableStream, TransformStream, ByteLengthQueuingStrategy, CountQueuingStrategy } =
  globalThis;
export const { TextDecoderStream, TextEncoderStream, CompressionStream, DecompressionStream } = globalThis;
export default {
  ...{ ReadableStream, WritableStream, TransformStream, ByteLengthQueuingStrategy, CountQueuingStrategy },
  ...{ TextDecoderStream, TextEncoderStream, CompressionStream, DecompressionStream },
};
