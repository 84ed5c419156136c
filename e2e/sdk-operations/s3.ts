import { crc32 } from 'node:zlib';
import type { Answer, Asked } from '../stand-in.ts';
import { aws, header, type Operation } from './operation.ts';

export const S3_OPERATIONS: Record<string, Operation> = {
  s3: {
    file: aws(
      's3',
      'S3Client',
      'PutObjectCommand, GetObjectCommand, paginateListObjectsV2',
      `const put = (Key, input) => client.send(new PutObjectCommand({ Bucket: 'acme-notes', Key, ...input }));
       const get = async (Key) => (await client.send(new GetObjectCommand({ Bucket: 'acme-notes', Key }))).Body;
       await put('text', { Body: 'as text' });
       await put('bytes', { Body: new TextEncoder().encode('as bytes') });
       await put('stream', { Body: new Response('as a stream').body, ContentLength: 11 });
       await put('blob', { Body: new Blob(['as a blob']) });
       out.read = [await (await get('text')).transformToString(), await new Response(await get('bytes')).text()];
       for await (const chunk of (await get('stream')).transformToWebStream()) out.read.push(new TextDecoder().decode(chunk));
       out.read.push(await (await get('blob')).transformToString());
       out.list = await each(paginateListObjectsV2({ client }, { Bucket: 'acme-notes' }), (page) => page.Contents.map((one) => one.Key));
       out.missing = await attempt(() => get('none'));`,
    ),
    hosts: { 'acme-notes.s3.eu-west-1.amazonaws.com': speakAsS3 },
    shown: {
      read: ['as text', 'as bytes', 'as a stream', 'as a blob'],
      list: ['R&D 1', 'R&D 2'],
      missing: 'NoSuchKey: gone',
    },
  },
};

const objects: Record<string, { body: string; checksum: string }> = {};

function checksummed(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return bytes.toString('base64');
}

function speakAsS3(asked: Asked): ReturnType<Answer> {
  const { pathname, searchParams } = new URL(asked.path, 'https://s3');
  const xml = (body: string) => ({
    body: `<?xml version="1.0"?>${body}`,
    headers: { 'content-type': 'application/xml' },
  });
  if (asked.method === 'PUT') {
    const [, chunk, trailer] = /^\w+\r\n(.*)\r\n0\r\n(?:x-amz-checksum-crc32:(.*)\r\n)?\r\n$/s.exec(asked.body) ?? [];
    const body = chunk ?? asked.body;
    objects[pathname] = { body, checksum: trailer ?? header(asked, 'x-amz-checksum-crc32') };
    return objects[pathname].checksum === checksummed(body) ? { body: '' } : { status: 400, body: '' };
  }
  if (searchParams.has('list-type')) {
    const isLast = searchParams.has('continuation-token');
    const more = isLast ? '' : '<NextContinuationToken>t</NextContinuationToken>';
    return xml(
      `<ListBucketResult><IsTruncated>${!isLast}</IsTruncated>${more}<Contents><Key>R&amp;D ${isLast ? 2 : 1}</Key></Contents></ListBucketResult>`,
    );
  }
  const object = objects[pathname];
  if (object === undefined)
    return { status: 404, ...xml('<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>') };
  return { body: object.body, headers: { 'content-type': 'text/plain', 'x-amz-checksum-crc32': object.checksum } };
}
