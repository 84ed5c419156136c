/** All that we ever say to Redis; `deploy/redis/users.acl` allows no more. */
export interface RedisCommands {
  ping(): Promise<unknown>;
  getrangeBuffer(key: string, first: number, last: number): Promise<Buffer>;
  set(key: string, value: Buffer, unit: 'PX', keepMs: number): Promise<unknown>;
  evalBuffer(
    script: string,
    keys: number,
    key: string,
    ...more: (string | number | Buffer)[]
  ): Promise<Buffer | number | Buffer[] | null>;
  xrangeBuffer(key: string, first: string, last: string, count: 'COUNT', most: number): Promise<StreamEntry[]>;
  xrevrangeBuffer(key: string, last: string, first: string, count: 'COUNT', most: number): Promise<StreamEntry[]>;
}

/** Its id, then names and values in turn. */
export type StreamEntry = [id: Buffer, fields: Buffer[]];
