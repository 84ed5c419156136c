import { applyDecorators, Get } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';

/** `GET` of a list that is given page by page. */
export const Paged = (path: string, summary: string, items: object) =>
  applyDecorators(
    Get(path),
    ApiOperation({ summary: `${summary}; page by page, and searched by the words of \`search\`` }),
    ApiQuery({ name: 'search', required: false }),
    ApiQuery({ name: 'page', required: false, type: Number }),
    ApiQuery({ name: 'limit', required: false, type: Number, description: '50, at most 200' }),
    ApiResponse({ status: 200, schema: shapeOf(items) }),
  );

const NUMBER = { type: 'integer' } as const;

const shapeOf = (items: object) =>
  ({
    type: 'object',
    properties: { rows: { type: 'array', items }, total: NUMBER, page: NUMBER, pages: NUMBER },
  }) as const;
